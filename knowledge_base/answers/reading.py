"""What an answer to a question can turn out to be.

Reading = Understood      one value; a date may be known only to the month or the year
        | Ambiguous       several values fit: offer them
        | Vague           a time that does not name a day, month or year: ask back
        | Rejected        a day that can't be: in the future, or not in the calendar
        | Unknown         the person does not know: help with this question
        | NotAnAnswer     something else was said
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


class AgeLimits(Protocol):
    """Ages in years: from `from_` on, and below `under`; None has no limit."""

    @property
    def from_(self) -> int | None: ...
    @property
    def under(self) -> int | None: ...


class Choosable(Protocol):
    """One offered answer. `words` are things people say for it; `@name` names a word set; `ages`
    are those of the people for whom it is the answer, where age decides."""

    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def ages(self) -> AgeLimits | None: ...


class Askable(Protocol):
    """A question as far as its answer is concerned; `text` is its Vietnamese wording, `persons` of
    how many people the ages are that its choices have."""

    @property
    def kind(self) -> Literal["date", "yes_no", "choice"]: ...
    @property
    def text(self) -> str: ...
    @property
    def choices(self) -> Sequence[Choosable]: ...
    @property
    def persons(self) -> int: ...


YES_NO = ("yes", "no")


def offered(question: Askable) -> tuple[str, ...]:
    """The values of its choices; yes and no where it has none."""
    return tuple(choice.value for choice in question.choices) or YES_NO


@dataclass(frozen=True)
class Understood:
    """`value` is a choice's value, `yes` or `no`, or `YYYY`, `YYYY-MM`, `YYYY-MM-DD`: no finer
    than what was said (5 tháng is a month, 2 tuổi the year that many years ago). `quoted` is the
    part of the message it was read from, empty if it was guessed from the whole of it; `exact`: it
    follows from an age that was told; `now`: from no more than a word for today or this year."""

    value: str
    quoted: str = ""
    exact: bool = False
    now: bool = False


@dataclass(frozen=True)
class Ambiguous:
    """Two or more values fit equally, in the order they are offered or were said; `exact`: it
    follows from an age that was told."""

    values: tuple[str, ...]
    exact: bool = False


VagueKind = Literal["lunar", "season", "amount", "number", "time"]


@dataclass(frozen=True)
class Vague:
    """A time too loose to keep. `maybe` is what it could mean, to ask about, never to keep."""

    kind: VagueKind
    maybe: str | None = None


@dataclass(frozen=True)
class Rejected:
    """A time that can't be the answer."""

    reason: Literal["future", "impossible"]


@dataclass(frozen=True)
class Unknown:
    """The person says they do not know or do not remember."""


@dataclass(frozen=True)
class NotAnAnswer:
    """Nothing in the message answers this question."""


Reading = Understood | Ambiguous | Vague | Rejected | Unknown | NotAnAnswer
