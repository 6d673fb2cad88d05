"""Reads the knowledge base from its files; every problem of every file is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge_base import communes, confirmations
from knowledge_base.confirmations import SignedOff
from knowledge_base.elsewhere import OWNER, Elsewhere, Need
from knowledge_base.errors import NotCovered, Problem, ProblemsFound, UnknownId, nearest
from knowledge_base.items import Written
from knowledge_base.office import Office, placeholder
from knowledge_base.problems import problems_of
from knowledge_base.schema import (
    SHOWABLE,
    Fact,
    Period,
    Procedure,
    Question,
    Source,
    Sourced,
    UseQuestion,
    When,
    holding,
)
from knowledge_base.yaml_lines import Document, Location, load_yaml

ROOT = Path(__file__).resolve().parent
ThingT = TypeVar("ThingT")
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class AskedQuestion:
    """A question as one procedure asks it; `owner` is the procedure whose file words it."""

    owner: str
    question: Question
    when: When

    @property
    def id(self) -> str:
        """Name of the answer."""
        return self.question.id

    @property
    def message(self) -> str:
        """Message id of the question's text."""
        return f"{self.owner}.question.{self.id}"


@dataclass(frozen=True)
class KnowledgeBase:
    """Everything that is true, as read from the files."""

    procedures: Mapping[str, Procedure]
    sources: Mapping[str, Source]
    phrases: Mapping[str, str]
    documents: Mapping[str, Document]
    """The YAML document of each procedure, and of `elsewhere`, for lines."""
    office: Office = field(default_factory=Office)
    """The office of the commune it is read for."""
    office_path: str = "knowledge_base/office.yml"
    office_lines: Mapping[Location, int] = field(default_factory=dict)
    signed: Mapping[str, SignedOff] = field(default_factory=dict)
    """Sign-offs by message id, those for an older wording too."""
    commune: str = ""
    """Folder of `communes/` it is read for; empty for the base's own commune."""
    elsewhere: Elsewhere | None = None
    """What is done elsewhere; None where there is no such file."""

    @property
    def written(self) -> Mapping[str, Written]:
        """Everything that states something, by the first part of its message ids."""
        return {**self.procedures, **({OWNER: self.elsewhere} if self.elsewhere else {})}

    @property
    def needs(self) -> Mapping[str, Need]:
        """What people ask for that is done elsewhere, by id."""
        return self.elsewhere.needs if self.elsewhere else {}

    def procedure(self, procedure_id: str) -> Procedure:
        """Raises `UnknownId` with the nearest id."""
        return named(self.procedures, procedure_id, "procedure")

    def covering(self, procedure_id: str, day: date) -> Procedure:
        """The procedure, if anything of it holds on `day`; else raises `NotCovered`."""
        procedure = self.procedure(procedure_id)
        if not any(period.covers(day) for period in procedure.periods.values()):
            first = min(period.from_ for period in procedure.periods.values())
            raise NotCovered(f"{procedure_id}: nothing is known for {day}; it begins on {first}")
        return procedure

    def questions(self, procedure: Procedure, day: date) -> tuple[AskedQuestion, ...]:
        """The procedure's questions that hold on `day`, those of other owners looked up."""
        asked = (self.asked(procedure, question) for question in procedure.questions)
        return tuple(one for one in asked if one.question.valid.covers(day))

    def asked(self, procedure: Procedure, question: Question | UseQuestion) -> AskedQuestion:
        """A question of `procedure`, looked up. Raises `UnknownId` for a `use` of nothing."""
        if isinstance(question, Question):
            own = self._worded[procedure.id, question.id]
            return AskedQuestion(procedure.id, own, question.when)
        owner, _, name = question.use.partition(".")
        if (owner, name) not in self._worded:
            self.procedure(owner)  # says so where it is the owner that is not there
            raise UnknownId(f"'{question.use}' is not a question; write <procedure>.<question>")
        found = self._worded[owner, name]
        when = found.when if question.when is None else question.when
        return AskedQuestion(owner, found, when)

    @cached_property
    def _worded(self) -> Mapping[tuple[str, str], Question]:
        """Every question by its owner and id, with the names of the place in its answers."""
        return {
            (procedure.id, question.id): _named(question, self.office_params)
            for procedure in self.procedures.values()
            for question in procedure.questions
            if isinstance(question, Question)
        }

    def shows(self, item: Sourced) -> bool:
        """Whether a citizen may be shown the item as a fact: one of its sources is good enough,
        or an officer of the commune has signed it off."""
        if item.confirmed:
            return True
        known = (self.sources[source] for source in item.source if source in self.sources)
        return any(source.grade in SHOWABLE for source in known)

    def confirmed_on(self, item: Sourced) -> date | None:
        """The day an officer confirmed the item, or what its text says of the office."""
        if item.confirmed:
            return item.confirmed.on
        text = str(getattr(item, "text", ""))
        days = (
            value.confirmed_on
            for message, _, value in self.office.values()
            if value.confirmed_on and f"{{{placeholder(message)}}}" in text
        )
        return max(days, default=None)

    def overdue(self, written: Written, day: date) -> bool:
        """Whether nobody has looked it through in time, as of `day`."""
        return day > written.review_by

    @cached_property
    def office_params(self) -> Mapping[str, str]:
        """Values for placeholders about the office that may be shown."""
        return self.office.params(self.sources)

    def fact_rows(self, procedure: Procedure, day: date) -> dict[str, Fact]:
        """The showable row of each fact that holds on `day`."""
        rows = ((name, holding(rows, day)) for name, rows in procedure.facts.items())
        return {name: held[0] for name, held in rows if held and self.shows(held[0])}

    def facts(self, procedure: Procedure, day: date) -> dict[str, int | str]:
        """Values of the facts that hold on `day` and may be shown."""
        return {name: row.value for name, row in self.fact_rows(procedure, day).items()}

    @cached_property
    def held(self) -> dict[tuple[str, date], Any]:
        """What `guide` remembers of a procedure on a day; never larger than it makes it."""
        return {}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Message id → Vietnamese text, of procedures and of the bot's own phrases."""
        from knowledge_base.messages import messages

        return {message.id: message.text for message in messages(self)}

    @property
    def themes(self) -> tuple[str, ...]:
        """Names of the menu's themes, in the order of their phrases."""
        found = (name.partition(".") for name in self.phrases)
        return tuple(theme for family, _, theme in found if family == "theme")

    def entries(self, day: date) -> tuple[Procedure, ...]:
        """Procedures that people choose themselves and that something holds for on `day`."""
        return tuple(
            procedure
            for procedure in self.procedures.values()
            if procedure.entry and any(p.covers(day) for p in procedure.periods.values())
        )


