"""What a procedure is: the shape of `procedures/<id>/procedure.yml` and of `sources.yml`.

Every field a civil servant may write is here, with its meaning; `load.py` reads the files and
`checks/` finds what the shape alone can't. All texts are Vietnamese, the source language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    ValidationInfo,
    model_validator,
)

TOPICS = (
    "start",
    "documents",
    "steps",
    "fee",
    "duration",
    "deadline",
    "where",
    "who",
    "result",
    "penalty",
    "missing_document",
    "eligibility",
    "legal_basis",
    "track_dossier",
    "portal_problem",
    "office_hours",
)
"""What can be asked about a procedure (design, section 3)."""

CLERK = "clerk"
"""A route to a person instead of a procedure."""

SHOWABLE = frozenset("AB")
"""Grades a citizen may be shown as facts."""

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
When = Mapping[str, str | tuple[str, ...]]
"""Answer (or derived answer) → the value it must have; a list means any of them; all must hold."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Model(BaseModel):
    """A frozen record that refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Period(Model):
    """The days on which something holds, both ends included; no `until` means no known end."""

    from_: date = Field(alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.from_:
            raise ValueError(f"it ends on {self.until}, before it begins on {self.from_}")
        return self

    def covers(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.from_ <= day and (self.until is None or day <= self.until)


def _named_period(value: object, info: ValidationInfo) -> object:
    context = info.context or {}
    name = context.get("default") if value is None else value
    if isinstance(name, str):
        periods = context.get("periods", {})
        if name not in periods:
            raise ValueError(f"'{name}' is not a period of this file; it has {sorted(periods)}")
        return periods[name]
    return value


Valid = Annotated[Period, BeforeValidator(_named_period), Field(validate_default=True)]


class Dated(Model):
    """Something that holds between dates. `valid` names a period of the file or gives dates."""

    valid: Valid = None  # type: ignore[assignment]


class Confirmation(Model):
    """An officer's word that a text is right, kept in `confirmed.yml` beside the procedure."""

    hash: str
    """Of the texts confirmed (`items.wording_hash`): it counts for exactly these."""
    by: str = Field(min_length=1)
    """The officer's name, for staff only."""
    on: date
    note: str | None = None
    correct: Mapping[str, str | int] = {}
    """Field → what is shown in its place."""


class Sourced(Dated):
    """Something somebody is told. `source` lists ids of `sources.yml`; where none of them is
    good enough to be shown (grade A or B), `about` says in neutral words what to ask a clerk."""

    source: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    about: str | None = None
    note: str | None = None
    """For staff and editors only, never shown to citizens."""
    _confirmed: Confirmation | None = PrivateAttr(None)

    @property
    def confirmed(self) -> Confirmation | None:
        """The sign-off that counts for this text; not a field, because nobody writes it here."""
        return self._confirmed

    def with_confirmation(self, confirmation: Confirmation) -> Self:
        """This as the officer confirmed it, corrected where it was."""
        confirmed = self.model_copy(update=dict(confirmation.correct))
        confirmed._confirmed = confirmation
        return confirmed


class Ages(Model):
    """Whole years of age: `{from: 18}`, `{under: 18}` or both."""

    from_: int | None = Field(default=None, alias="from", ge=0)
    under: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is None and self.under is None:
            raise ValueError("it needs `from`, `under` or both")
        if self.from_ is not None and self.under is not None and self.under <= self.from_:
            raise ValueError(f"nobody is {self.from_} and under {self.under}")
        return self


class Choice(Model):
    """One answer to a question. `words` are things people say for it; `@name` is a word set.
    `ages`: the answer for people of these ages, so that `24` is understood as well as `yes`; all
    of them where several are told, one of them is enough where it is `under` some age. What people
    say for a choice of another question that `means` the same is learnt for this one as well."""

    value: Identifier
    means: Identifier | None = None
    label: str
    picture: str | None = None
    words: tuple[str, ...] = ()
    ages: Ages | None = None


class Question(Dated):
    """A question to the family. Its `id` is the name of the answer that `when` refers to."""

    id: Identifier
    kind: Literal["date", "yes_no", "choice"]
    text: str
    reask: str
    """The same question in other words, for when the answer was not understood."""
    why: str
    help: str
    choices: tuple[Choice, ...] = ()
    persons: Literal[1, 2] = 1
    """Of how many people the ages of its choices are told; of two, the age of one tells half."""
    picture: str | None = None
    when: When = {}
    source: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    note: str | None = None


