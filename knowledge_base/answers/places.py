"""Choosing by place: `2`, `câu b`, `cái áp chót`, `cái thứ hai từ dưới lên`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.answers.lexicon import Item, Utterance
from knowledge_base.answers.numbers import with_numbers

LETTERS = "abcdefgh"
PLACES = ("first", "second", "middle", "next_to_last", "last")
_NUMBERS = ("number", "number_after_unit")


@dataclass(frozen=True)
class Place:
    """Which of the offered choices are pointed at, counted from 0, and where that is said;
    `typed` as a figure, `pointed` by more than a bare number."""

    indexes: tuple[int, ...]
    first: int
    last: int
    typed: bool
    pointed: bool


def find_place(said: Utterance, count: int, short: Sequence[Item]) -> Place | None:
    """The place of a choice among `count`, if nothing else is said."""
    items = _undenied(said, with_numbers(said, short))
    pointed = any("pointing" in item.kinds for item in items)
    telling = [item for index, item in enumerate(items) if _tells(said, items, index)]
    from_end = any("from_end" in item.kinds for item in telling)
    telling = [item for item in telling if "from_end" not in item.kinds]
    if len(telling) > 1 and all("pointing" in item.kinds for item in telling[:-1]):
        telling = telling[-1:]
    tokens = said.tokens
    if not telling and tokens and tokens[-1].key in LETTERS and len(tokens) <= 2:
        telling = items[-1:]
    found = {_indexes(said, item, count) for item in telling}
    bare = [item for item in telling if not any(kind in item.kinds for kind in PLACES)]
    if len(found) != 1 or len(bare) > 1:
        return None
    indexes = tuple(count - 1 - i for i in found.pop()[::-1]) if from_end else found.pop()
    if not indexes or not all(0 <= index < count for index in indexes):
        return None
    item = telling[0]
    by_word = any(kind in item.kinds for kind in PLACES)
    typed = tokens[item.first].key[0].isdigit()
    return Place(indexes, item.first, telling[-1].last, typed, pointed or by_word)


def _undenied(said: Utterance, items: list[Item]) -> list[Item]:
    """Without the part that denies a place where another is given (`không phải A, B`)."""
    parts: list[list[Item]] = [[]]
    for item in items:
        before = parts[-1]
        apart = before and said.tokens[before[-1].last].clause != said.tokens[item.first].clause
        if "contrast" in item.kinds:
            parts.append([])
        elif apart:
            parts.append([item])
        else:
            before.append(item)
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return items
    return [item for part in parts if not any("no" in item.kinds for item in part) for item in part]


def _tells(said: Utterance, items: Sequence[Item], index: int) -> bool:
    item = items[index]
    if _is_place(item):
        return True
    named = index > 0 and "pointing" in items[index - 1].kinds
    if named and said.tokens[item.first].key in LETTERS:
        return True
    return not {"filler", "assent", "pointing"} & item.kinds.keys()


def _is_place(item: Item) -> bool:
    return any(kind in item.kinds for kind in (*PLACES, *_NUMBERS, "from_end"))


def _indexes(said: Utterance, item: Item, count: int) -> tuple[int, ...]:
    named = {
        "first": (0,),
        "second": (1,),
        "middle": tuple(sorted({(count - 1) // 2, count // 2})) if count > 2 else (),
        "next_to_last": (count - 2,),
        "last": (count - 1,),
    }
    for kind in PLACES:
        if kind in item.kinds:
            return named[kind]
    value = next((item.kinds[kind] for kind in _NUMBERS if kind in item.kinds), None)
    if isinstance(value, int):
        return (value - 1,)
    letter = said.tokens[item.first].key
    return (LETTERS.index(letter),) if letter in LETTERS else ()