def _named(question: Question, params: Mapping[str, str]) -> Question:
    """The question with placeholders of its answers filled, for reading what people say."""

    def filled(text: str) -> str:
        for name, value in params.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    choices = tuple(
        choice.model_copy(
            update={"label": filled(choice.label), "words": tuple(map(filled, choice.words))}
        )
        for choice in question.choices
    )
    return question.model_copy(update={"choices": choices})


def named(things: Mapping[str, ThingT], name: str, what: str) -> ThingT:
    """`things[name]`, or `UnknownId` with the nearest name."""
    if name in things:
        return things[name]
    raise UnknownId(nearest(name, things, what))


def load(root: Path = ROOT, commune: str = "") -> KnowledgeBase:
    """Read the knowledge base in folder `root`, as it is in `commune` (a folder of
    `root/communes`; without one, the commune of `root/office.yml`).

    Raises `ProblemsFound` with everything that is wrong with the shape of any file; what shape
    alone can't tell is found by `knowledge_base.checks`. Raises `UnknownId` for a commune that
    has no folder."""
    place = communes.folder(root, commune) if commune else root
    problems: list[Problem] = []
    sources = _mapping_of(root / "sources.yml", root, Source, problems)
    if commune and (place / "sources.yml").is_file():
        sources |= _mapping_of(place / "sources.yml", root, Source, problems)
    phrases_file = _read(root / "phrases.yml", root, problems)
    phrases = phrases_file.data if phrases_file else {}
    written, documents = _written(root, problems)
    overrides = place / communes.OVERRIDES
    if commune and overrides.is_file():
        document = _read(overrides, root, problems)
        if document:
            written = communes.overridden(written, document, problems)
    signed: dict[str, SignedOff] = {}
    for name, one in written.items():
        own = confirmations.read(confirmations.file_of(root, name, commune), root, problems)
        signed |= own
        written[name] = confirmations.applied(one, own)
    procedures = {name: one for name, one in written.items() if isinstance(one, Procedure)}
    elsewhere = next((one for one in written.values() if isinstance(one, Elsewhere)), None)
    office_file = place / "office.yml"
    office, lines = _office(office_file, root, problems, needed=bool(commune))
    if problems:
        raise ProblemsFound(problems)
    shown = _shown(office_file, root)
    return KnowledgeBase(
        procedures, sources, phrases, documents, office, shown, lines, signed, commune, elsewhere
    )


