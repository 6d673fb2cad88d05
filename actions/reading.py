"""Whether a message answers the question that was asked, or says something else.

Both readings are made: the words as an answer to this question, and the intent. A tap is always
an answer. Words that answer exactly win; else a clear request or question wins over an answer
found somewhere inside a longer sentence.
"""

from __future__ import annotations

from actions.base import Turn
from knowledge_base.answers import (
    NotAnAnswer,
    Reading,
    Understood,
    Unknown,
    interpret,
)
from knowledge_base.guide import valid_answer
from knowledge_base.load import AskedQuestion
from knowledge_base.schema import TOPICS

REQUESTS = frozenset(
    {
        "back",
        "next",
        "repeat",
        "help",
        "why",
        "restart",
        "change_answer",
        "slower",
        "change_language",
        "talk_to_staff",
        "topics",
        "delete_my_data",
        "who_are_you",
        "trouble",
    }
)
PLAIN_REQUESTS = REQUESTS - {"help", "talk_to_staff"}
"""Requests that are never the words of an answer ("nhờ cán bộ giúp" may well be one)."""
SURE = 0.6
"""Confidence from which an intent stands against an answer found inside a longer message."""
FEW_WORDS = 4
"""Up to so many words, something like an answer ("ngày mai") is taken as one."""
MOST = 0.6
"""Share of the message that an answer must cover to win over a question about a topic."""


def read(turn: Turn, asked: AskedQuestion) -> Reading | None:
    """The message as an answer to `asked`; None if it is something else, left to the rules."""
    if turn.intent == "choose":
        value = turn.entity("value") or ""
        return Understood(value, value) if valid_answer(asked, value) else None
    if turn.tapped or (turn.intent in ("affirm", "deny") and turn.get("confirm")):
        return None
    today, words = turn.surroundings.today(), turn.surroundings.words
    reading = interpret(asked.question, turn.text, today=today, words=words)
    if turn.intent == "dont_know" and not isinstance(reading, Understood):
        return Unknown()
    if isinstance(reading, NotAnAnswer) or _asks_something_else(turn, reading):
        return None
    return reading


def _asks_something_else(turn: Turn, reading: Reading) -> bool:
    if turn.confidence < SURE or turn.intent not in REQUESTS | set(TOPICS):
        return False
    if turn.intent in PLAIN_REQUESTS and len(turn.text.split()) <= FEW_WORDS:
        return True
    if isinstance(reading, Understood):
        return len(reading.quoted) < MOST * len(turn.text.strip())
    return len(turn.text.split()) > FEW_WORDS
