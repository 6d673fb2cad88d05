"""A commune is a folder of overrides over the shared base: `communes/<name>/`.

- `office.yml`: its office; the one file a commune needs
- `sources.yml`: sources of its own, if any
- `overrides.yml`: message id → fields that differ here, with the source that says so
- `procedures/<id>/confirmed.yml`: what its officers have signed off
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from knowledge_base.errors import Problem, UnknownId, nearest
from knowledge_base.items import TEXTS, Place, Written, places, replaced
from knowledge_base.problems import problems_of
from knowledge_base.schema import Dated, Sourced
from knowledge_base.yaml_lines import Document, Location

FOLDER = "communes"
OVERRIDES = "overrides.yml"
FIXED = ("id", "trouble", "choices")
"""Fields that say what a thing is; another one is a change of the procedure itself."""


def names(root: Path) -> list[str]:
    """The communes that have a folder."""
    return sorted(path.name for path in (root / FOLDER).glob("*") if path.is_dir())


def folder(root: Path, commune: str) -> Path:
    """The folder of a commune. Raises `UnknownId` with the nearest name."""
    known = names(root)
    if commune not in known:
        raise UnknownId(nearest(commune, known, f"commune of {root.name}/{FOLDER}"))
    return root / FOLDER / commune


def overridden(
    written: Mapping[str, Written], document: Document, problems: list[Problem]
) -> dict[str, Written]:
    """Everything with the commune's overrides; what can't be is added to `problems`."""
    found = {place.message: (name, place) for name, one in written.items() for place in places(one)}
    changed: dict[str, dict[Location, Dated]] = {}
    rows = document.data if isinstance(document.data, dict) else {}
    for message, fields in rows.items():
        if message not in found:
            told = nearest(str(message), list(found), "thing that can be overridden")
            problems.append(document.problem((message,), told))
            continue
        name, place = found[message]
        item = _overridden(written[name], place, fields, document, problems)
        if item is not None:
            changed.setdefault(name, {})[place.location] = item
    return {
        name: replaced(one, changed[name]) if name in changed else one
        for name, one in written.items()
    }


def _overridden(
    written: Written,
    place: Place,
    fields: object,
    document: Document,
    problems: list[Problem],
) -> Dated | None:
    at, item = (place.message,), place.item
    if not isinstance(fields, dict) or not fields:
        problems.append(document.problem(at, "write the fields that differ, as `field: value`"))
        return None
    fixed = [name for name in FIXED if name in fields]
    if fixed:
        told = f"'{fixed[0]}' can't be overridden; change the procedure for everybody"
        problems.append(document.problem((*at, fixed[0]), told))
        return None
    if isinstance(item, Sourced) and "source" not in fields and set(fields) & {*TEXTS, "when"}:
        problems.append(document.problem(at, "needs 'source': who says that it differs here"))
        return None
    own = {name: getattr(item, name) for name in item.model_fields_set}
    context = {"periods": written.periods, "default": written.default_period}
    try:
        return type(item).model_validate({"valid": item.valid, **own, **fields}, context=context)
    except ValidationError as error:
        problems += problems_of(error, type(item), document, at)
        return None
