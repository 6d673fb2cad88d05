"""Figures of understanding: shares with confidence intervals, calibration, confusion."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.components.text.scope import OUT_OF_SCOPE
from knowledge_base.schema import TOPICS

NOT_UNDERSTOOD = "none"
Z95 = 1.959964
"""Standard normal quantile of a two-sided interval of 95 %."""
BINS = 10
REFUSALS = ("out of scope, refused", "questions refused")
"""Rows of the table: the more of the first the better, and the fewer of the second."""


@dataclass(frozen=True)
class Judged:
    """An utterance with what it is and what was made of it. `style` and `group` as in the held-out
    set; `confidence` 0 to 1; None where there is no topic or procedure."""

    text: str
    style: str
    group: str
    topic: str
    procedure: str | None
    found_topic: str | None
    found_procedure: str | None
    confidence: float

    @property
    def asks(self) -> bool:
        """Whether it is a question about a procedure, neither an act nor out of scope."""
        return self.topic in TOPICS

    @property
    def acts(self) -> bool:
        return not self.asks and self.topic != OUT_OF_SCOPE

    @property
    def refused(self) -> bool:
        return self.found_topic in (None, OUT_OF_SCOPE)

    @property
    def topic_right(self) -> bool:
        return self.found_topic == self.topic

    @property
    def procedure_right(self) -> bool:
        return self.found_procedure == self.procedure

    @property
    def right(self) -> bool:
        return self.topic_right and self.procedure_right


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    right: int
    of: int

    @classmethod
    def among(cls, cases: Iterable[bool]) -> Share:
        found = list(cases)
        return cls(sum(found), len(found))

    @property
    def value(self) -> float:
        """0 to 1; 0 of nothing."""
        return self.right / self.of if self.of else 0.0

    def interval(self) -> tuple[float, float]:
        """95 % confidence interval (Wilson 1927)."""
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.value
        middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
        return max(0.0, middle - half), min(1.0, middle + half)


def shares(judged: Sequence[Judged]) -> dict[str, Share]:
    """The rows of the table: topic, procedure and both on questions; both by style; acts; what
    is out of scope and was refused; questions that were refused."""
    asked = [j for j in judged if j.asks]
    rows = {
        "both": Share.among(j.right for j in asked),
        "topic": Share.among(j.topic_right for j in asked),
        "procedure": Share.among(j.procedure_right for j in asked),
    }
    for style in dict.fromkeys(j.style for j in asked):
        rows[f"both, {style}"] = Share.among(j.right for j in asked if j.style == style)
    rows["acts"] = Share.among(j.right for j in judged if j.acts)
    foreign, good = REFUSALS
    rows[foreign] = Share.among(j.refused for j in judged if j.topic == OUT_OF_SCOPE)
    rows[good] = Share.among(j.refused for j in asked)
    return rows


def calibration_error(judged: Sequence[Judged]) -> float:
    """Expected calibration error of the topic over ten bins, 0 to 1 (Guo et al. 2017, On
    Calibration of Modern Neural Networks): how far confidence and accuracy are apart."""
    bins: dict[int, list[Judged]] = {}
    for one in judged:
        bins.setdefault(min(int(one.confidence * BINS), BINS - 1), []).append(one)
    gaps = (
        len(held)
        * abs(sum(j.topic_right for j in held) - sum(j.confidence for j in held))
        / len(held)
        for held in bins.values()
    )
    return sum(gaps) / len(judged) if judged else 0.0


def confusion(judged: Sequence[Judged]) -> tuple[list[str], list[list[int]]]:
    """Names and counts: a row for what an utterance is, a column for what it was taken for."""
    pairs = Counter((j.topic, j.found_topic or NOT_UNDERSTOOD) for j in judged)
    names = [*TOPICS, *sorted({j.topic for j in judged if j.acts}), OUT_OF_SCOPE, NOT_UNDERSTOOD]
    names += sorted({found for _, found in pairs} - set(names))
    return names, [[pairs[row, column] for column in names] for row in names]
