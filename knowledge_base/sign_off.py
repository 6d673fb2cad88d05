"""How an officer confirms what awaits the commune: for a procedure in the `confirmed.yml` beside
it, for the needs met elsewhere likewise, for the office in its `office.yml`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from knowledge_base import communes, confirmations
from knowledge_base.errors import BadRequest, ProblemsFound
from knowledge_base.items import MAIN, main_field, sourced, texts, wording_hash
from knowledge_base.load import ROOT, KnowledgeBase, load, named
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.schema import Confirmation, Fact, Sourced
from knowledge_base.yaml_lines import Document, Location, load_yaml

OFFICE = "office"


def sign(
    message: str,
    by: str,
    on: date,
    note: str | None = None,
    correct: str | None = None,
    *,
    root: Path = ROOT,
    commune: str = "",
) -> Path:
    """Record that officer `by` confirmed a message on `on`, with another text where `correct` is
    given; gives the file that was written.

    Raises `UnknownId` with the nearest id, `BadRequest` for a sign-off that can't be."""
    if not by.strip():
        raise BadRequest("say who confirms it: --name")
    knowledge = load(root, commune)
    if message.startswith(f"{OFFICE}."):
        return _sign_office(knowledge, message, by, on, note, correct, root)
    found = {
        place.message: (name, item)
        for name, written in knowledge.written.items()
        for place, item in sourced(written)
    }
    part = ""
    if message not in found and message.rpartition(".")[2] in (*MAIN, "detail", "wrong"):
        message, _, part = message.rpartition(".")
    name, item = named(found, message, "thing that can be confirmed")
    field = part or main_field(item)
    correction = {} if correct is None else {field: _corrected(item, field, correct)}
    digest = item.confirmed.hash if item.confirmed else wording_hash(item)
    confirmation = Confirmation(hash=digest, by=by, on=on, note=note, correct=correction)
    path = confirmations.file_of(root, name, commune)
    confirmations.write(path, message, confirmation)
    return path


def _corrected(item: Sourced, field: str, text: str) -> str | int:
    if field not in texts(item):
        raise BadRequest(f"it has no '{field}' to correct; it has {', '.join(texts(item))}")
    if isinstance(item, Fact) and isinstance(item.value, int):
        if not re.fullmatch(r"\d+", text):
            raise BadRequest(f"'{text}' must be a number, without dots, as {item.value} is")
        return int(text)
    unknown = set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(str(texts(item)[field])))
    if unknown:
        told = ", ".join(f"{{{name}}}" for name in sorted(unknown))
        raise BadRequest(f"{told} is not in the text that is corrected; write the value itself")
    return text


def _sign_office(
    knowledge: KnowledgeBase,
    message: str,
    by: str,
    on: date,
    note: str | None,
    correct: str | None,
    root: Path,
) -> Path:
    places = {name: (location, value) for name, location, value in knowledge.office.values()}
    location, value = named(places, message, "thing of the office")
    if not correct and not value.text:
        raise BadRequest(f"'{message}' is empty: write what it is with --correct")
    place = communes.folder(root, knowledge.commune) if knowledge.commune else root
    path = place / "office.yml"
    told = value.model_dump(exclude_defaults=True, mode="json")
    told |= {"value": correct or value.value, "confirmed_by": by, "confirmed_on": on.isoformat()}
    if note:
        told["note"] = note
    _rewrite(load_yaml(path, knowledge.office_path), path, location, _flow(told))
    return path


def _rewrite(document: Document, path: Path, location: Location, value: str) -> None:
    """Put `value` in its line, whatever else stands in the file; at the end where it has none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if location not in document.lines:
        lines.append(f"{location[-1]}: {value}")
    else:
        number = document.line(location) - 1
        line = re.fullmatch(r"(\s*[a-z0-9_]+:)(\s*\{.*\})?\s*(#.*)?", lines[number])
        below = not line or (not line[2] and any(location == k[:-1] for k in document.lines if k))
        if line is None or below:
            told = "can't be rewritten; write the value as {…} on the line of its name"
            raise ProblemsFound([document.problem(location, told)])
        comment = f"  {line[3]}" if line[3] else ""
        lines[number] = f"{line[1]} {value}{comment}"
    beside = path.with_suffix(".new")
    beside.write_text("\n".join([*lines, ""]), encoding="utf-8")
    beside.replace(path)


def _flow(told: dict[str, object]) -> str:
    """A mapping on one line, its texts in quotes."""
    parts = []
    for name, value in told.items():
        quoted = [str(v).replace("\\", "\\\\").replace('"', '\\"') for v in _list(value)]
        items = ", ".join(f'"{text}"' for text in quoted)
        if name == "confirmed_on":
            items = str(value)
        parts.append(f"{name}: {f'[{items}]' if isinstance(value, list) else items}")
    return "{" + ", ".join(parts) + "}"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
