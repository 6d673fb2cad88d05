"""Guide cases written as a clerk would: a family's answers, and what the guide must say."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.guide import Journey, journey
from knowledge_base.load import load
from knowledge_base.schema import Question, holding

CASES = Path(__file__).parent / "cases"
KNOWLEDGE = load()


class _Words(yaml.SafeLoader):
    """`yes` and `no` are words, as in the knowledge base."""


_Words.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.yml"))
        for case in yaml.load(path.read_text(encoding="utf-8"), _Words)
    ]


def walk(entry: str, case: dict[str, Any]) -> Journey:
    answers = {name: str(value) for name, value in case.get("answers", {}).items()}
    return journey(KNOWLEDGE, case.get("entry", entry), answers, _day(case["on"]))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@pytest.mark.parametrize(("entry", "case"), read_cases())
def test_case(entry: str, case: dict[str, Any]) -> None:
    found = walk(entry, case)
    expect = dict(case["expect"])
    papers = {paper.id for paper in found.papers()}
    steps = {step.id for step in found.steps()}
    question = found.next_question.id if found.next_question else None
    actual = {
        "procedure": found.procedure.id,
        "next_question": question,
        "handover": found.handover[1].id if found.handover else None,
        "asked": [asked.id for asked in found.asked],
    }
    for name in actual:
        if name in expect:
            wanted = expect.pop(name)
            assert actual[name] == (None if wanted == "none" else wanted), found.stops()
    assert set(expect.pop("papers", ())) <= papers
    assert not set(expect.pop("not_papers", ())) & papers
    assert set(expect.pop("steps", ())) <= steps
    assert not set(expect.pop("not_steps", ())) & steps
    assert set(expect.pop("after", ())) <= {after.id for after in found.after()}
    told = {row.id for topic in _topics(found) for row in found.about(topic)}
    assert set(expect.pop("answers", ())) <= told
    assert not set(expect.pop("not_answers", ())) & told
    assert not expect, f"this runner does not know {sorted(expect)}"


def test_the_cases_reach_everything() -> None:
    """Every question asked, every choice taken, every paper, step, after-note and route met."""
    met: dict[str, set[str]] = defaultdict(set)
    for parameters in read_cases():
        entry, case = parameters.values
        found = walk(entry, case)
        owner = found.procedure.id
        for asked in found.asked:
            answer = found.situation.answers[asked.id]
            met["question"].add(f"{asked.owner}.{asked.id}")
            met["choice"].add(f"{asked.owner}.{asked.id}.{answer}")
        met["paper"] |= {f"{owner}.{paper.id}" for paper in found.papers()}
        met["step"] |= {f"{owner}.{step.id}" for step in found.steps()}
        met["after"] |= {f"{owner}.{after.id}" for after in found.after()}
        met["route"] |= {f"{came}.{route.id}" for came, route in found.routes}
    there: dict[str, set[str]] = defaultdict(set)
    for procedure in KNOWLEDGE.procedures.values():
        for question in procedure.questions:
            if isinstance(question, Question):
                name = f"{procedure.id}.{question.id}"
                there["question"].add(name)
                there["choice"] |= {f"{name}.{choice.value}" for choice in question.choices}
        for kind in ("paper", "step", "after", "route"):
            items = procedure.after if kind == "after" else getattr(procedure, f"{kind}s")
            there[kind] |= {f"{procedure.id}.{item.id}" for item in items}
    missed = {kind: sorted(there[kind] - met[kind]) for kind in there if there[kind] - met[kind]}
    assert not missed


def _topics(found: Journey) -> set[str]:
    return {row.topic for row in holding(found.procedure.answers, found.situation.on)}
