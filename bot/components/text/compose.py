"""Questions put together from parts, at training time: what it is about × what is asked.

People ask anything about anything. From "giấy độc thân" and "mất bao nhiêu tiền" the models learn
the question although nobody wrote it; from "hộ chiếu" and the same words, that it is not ours.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.components.text.scope import OUT_OF_SCOPE

_LONGEST = 8
"""Words in a question that can be joined to another; longer ones are stories of their own."""


@dataclass(frozen=True)
class Composed:
    """A training utterance; `procedure` is None when it is out of scope."""

    text: str
    intent: str
    procedure: str | None


def compose(
    questions: Mapping[str, Sequence[str]],
    names: Mapping[str, Sequence[str]],
    needs: Sequence[str],
    each: int,
    dice: random.Random,
) -> list[Composed]:
    """`each` utterances for every topic and procedure, and `each` for every need not ours.

    `questions`: topic → utterances that name no procedure; `names`: procedure → what it is
    called; `needs`: what people want that is none of ours."""
    short = {
        topic: [text for text in texts if len(text.split()) <= _LONGEST]
        for topic, texts in questions.items()
    }
    made = []
    for procedure, called in names.items():
        for topic, texts in short.items():
            for _ in range(each if texts and called else 0):
                text = _joined(dice.choice(called), dice.choice(texts), dice)
                made.append(Composed(text, topic, procedure))
    asked = [text for texts in short.values() for text in texts]
    for need in needs:
        for _ in range(each if asked else 0):
            made.append(Composed(_joined(need, dice.choice(asked), dice), OUT_OF_SCOPE, None))
    return made


def _joined(subject: str, question: str, dice: random.Random) -> str:
    subject = subject[:1].lower() + subject[1:]
    return f"{subject} {question}" if dice.random() < 0.75 else f"{question} {subject}"