class UseQuestion(Model):
    """A question that another procedure owns: `use: birth_registration.child_born`."""

    use: str
    when: When | None = None
    """Replaces the owner's condition; absent keeps it."""


def _question_kind(value: object) -> str:
    uses = isinstance(value, UseQuestion) or (isinstance(value, Mapping) and "use" in value)
    return "use" if uses else "question"


AnyQuestion = Annotated[
    Annotated[Question, Tag("question")] | Annotated[UseQuestion, Tag("use")],
    Discriminator(_question_kind),
]


class Paper(Sourced):
    """A paper: to be handed in, to be shown, or no longer needed."""

    id: Identifier
    title: str
    detail: str | None = None
    handling: Literal["submit", "present", "not_needed"]
    photograph: bool = False
    """Whether the family photographs it for the online dossier."""
    picture: str | None = None
    when: When = {}


class Trouble(Sourced):
    """What goes wrong at a step and what to do about it."""

    id: Identifier
    wrong: str
    remedy: str
    when: When = {}


class Step(Sourced):
    """One online step: what it is, what to tap, type and photograph, and what goes wrong."""

    id: Identifier
    title: str
    text: str
    tap: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    photograph: tuple[str, ...] = ()
    attaches: bool = False
    """Whether the family's own papers (those with `photograph`) are listed here."""
    trouble: tuple[Trouble, ...] = ()
    picture: str | None = None
    when: When = {}


class After(Sourced):
    """What happens once the dossier is sent, in order."""

    id: Identifier
    text: str
    picture: str | None = None
    when: When = {}


class Answer(Sourced):
    """A sentence or two about a topic; all that hold for the family are said, in file order."""

    id: Identifier
    topic: Identifier
    text: str
    when: When = {}


class Route(Sourced):
    """Leads to another procedure, or to a clerk; `text` tells the family why."""

    id: Identifier
    to: Identifier
    text: str
    when: When


class Fact(Sourced):
    """A value between dates. `{id}` in a text of the procedure is replaced by it."""

    value: int | str
    unit: Literal["days", "working_days", "hours", "dong", "years", "copies", "code"] | None = None


class Procedure(Model):
    """One procedure, over all days it is written for."""

    id: Identifier
    title: str
    short: str = Field(max_length=40)
    """Title for a button."""
    picture: str | None = None
    aliases: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    entry: bool = False
    """Whether people choose it themselves; others are reached through routes."""
    theme: Identifier | None = None
    """Where the menu shows it: the phrase `theme.<theme>`."""
    checked: date
    review_by: date
    periods: Mapping[Identifier, Period]
    default_period: Identifier
    why_this: str
    """Why it is this procedure, said when no route led here."""
    facts: Mapping[Identifier, tuple[Fact, ...]] = {}
    questions: tuple[AnyQuestion, ...] = ()
    routes: tuple[Route, ...] = ()
    papers: tuple[Paper, ...] = ()
    steps: tuple[Step, ...] = ()
    after: tuple[After, ...] = ()
    answers: tuple[Answer, ...] = ()

    def sourced(self) -> Iterator[tuple[str, Sourced]]:
        """Everything that states something, with its message id, in file order."""
        for name, rows in self.facts.items():
            for row in rows:
                yield f"{self.id}.fact.{name}", row
        for route in self.routes:
            yield f"{self.id}.route.{route.id}", route
        for paper in self.papers:
            yield f"{self.id}.paper.{paper.id}", paper
        for step in self.steps:
            yield f"{self.id}.step.{step.id}", step
            for trouble in step.trouble:
                yield f"{self.id}.step.{step.id}.trouble.{trouble.id}", trouble
        for after in self.after:
            yield f"{self.id}.after.{after.id}", after
        for answer in self.answers:
            yield f"{self.id}.answer.{answer.id}", answer


class Source(Model):
    """Where a fact was read. Grade: A the national portal's own data, B government page or
    newspaper, C second-hand, M memory, I inferred."""

    title: str
    grade: Literal["A", "B", "C", "M", "I"]
    dated: date | None = None
    url: str | None = None
    note: str | None = None


DatedT = TypeVar("DatedT", bound=Dated)


def holding(items: tuple[DatedT, ...], day: date) -> tuple[DatedT, ...]:
    """Those of `items` that hold on `day`, in order."""
    return tuple(item for item in items if item.valid.covers(day))
