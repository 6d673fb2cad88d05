"""What is offered for messages in doubt, from what the components say of them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import NotUnderstood
from actions.base import Surroundings, Turn
from actions.doubt import did_you_mean, nearest
from knowledge_base.answers.words import AnswerWords
from knowledge_base.load import load
from knowledge_base.say import Say

CASES = yaml.safe_load(Path(__file__).with_name("doubt.yml").read_text("utf-8"))


@cache
def surroundings() -> Surroundings:
    return Surroundings(load(), AnswerWords(), lambda: date(2026, 11, 23))


def tracker(case: dict[str, Any], events: list[dict[str, Any]] | None = None) -> Tracker:
    ranked = [{"name": n, "confidence": c} for n, c in case.get("intents", {}).items()]
    entities = []
    for name, chance in case.get("procedure", {}).items():
        rival = [{"value": n, "confidence": c} for n, c in case.get("rival", {}).items()]
        about = {"entity": "procedure", "value": name, "confidence_entity": chance}
        entities.append({**about, "runner_up": rival[0] if rival else None})
    message = {
        "text": case.get("text", "một câu"),
        "intent": ranked[0] if ranked else {"name": "nlu_fallback", "confidence": 0.25},
        "intent_ranking": ranked,
        "entities": entities,
        "nearest": [{"topic": t, "procedure": p, "cosine": 0.5} for t, p in case.get("near", [])],
    }
    return Tracker("test", {}, message, events or [], False, None, {}, "action_listen")


def offered(say: Say | None) -> list[str]:
    return [choice.value for choice in say.choices] if say else []


@pytest.mark.parametrize("case", CASES["meant"], ids=lambda case: case["name"])
def test_did_you_mean(case: dict[str, Any]) -> None:
    say = did_you_mean(Turn(surroundings(), tracker(case), CollectingDispatcher()))
    assert offered(say) == case.get("offers", [])
    assert say is None or say.say == "bot.did_you_mean"


@pytest.mark.parametrize("case", CASES["near"], ids=lambda case: case["name"])
def test_nearest(case: dict[str, Any]) -> None:
    say = nearest(Turn(surroundings(), tracker(case), CollectingDispatcher()))
    assert offered(say) == case.get("offers", [])
    assert say is None or say.say == "bot.nearest"


async def test_the_same_is_never_offered_twice_in_a_row() -> None:
    async def said(before: list[dict[str, Any]]) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        told = tracker(CASES["near"][0], [*before, {"event": "user", "text": "một câu"}])
        await NotUnderstood(surroundings()).run(dispatcher, told, {})
        return [message["custom"] for message in dispatcher.messages]

    first = await said([])
    assert [one["say"] for one in first] == ["bot.nearest"]
    events = [{"event": "bot", "data": {"custom": one}} for one in first]
    again = await said([{"event": "user", "text": "một câu"}, *events])
    assert "bot.nearest" not in [one["say"] for one in again]
