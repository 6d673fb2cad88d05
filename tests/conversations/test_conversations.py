"""Conversations through the real engine, written as a list of turns in YAML.

A turn is what the person does (`say` words or `tap` a choice) and what must be true afterwards:
`ids` message ids that are said (in this order, others may stand between), `step`, `procedure`,
`answers` (a part of them), `handover`, `offers` choices that can be tapped, `choices` how many
there are, `not_ids`, `language`.
`error: BadRequest` expects the turn to be refused. `reachable: yes` beside the turns: a messenger
in which Nhà Rông may write first.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot.engine import Engine, EngineTurn
from knowledge_base.errors import BadRequest
from knowledge_base.say import Say
from knowledge_base.yaml_lines import load_yaml

FOLDER = Path(__file__).parent


def read() -> list[Any]:
    return [
        pytest.param(conversation, id=f"{path.stem}: {conversation['name']}")
        for path in sorted(FOLDER.glob("*.yml"))
        for conversation in load_yaml(path).data
    ]


@pytest.mark.parametrize("case", read())
async def test_conversation(engine: Engine, case: dict[str, Any]) -> None:
    turns, reachable = case["turns"], case.get("reachable") in ("yes", True)
    conversation = f"test:{uuid4().hex}"
    for number, turn in enumerate(turns, 1):
        if turn.get("error"):
            with pytest.raises(BadRequest):
                await engine.turn(conversation, turn.get("say"), turn.get("tap"))
            continue
        done = await engine.turn(
            conversation, turn.get("say"), turn.get("tap"), reachable=reachable
        )
        judge(turn, done, f"turn {number}: {turn.get('say') or turn.get('tap')}")


def judge(turn: dict[str, Any], done: EngineTurn, place: str) -> None:
    told = list(ids(done.says))
    seen = f"{place}\nsaid: {told}\nstep: {done.step} answers: {dict(done.answers)}"
    rest = iter(told)
    assert all(wanted in rest for wanted in turn.get("ids", ())), seen
    assert not set(turn.get("not_ids", ())) & set(told), seen
    offered = [choice.value for say in done.says for choice in say.choices]
    assert set(turn.get("offers", ())) <= set(offered), f"{seen}\noffered: {offered}"
    assert len(offered) == turn.get("choices", len(offered)), f"{seen}\noffered: {offered}"
    for name in ("step", "procedure", "language"):
        if name in turn:
            wanted = None if turn[name] == "none" else turn[name]
            assert getattr(done, name) == wanted, seen
    if "handover" in turn:
        assert done.handover is (turn["handover"] in ("yes", True)), seen
    wanted_answers = {name: str(value) for name, value in turn.get("answers", {}).items()}
    assert wanted_answers.items() <= dict(done.answers).items(), seen


def ids(says: Iterable[Say]) -> Iterable[str]:
    for say in says:
        yield say.say
        yield from ids(say.items)
