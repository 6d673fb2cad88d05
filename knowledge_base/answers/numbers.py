"""Number words put together: `hai mươi lăm` is 25, `hai nghìn không trăm hai mươi sáu` 2026.

`năm` is both five and year. It is taken into a longer number only after a word like `lẻ` or
before `mươi`; standing alone it stays both, and the grammar of dates decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge_base.answers.lexicon import Item, Utterance

_DIGITS = re.compile(r"\d{1,9}\Z")


def with_numbers(said: Utterance, items: Sequence[Item]) -> list[Item]:
    """`items` with number words joined; a number's kind is `number`, one below ten also `digit`,
    and figures joined by separators are `figures`, as they were typed."""
    joined: list[Item] = []
    position = 0
    while position < len(items):
        item, position = _number_at(said, items, position)
        joined.append(item)
    return joined


def _number_at(said: Utterance, items: Sequence[Item], start: int) -> tuple[Item, int]:
    item = items[start]
    typed = said.tokens[item.first].key
    if typed[0].isdigit():
        known = {"number": int(typed)} if _DIGITS.match(typed) else {"figures": typed}
        return Item(item.first, item.last, {**item.kinds, **known}), start + 1
    value, end = _compose(items, start)
    if value is None:
        return item, start + 1
    if end == start + 1:
        digit = {"digit": value} if value < 10 else {}
        return Item(item.first, item.last, {**item.kinds, **digit, "number": value}), end
    return Item(item.first, items[end - 1].last, {"number": value}), end


def _compose(items: Sequence[Item], start: int) -> tuple[int | None, int]:
    """The longest number that begins at `start`, and where it ends; None if there is none."""
    total, current = 0, None
    linked = False
    position = start
    while position < len(items):
        kinds = items[position].kinds
        value, times = kinds.get("number_values"), kinds.get("number_times")
        tail = kinds.get("number_after_ten")
        tens = times == 10  # `không mười` is no number
        if isinstance(times, int) and current is not None and tens <= current < 10:
            total, current = (
                (total, current * times) if times == 10 else (total + current * times, None)
            )
        elif isinstance(value, int) and (position == start or linked or _counts(items, position)):
            if current is None:
                current = value
            elif value < 10 <= current and current % 10 == 0:
                current += value
            elif value < 10 and 0 < current < 10 and total >= 1000:
                current = current * 10 + value
            else:
                break
        elif isinstance(tail, int) and current and (current % 10 == 0 or current < 10):
            current = current + tail if current >= 10 else current * 10 + tail
        elif "number_and" in kinds and total:
            linked = True
            position += 1
            continue
        elif isinstance(times, int) and position == start:
            current = times
        else:
            break
        linked = False
        position += 1
    if position == start:
        return None, start
    return total + (current or 0), position


def _counts(items: Sequence[Item], position: int) -> bool:
    """Whether a word inside a number is no unit there: `chín trăm năm mươi` is 950."""
    after = items[position + 1].kinds if position + 1 < len(items) else {}
    return "units" not in items[position].kinds or after.get("number_times") == 10
