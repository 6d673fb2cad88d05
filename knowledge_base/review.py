"""What awaits the commune's confirmation; `knowledge_base.sign_off` is how an officer gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge_base.confirmations import SignedOff
from knowledge_base.items import Written, main_text, sourced
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.schema import Procedure, Sourced

Reason = Literal["grade", "older wording", "gone", "unconfirmed", "empty", "review date"]
REASONS: dict[Reason, str] = {
    "grade": "no source good enough",
    "older wording": "confirmed for an older wording",
    "gone": "confirmed, but nothing has this id any more",
    "unconfirmed": "not confirmed",
    "empty": "empty",
    "review date": "past its review date",
}
OFFICE = "office"


@dataclass(frozen=True)
class Awaiting:
    """One thing for an officer to confirm, correct or look through."""

    procedure: str
    """Id of the procedure, `elsewhere` or `office`."""
    message: str
    reason: Reason
    text: str
    """As it would be shown, the facts filled in."""
    about: str
    sources: tuple[str, ...]
    """`S12 (C): title`, for each source."""
    begins: date | None = None
    until: date | None = None
    line: str = ""
    """`path:line` of where it is written."""


def awaiting(knowledge: KnowledgeBase, today: date) -> list[Awaiting]:
    """Everything that awaits the commune: the office first, then by procedure in file order, then
    what is told of needs met elsewhere."""
    found = list(_office(knowledge))
    stale = {signed.message: signed for signed in lapsed(knowledge)}
    for name, written in knowledge.written.items():
        document = knowledge.documents[name]
        if knowledge.overdue(written, today):
            at = f"{document.path}:{document.line(('review_by',))}"
            told = f"review_by: {written.review_by}"
            found.append(Awaiting(name, name, "review date", told, "", (), line=at))
        for place, item in sourced(written):
            if knowledge.shows(item) or not (item.source or item.about):
                continue
            found.append(
                Awaiting(
                    name,
                    place.message,
                    "older wording" if place.message in stale else "grade",
                    _filled(main_text(item), written, item),
                    item.about or "",
                    _told(knowledge, item.source),
                    item.valid.from_,
                    item.valid.until,
                    f"{document.path}:{document.line(place.location)}",
                )
            )
            stale.pop(place.message, None)
    known = {place.message for one in knowledge.written.values() for place, _ in sourced(one)}
    for signed in stale.values():
        reason: Reason = "older wording" if signed.message in known else "gone"
        at = f"{signed.path}:{signed.line}"
        owner = signed.message.partition(".")[0]
        found.append(Awaiting(owner, signed.message, reason, "", "", (), line=at))
    return found


def lapsed(knowledge: KnowledgeBase) -> Iterator[SignedOff]:
    """Sign-offs whose text has changed or gone."""
    counting = {
        place.message
        for written in knowledge.written.values()
        for place, item in sourced(written)
        if item.confirmed
    }
    return (signed for name, signed in knowledge.signed.items() if name not in counting)


def _office(knowledge: KnowledgeBase) -> Iterator[Awaiting]:
    for message, location, value in knowledge.office.values():
        if value.shown(knowledge.sources):
            continue
        reason: Reason = "unconfirmed" if value.text else "empty"
        sources = _told(knowledge, value.source)
        at = f"{knowledge.office_path}:{knowledge.office_lines.get(location, 1)}"
        yield Awaiting(OFFICE, message, reason, value.text, value.about or "", sources, line=at)


def _told(knowledge: KnowledgeBase, names: tuple[str, ...]) -> tuple[str, ...]:
    known = ((name, knowledge.sources[name]) for name in names if name in knowledge.sources)
    return tuple(f"{name} ({source.grade}): {source.title}" for name, source in known)


def _filled(text: str, written: Written, item: Sourced) -> str:
    """`text` with the facts of its days, good enough to be shown or not."""
    facts = written.facts if isinstance(written, Procedure) else {}

    def value(match: re.Match[str]) -> str:
        rows = facts.get(match[1], ())
        held = [row for row in rows if row.valid.covers(item.valid.from_)]
        return str(held[0].value) if held else match[0]

    return PLACEHOLDER.sub(value, text)
