"""What a message is to somebody who was just asked a question: an answer, or something else.

Three readers look at it: the rules of `interpret`, which know dates, numbers, places and the words
of the choices; the guesses of models that learnt from whole answers what people say instead; and
the intent, which says whether it asks for something itself. What they say is evidence for what the
message may be (`evidence.py`), and the evidence is weighed in a log-linear model, whose few weights
`rong fit-weights` finds on answers that no model learnt from.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from knowledge_base.answers.evidence import (
    TOLD,
    Evidence,
    Guess,
    Heard,
    candidates,
)
from knowledge_base.answers.examples import UNCLEAR, UNKNOWN
from knowledge_base.answers.messages import interpret
from knowledge_base.answers.reading import (
    Ambiguous,
    Askable,
    NotAnAnswer,
    Reading,
    Understood,
    Unknown,
    Vague,
    offered,
)
from knowledge_base.answers.words import AnswerWords

WEIGHTS = Path(__file__).with_name("weights.yml")
OFFERED = 0.3
"""Two choices as likely as this are offered, however likely one of them is."""


@dataclass(frozen=True)
class Weights:
    """How much each piece of evidence weighs, by what is weighed: `guessed`, an answer beside
    guesses; `alone`, one to a question that no model has learnt about, with the rules and the
    intent alone; `earlier`, whether an earlier answer is taken back."""

    by_kind: Mapping[str, Mapping[str, float]]

    def chances(self, found: Sequence[Evidence], kind: str) -> list[float]:
        """The probability of each candidate, of which `found` is the evidence."""
        weight = self.by_kind[kind]
        scores = [
            sum(weight.get(name, 0.0) * strength for name, strength in one.items()) for one in found
        ]
        most = max(scores)
        odds = [math.exp(score - most) for score in scores]
        total = sum(odds)
        return [one / total for one in odds]


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The weights of `weights.yml`."""
    return Weights(yaml.safe_load(WEIGHTS.read_text("utf-8")))


@dataclass(frozen=True)
class Hearing:
    """A message as the components understand it, whatever was asked. `answers`: the guesses for
    each question that was learnt about; `instead`: the same of what counts in it (see
    `earlier.what_counts`), where that is not all of it."""

    text: str
    intent: str = ""
    confidence: float = 0.0
    answers: Mapping[str, Sequence[Guess]] = field(default_factory=dict)
    instead: Mapping[str, Sequence[Guess]] | None = None
    names_another: bool = False

    def to(self, question: str, *, instead: bool = False) -> Heard:
        """The message as what is said to the question with the message id `question`; with
        `instead`, only what counts where something is taken back."""
        told = self.answers if self.instead is None or not instead else self.instead
        guesses = told.get(question, ())
        return Heard(self.text, self.intent, self.confidence, guesses, self.names_another)


def read_answer(
    question: Askable,
    heard: Heard,
    *,
    today: date,
    words: AnswerWords,
    weights: Weights | None = None,
) -> Reading | None:
    """The message as an answer to `question`; None if it is something else. `weights`: others than
    those of `weights.yml`."""
    ruled = interpret(question, heard.text, today=today, words=words)
    return answer_of(weigh(question, ruled, heard, words, weights))


def weigh(
    question: Askable,
    ruled: Reading,
    heard: Heard,
    words: AnswerWords,
    weights: Weights | None = None,
) -> Reading:
    """What a message is, in which the rules read `ruled`."""
    found = candidates(question, ruled, heard, words)
    kind = "guessed" if heard.guesses else "alone"
    chances = (weights or load_weights()).chances([one.evidence for one in found], kind)
    ranked = sorted(zip(chances, found, strict=True), key=lambda one: -one[0])
    choices = offered(question)
    likely = [one.name for chance, one in ranked if chance >= OFFERED and one.name in choices]
    if ranked[0][1].name in choices and len(likely) > 1:
        return Ambiguous(tuple(value for value in choices if value in likely))
    return meant(question, ruled, ranked[0][1].name)


def answer_of(reading: Reading) -> Reading | None:
    """The reading; None where it is none of an answer."""
    return None if isinstance(reading, NotAnAnswer) else reading


def meant(question: Askable, ruled: Reading, name: str) -> Reading:
    """What the candidate `name` stands for."""
    if name == TOLD or (isinstance(ruled, Understood) and ruled.value == name):
        return ruled
    if name in offered(question):
        return Understood(name)
    if name == UNKNOWN:
        return Unknown()
    if name == UNCLEAR:
        if isinstance(ruled, Ambiguous | Vague):
            return ruled
        return Vague("time") if question.kind == "date" else Ambiguous(offered(question))
    return NotAnAnswer()
