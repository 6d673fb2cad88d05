"""Questions put together from parts, at training time: what it is about × what is asked.

People ask anything about anything. From "giấy độc thân" and "mất bao nhiêu tiền" the models learn
the question although nobody wrote it; from "hộ chiếu" and the same words, that it is not ours.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.components.text.scope import OUT_OF_SCOPE

_LONGEST = 9
"""Words in a question that can be joined to another; longer ones are stories of their own."""


@dataclass(frozen=True)
class Composed:
    """A training utterance; `procedure` is None when it is out of scope; `noise`: whether it says
    nothing at all."""

    text: str
    intent: str
    procedure: str | None
    noise: bool = False


def compose(
    questions: Mapping[str, Sequence[str]],
    names: Mapping[str, Sequence[str]],
    wishes: Mapping[str, Sequence[str]],
    needs: Sequence[str],
    each: int,
    each_need: int,
    noise: int,
    dice: random.Random,
) -> list[Composed]:
    """`each` utterances for every topic and procedure, `each_need` for every need not ours, and
    `noise` of letters at random.

    `questions`: topic → utterances that name no procedure; `names`: procedure → what it is
    called; `wishes`: procedure → how people say that they want it or tell their case; `needs`:
    what people want that is none of ours."""
    short = {
        topic: [text for text in texts if len(text.split()) <= _LONGEST]
        for topic, texts in questions.items()
    }
    made = []
    for procedure, called in names.items():
        for topic, texts in short.items():
            for turn in range(each if texts and called else 0):
                # every other one is a case told first, with the question after it
                told = wishes.get(procedure) if turn % 2 else None
                joined = _told if told else _joined
                text = joined(dice.choice(told or called), dice.choice(texts), dice)
                made.append(Composed(text, topic, procedure))
    asked = [text for texts in short.values() for text in texts]
    for need in needs:
        for turn in range(each_need if asked else 0):
            # invented words stand for all the needs that nobody thought of
            subject = _invented(dice) if turn % 2 else need
            made.append(Composed(_joined(subject, dice.choice(asked), dice), OUT_OF_SCOPE, None))
    made += [Composed(_noise(dice), OUT_OF_SCOPE, None, noise=True) for _ in range(noise)]
    return made


def _noise(dice: random.Random) -> str:
    """What fingers, children and cats type."""
    return " ".join(
        "".join(dice.choice(_LETTERS) for _ in range(dice.randint(2, 9)))
        for _ in range(dice.randint(1, 4))
    )


def _invented(dice: random.Random) -> str:
    """Two to four syllables that sound Vietnamese."""
    return " ".join(
        dice.choice(_ONSETS.split()) + dice.choice(_RHYMES.split())
        for _ in range(dice.randint(2, 4))
    )


def _joined(subject: str, question: str, dice: random.Random) -> str:
    subject = subject[:1].lower() + subject[1:]
    if dice.random() < 0.25:
        return f"{question} {dice.choice(_BEFORE)}{subject}"
    return f"{dice.choice(_OPENING)}{subject} {dice.choice(_BETWEEN)}{question}"


def _told(case: str, question: str, dice: random.Random) -> str:
    return f"{case.rstrip('.?! ')}, {dice.choice(_BETWEEN)}{question}"


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x"
_RHYMES = (
    "á ạ ác ái am ăm án ảng anh ánh ao át ăn ấp ất âu ay ẻ em én eng éo ét ê ếch ên ết êu ia iếc "
    "iêm iên iếp iếu im ỉnh ít íu o ó oc oi om ong ót ô ối ộc ôm ốn ông ốt ơ ơi ơm ơn ớp u uân "
    "uất úc ui um ún ung uôi uống uốt úp út ư ưa ước ươi ương ướt ưng ứt uya uyên uýt"
)
_OPENING = ("", "", "làm ", "xin ", "em làm ", "mình làm ", "muốn làm ", "cho hỏi ")
_BETWEEN = ("", "", "thì ", "vậy ", "giờ ", "là ")
_BEFORE = ("", "khi làm ", "để làm ", "cho ", "về ")
