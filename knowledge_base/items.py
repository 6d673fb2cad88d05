"""What can be named by a message id in a procedure: its questions, facts, papers, steps and so on;
of the needs met elsewhere, the statements.

Sign-offs and a commune's overrides name things this way. A row of a fact is named by the day it
begins: `birth_registration.fact.copy_fee.2026-09-01`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge_base.elsewhere import Elsewhere
from knowledge_base.schema import Dated, Fact, Procedure, Question, Sourced, Step, Trouble
from knowledge_base.yaml_lines import Location

LISTS = {
    "questions": "question",
    "routes": "route",
    "papers": "paper",
    "steps": "step",
    "after": "after",
    "answers": "answer",
}
"""Lists of a procedure and the part of a message id that names their items."""

TEXTS = ("title", "text", "detail", "tap", "type", "photograph", "wrong", "remedy", "value", "unit")
"""Fields a citizen is shown."""
MAIN = ("remedy", "value", "text", "title")
"""Of an item's fields the first of these is what a correction replaces if nothing else is said;
of a step the text."""


@dataclass(frozen=True)
class Place:
    """One thing that is told: its message id, where it stands in the file, and itself."""

    message: str
    location: Location
    item: Dated


Written = Procedure | Elsewhere
"""What one file words."""


def places(written: Written) -> Iterator[Place]:
    """Everything the file itself words, in file order."""
    if isinstance(written, Elsewhere):
        return (Place(*statement) for statement in written.statements())
    return _of_procedure(written)


def _of_procedure(procedure: Procedure) -> Iterator[Place]:
    for name, rows in procedure.facts.items():
        for index, row in enumerate(rows):
            message = f"{procedure.id}.fact.{name}.{row.valid.from_.isoformat()}"
            yield Place(message, ("facts", name, index), row)
    for field, kind in LISTS.items():
        for index, item in enumerate(getattr(procedure, field)):
            if not isinstance(item, Dated):
                continue  # a question another procedure words
            message = f"{procedure.id}.{kind}.{item.id}"  # type: ignore[attr-defined]
            yield Place(message, (field, index), item)
            for number, trouble in enumerate(item.trouble if isinstance(item, Step) else ()):
                inner = f"{message}.trouble.{trouble.id}"
                yield Place(inner, (field, index, "trouble", number), trouble)


def sourced(written: Written) -> Iterator[tuple[Place, Sourced]]:
    """Everything that states something."""
    for place in places(written):
        if isinstance(place.item, Sourced):
            yield place, place.item


def replaced(written: Written, changed: Mapping[Location, Dated]) -> Written:
    """The same with the items at these locations replaced."""
    if isinstance(written, Elsewhere):
        return written.replaced(changed)
    facts = {
        name: tuple(changed.get(("facts", name, i), row) for i, row in enumerate(rows))
        for name, rows in written.facts.items()
    }
    update: dict[str, object] = {"facts": facts}
    for field in LISTS:
        update[field] = tuple(
            _with_troubles(changed.get((field, index), item), (field, index), changed)
            for index, item in enumerate(getattr(written, field))
        )
    return written.model_copy(update=update)


def _with_troubles(item: object, location: Location, changed: Mapping[Location, Dated]) -> object:
    if not isinstance(item, Step):
        return item
    troubles = tuple(
        changed.get((*location, "trouble", number), trouble)
        for number, trouble in enumerate(item.trouble)
    )
    same = all(new is old for new, old in zip(troubles, item.trouble, strict=True))
    return item if same else item.model_copy(update={"trouble": troubles})


def texts(item: Dated) -> dict[str, object]:
    """The fields of `item` that a citizen is shown, those that are empty left out."""
    found = {name: getattr(item, name, None) for name in TEXTS}
    return {name: value for name, value in found.items() if value not in (None, ())}


def main_field(item: Dated) -> str:
    """The field a correction replaces."""
    return next(name for name in MAIN if hasattr(item, name))


def main_text(item: Dated) -> str:
    """What a person reads first of it."""
    if isinstance(item, Fact):
        return f"{item.value} {item.unit}" if item.unit else str(item.value)
    if isinstance(item, Trouble):
        return f"{item.wrong} → {item.remedy}"
    if isinstance(item, Question):
        return item.text
    parts = (str(texts(item).get(name, "")) for name in ("title", "text", "detail"))
    return " – ".join(part for part in parts if part)


def wording_hash(item: Dated) -> str:
    """16 hexadecimal digits that change when anything a citizen is shown of it changes."""
    told = json.dumps(texts(item), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
