"""Whether a message answers the question that was asked, or says something else.

A tap is always an answer; what is typed is weighed by `knowledge_base.answers.weighing`.
"""

from __future__ import annotations

from actions.base import Turn
from knowledge_base.answers import Reading, Understood
from knowledge_base.answers.weighing import Heard, read_answer
from knowledge_base.guide import valid_answer
from knowledge_base.load import AskedQuestion


def read(turn: Turn, asked: AskedQuestion) -> Reading | None:
    """The message as an answer to `asked`; None if it is something else, left to the rules."""
    if turn.intent == "choose":
        value = turn.entity("value") or ""
        return Understood(value, value) if valid_answer(asked, value) else None
    if turn.tapped or (turn.intent in ("affirm", "deny") and turn.get("confirm")):
        return None
    guesses = (turn.message.get("answers") or {}).get(asked.message) or ()
    named = turn.entity("procedure")
    heard = Heard(
        text=turn.text,
        intent=turn.intent,
        confidence=turn.confidence,
        guesses=tuple((value, float(chance)) for value, chance in guesses),
        names_another=named is not None and named not in (turn.get("entry"), turn.get("procedure")),
    )
    return read_answer(
        asked.question, heard, today=turn.surroundings.today(), words=turn.surroundings.words
    )