def _written(root: Path, problems: list[Problem]) -> tuple[dict[str, Written], dict[str, Document]]:
    written: dict[str, Written] = {}
    documents: dict[str, Document] = {}
    for path in sorted((root / "procedures").glob("*/procedure.yml")):
        document = _read(path, root, problems)
        if document is None:
            continue
        procedure = _with_periods(Procedure, document, problems)
        if procedure is None:
            continue
        if procedure.id != path.parent.name:
            problems.append(
                document.problem(
                    ("id",), f"'{procedure.id}' must be '{path.parent.name}', its folder"
                )
            )
        written[procedure.id], documents[procedure.id] = procedure, document
    path = root / f"{OWNER}.yml"
    elsewhere = _read(path, root, problems) if path.is_file() else None
    needs = _with_periods(Elsewhere, elsewhere, problems) if elsewhere else None
    if elsewhere and needs:
        written[OWNER], documents[OWNER] = needs, elsewhere
    return written, documents


def _office(
    path: Path, root: Path, problems: list[Problem], *, needed: bool
) -> tuple[Office, Mapping[Location, int]]:
    document = _read(path, root, problems) if needed or path.is_file() else None
    if document is None:
        return Office(), {}
    office = _validated(Office, document, document.data or {}, (), {}, problems)
    return office or Office(), document.lines


def _shown(path: Path, root: Path) -> str:
    return f"{root.name}/{path.relative_to(root)}"


def _read(path: Path, root: Path, problems: list[Problem]) -> Document | None:
    try:
        return load_yaml(path, _shown(path, root))
    except ProblemsFound as error:
        problems += error.problems
        return None


def _with_periods(
    model: type[ModelT], document: Document, problems: list[Problem]
) -> ModelT | None:
    """A file that names its periods at the top."""
    data = document.data if isinstance(document.data, dict) else {}
    periods: dict[str, Period] = {}
    declared = data.get("periods")
    for name, value in (declared if isinstance(declared, dict) else {}).items():
        try:
            periods[name] = Period.model_validate(value)
        except ValidationError:
            continue  # reported below, with the whole file
    context = {"periods": periods, "default": data.get("default_period")}
    return _validated(model, document, data, (), context, problems)


def _mapping_of(
    path: Path, root: Path, model: type[ModelT], problems: list[Problem]
) -> dict[str, ModelT]:
    document = _read(path, root, problems)
    if document is None:
        return {}
    items = {
        key: _validated(model, document, value, (key,), {}, problems)
        for key, value in (document.data or {}).items()
    }
    return {key: item for key, item in items.items() if item is not None}


def _validated(
    model: type[ModelT],
    document: Document,
    data: Any,
    location: tuple[str | int, ...],
    context: Mapping[str, Any],
    problems: list[Problem],
) -> ModelT | None:
    try:
        return model.model_validate(data, context=dict(context))
    except ValidationError as error:
        problems += problems_of(error, model, document, location)
        return None
