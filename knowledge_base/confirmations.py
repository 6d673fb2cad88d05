"""Sign-offs of the commune's officers: read from, applied over and written beside a procedure.

They lie in `confirmed.yml` next to `procedure.yml`, those of `elsewhere.yml` in
`elsewhere.confirmed.yml`, so an update of the content leaves them alone. A sign-off counts for the
texts it was given for; once they change it is history, and review says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from knowledge_base.elsewhere import OWNER
from knowledge_base.errors import Problem, ProblemsFound, relative
from knowledge_base.items import Written, replaced, sourced, wording_hash
from knowledge_base.problems import problems_of
from knowledge_base.schema import Confirmation, Dated
from knowledge_base.yaml_lines import Document, Location, load_yaml

FILE = "confirmed.yml"
HEADING = "# Written by `rong review sign`: what officers have confirmed, and for which wording.\n"


@dataclass(frozen=True)
class SignedOff:
    """A sign-off as it stands in its file, whether or not it still counts."""

    message: str
    confirmation: Confirmation
    path: str
    line: int


def file_of(root: Path, written: str, commune: str = "") -> Path:
    """Where sign-offs of a procedure, or of `elsewhere`, are kept; each commune confirms for
    itself."""
    base = root / "communes" / commune if commune else root
    if written == OWNER:
        return base / f"{OWNER}.{FILE}"
    return base / "procedures" / written / FILE


def read(path: Path, root: Path, problems: list[Problem]) -> dict[str, SignedOff]:
    """The sign-offs of one file by message id; none where there is no file."""
    if not path.is_file():
        return {}
    try:
        document = load_yaml(path, f"{root.name}/{relative(path, root)}")
    except ProblemsFound as error:
        problems += error.problems
        return {}
    found: dict[str, SignedOff] = {}
    rows = document.data if isinstance(document.data, dict) else {}
    for message, value in rows.items():
        confirmation = _confirmation(document, message, value, problems)
        if confirmation:
            line = document.line((message,))
            found[message] = SignedOff(message, confirmation, document.path, line)
    return found


def _confirmation(
    document: Document, message: str, value: object, problems: list[Problem]
) -> Confirmation | None:
    try:
        return Confirmation.model_validate(value)
    except ValidationError as error:
        problems += problems_of(error, Confirmation, document, (message,))
        return None


def applied(written: Written, signed: Mapping[str, SignedOff]) -> Written:
    """The same with every sign-off that counts for its texts."""
    changed: dict[Location, Dated] = {}
    for place, item in sourced(written):
        found = signed.get(place.message)
        if found and found.confirmation.hash == wording_hash(item):
            changed[place.location] = item.with_confirmation(found.confirmation)
    return replaced(written, changed) if changed else written


def write(path: Path, message: str, confirmation: Confirmation) -> None:
    """Add a sign-off to its file, or put it in place of the one for the same message."""
    known: dict[str, Any] = {}
    if path.is_file():
        known = dict(load_yaml(path).data or {})
    told = confirmation.model_dump(exclude_defaults=True)
    known[message] = {name: dict(v) if name == "correct" else v for name, v in told.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    body = yaml.safe_dump(known, allow_unicode=True, sort_keys=True, width=100)
    beside = path.with_suffix(".new")
    beside.write_text(HEADING + body, encoding="utf-8")
    beside.replace(path)
