"""What changed for citizens between two knowledge bases, or between two days, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from knowledge_base.elsewhere import OWNER
from knowledge_base.items import Place, Written, places, texts
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import Answer, Dated, Fact, Procedure, Question, Route, Sourced

KINDS = {
    "fact": "fact",
    "question": "question",
    "route": "route",
    "paper": "paper",
    "step": "step",
    "trouble": "trouble at a step",
    "after": "note on what happens next",
    "answer": "answer",
}
WORDS = {
    "handling": "how it is handled",
    "when": "who it is for",
    "valid": "the days it holds",
    "topic": "topic",
    "to": "where it leads",
    "choices": "choices",
    "value": "value",
    "unit": "unit",
}
QUIET = frozenset({"note", "source", "picture", "words", "id", "about", "trouble"})
"""Fields no citizen is told."""


@dataclass(frozen=True)
class Change:
    """One thing that changed, in words."""

    procedure: str
    """Its id, `elsewhere` or `phrases`."""
    text: str


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: a knowledge base, as a whole or on a day."""

    knowledge: KnowledgeBase
    day: date | None = None

    def procedure(self, name: str) -> Procedure | None:
        """The procedure, if it is there and anything of it holds on the day."""
        found = self.knowledge.procedures.get(name)
        if found is None or self.day is None:
            return found
        held = any(period.covers(self.day) for period in found.periods.values())
        return found if held else None

    def told(self, written: Written) -> dict[str, Place]:
        """What citizens are told of it, by a name that stays the same when its dates change."""
        held = (p for p in places(written) if self.day is None or p.item.valid.covers(self.day))
        if self.day is None:
            return {place.message: place for place in held}
        return {_lasting(place): place for place in held}

    def shown(self, item: Dated) -> bool:
        """Whether citizens are told it as a fact."""
        return not isinstance(item, Sourced) or not item.source or self.knowledge.shows(item)


def differences(before: Side, after: Side) -> Iterator[Change]:
    """Every change, by procedure in alphabetical order, then in file order; then of the needs met
    elsewhere and of the phrases."""
    names = sorted({*before.knowledge.procedures, *after.knowledge.procedures})
    for name in names:
        old, new = before.procedure(name), after.procedure(name)
        if old is None and new is not None:
            yield Change(name, f"new procedure: “{new.title}”")
        elif new is None and old is not None:
            yield Change(name, f"no longer there: “{old.title}”")
        elif old is not None and new is not None:
            for text in _procedure(before, old, after, new):
                yield Change(name, text)
    for text in _elsewhere(before, after):
        yield Change(OWNER, text)
    yield from _phrases(before.knowledge.phrases, after.knowledge.phrases)


def _elsewhere(before: Side, after: Side) -> Iterator[str]:
    old, new = before.knowledge.needs, after.knowledge.needs
    for name in (*old, *(name for name in new if name not in old)):
        if name not in new:
            yield f"no longer there: “{old[name].name}”"
        elif name not in old:
            yield f"new need: “{new[name].name}”"
        else:
            yield from _replaced(f"name of '{name}'", old[name].name, new[name].name)
    was, now = (
        side.told(side.knowledge.elsewhere) if side.knowledge.elsewhere else {}
        for side in (before, after)
    )
    yield from _told(before, was, after, now)


def _procedure(before: Side, old: Procedure, after: Side, new: Procedure) -> Iterator[str]:
    for field in ("title", "short", "why_this", "review_by"):
        yield from _replaced(field, getattr(old, field), getattr(new, field))
    yield from _told(before, before.told(old), after, after.told(new))


def _told(
    before: Side, was: Mapping[str, Place], after: Side, now: Mapping[str, Place]
) -> Iterator[str]:
    for name in was:
        if name not in now:
            yield f"{_kind(name)} {_short(name)} removed: {_quoted(was[name].item)}"
    for name, place in now.items():
        label = f"{_kind(name)} {_short(name)}"
        if name not in was:
            held_back = _held_back(after, place.item)
            yield f"{label} added: {_quoted(place.item)}{held_back}"
            continue
        earlier = was[name].item
        if before.shown(earlier) != after.shown(place.item):
            told = (
                "is now told as a fact" if after.shown(place.item) else "is now left to the clerk"
            )
            yield f"{label} {told}: {_quoted(place.item)}"
        for field in type(place.item).model_fields:
            if field in QUIET or (field == "valid" and after.day):
                continue
            yield from _replaced(
                f"{label}: {WORDS.get(field, field)}",
                *(_words(getattr(item, field, None)) for item in (earlier, place.item)),
            )


def _replaced(label: str, old: object, new: object) -> Iterator[str]:
    if old == new:
        return
    if old in (None, ""):
        yield f"{label}: now “{new}”"
    elif new in (None, ""):
        yield f"{label}: no longer “{old}”"
    else:
        yield f"{label}: “{old}” → “{new}”"


def _phrases(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        for text in _replaced(name, old.get(name), new.get(name)):
            yield Change("phrases", text)


def _words(value: object) -> object:
    """A field's value as a person reads it."""
    if isinstance(value, Mapping):
        parts = (f"{k}: {v if isinstance(v, str) else ' or '.join(v)}" for k, v in value.items())
        return ", ".join(parts) or "everybody"
    if isinstance(value, tuple):
        return " / ".join(str(getattr(item, "label", item)) for item in value)
    if value is not None and hasattr(value, "from_"):
        return f"{value.from_} – {getattr(value, 'until', None) or '…'}"
    return value


def _quoted(item: Dated) -> str:
    if isinstance(item, Fact):
        return f"{item.value} {item.unit or ''}".strip()
    if isinstance(item, Question | Answer | Route):
        return f"“{item.text}”"
    return f"“{' – '.join(str(v) for v in texts(item).values() if isinstance(v, str))}”"


def _held_back(side: Side, item: Dated) -> str:
    return "" if side.shown(item) else " (citizens are sent to the clerk for it)"


def _lasting(place: Place) -> str:
    fact = isinstance(place.item, Fact)
    return place.message.rpartition(".")[0] if fact else place.message


def _kind(message: str) -> str:
    if message.startswith(f"{OWNER}."):
        return "statement"
    return KINDS["trouble" if ".trouble." in message else message.split(".")[1]]


def _short(message: str) -> str:
    owner, *rest = message.split(".")
    return "'" + ".".join(rest if owner == OWNER else rest[1:]) + "'"
