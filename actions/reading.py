"""Whether a message answers the question that was asked, or says something else.

A tap is always an answer; what is typed is weighed by `knowledge_base.answers.weighing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import Turn
from knowledge_base.answers import Reading, Understood
from knowledge_base.answers.earlier import Earlier, TakenBack, taken_back
from knowledge_base.answers.evidence import Guess
from knowledge_base.answers.weighing import Hearing, read_answer
from knowledge_base.guide import Journey, valid_answer
from knowledge_base.load import AskedQuestion


def read(turn: Turn, asked: AskedQuestion) -> Reading | None:
    """The message as an answer to `asked`; None if it is something else, left to the rules."""
    if turn.intent == "choose":
        value = turn.entity("value") or ""
        return Understood(value, value) if valid_answer(asked, value) else None
    if turn.tapped or (turn.intent in ("affirm", "deny") and turn.get("confirm")):
        return None
    return read_answer(
        asked.question,
        hearing(turn).to(asked.message),
        today=turn.surroundings.today(),
        words=turn.surroundings.words,
    )


def read_earlier(turn: Turn, under_way: Journey, reading: Reading | None) -> TakenBack | None:
    """The answer to another question that the message takes back, if it does; `reading` is what
    it answers to the question on the screen."""
    if turn.tapped or turn.intent == "choose" or turn.get("confirm"):
        return None
    before = [
        Earlier(one.id, one.message, one.question, under_way.situation.answers[one.id])
        for one in under_way.asked
        if one.id != turn.stop
    ]
    asked = under_way.question(turn.stop) if turn.stop else None
    return taken_back(
        hearing(turn),
        reading,
        before,
        today=turn.surroundings.today(),
        words=turn.surroundings.words,
        asked=asked.message if asked else "",
    )


def hearing(turn: Turn) -> Hearing:
    """The last message as the components understand it."""
    named = turn.entity("procedure")
    return Hearing(
        text=turn.text,
        intent=turn.intent,
        confidence=turn.confidence,
        answers=_guesses(turn, "answers") or {},
        instead=_guesses(turn, "answers_instead"),
        names_another=named is not None and named not in (turn.get("entry"), turn.get("procedure")),
    )


def _guesses(turn: Turn, attribute: str) -> Mapping[str, Sequence[Guess]] | None:
    told: Mapping[str, Sequence[Sequence[Any]]] | None = turn.message.get(attribute)
    if told is None:
        return None
    return {
        question: tuple((str(value), float(chance)) for value, chance in guesses)
        for question, guesses in told.items()
    }
