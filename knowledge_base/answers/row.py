"""A row of items with questions about what stands where, and names that all rules share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from knowledge_base.answers import days
from knowledge_base.answers.lexicon import Item
from knowledge_base.answers.reading import Rejected, Vague

Value = str | Rejected | Vague
UNITS = ("day", "week", "month", "year")


@dataclass(frozen=True, eq=False)
class Open:
    """What a time was said without: its `unit` (or an `age`), and the whole once that is known."""

    unit: str
    complete: Callable[[str], days.Day]


class Found(NamedTuple):
    """A time read: what it means, the item after its last, what it was said without, and
    whether it is an age."""

    value: Value
    end: int
    open: Open | None = None
    age: bool = False


class Row:
    """Items of a message. `solar` holds the places of words for the solar calendar, which are
    not among the items: the place of the item that follows. They belong to the time beside them
    where the message speaks of the lunar calendar too (`lunar`), else to all."""

    def __init__(
        self,
        items: Sequence[Item],
        today: date,
        solar: Collection[int] = (),
        *,
        lunar: bool = False,
    ) -> None:
        self.items = items
        self.today = today
        self.solar = solar
        self.lunar = lunar

    def any(self, kind: str) -> bool:
        """Whether a word of that kind was said anywhere."""
        return any(kind in item.kinds for item in self.items)

    def has(self, position: int, kind: str) -> bool:
        """Whether the item at `position` is of that kind."""
        return 0 <= position < len(self.items) and kind in self.items[position].kinds

    def number(self, position: int, kind: str = "number") -> int | None:
        """The whole number the item at `position` has for `kind`."""
        value = self.items[position].kinds.get(kind) if position < len(self.items) else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def text(self, position: int, kind: str) -> str | None:
        """What the item at `position` has for `kind`, if that is text."""
        value = self.items[position].kinds.get(kind) if position < len(self.items) else None
        return value if isinstance(value, str) else None

    def unit(self, position: int, *allowed: str) -> str | None:
        """The unit named at `position`, if it is one of `allowed` (any, if none is given)."""
        value = self.text(position, "units")
        return value if not allowed or value in allowed else None

    def skip(self, position: int, kind: str) -> int:
        """`position`, or the one after it if a word of that kind stands there."""
        return position + self.has(position, kind)

    def shifted(self, start: int, unit: str) -> Iterator[tuple[int, int]]:
        """Last, this or next `unit`, with the word on either side."""
        if self.unit(start, unit) and (offset := self.number(start + 1, "after_unit")) is not None:
            yield offset, start + 2
        if self.unit(start + 1, unit):
            offset = self.number(start, "before_unit")
            if offset is not None:
                yield offset, start + 2

    def until_birthday(self, parts: dict[str, int]) -> Open:
        """`còn hai tháng nữa đủ 75 tuổi`, `tháng sau thôi nôi`: born so much less than 75 years or
        one ago."""

        def born(told: str) -> days.Day:
            left = {unit: -count for unit, count in parts.items()}
            unit = "year" if len(told) == len("YYYY") else "month"
            since = self.months_since(told)
            left[unit] = left.get(unit, 0) + (since // 12 if unit == "year" else since)
            day = days.ago(self.today, left, half=False)
            to_come = isinstance(day, str) and day > self.today.isoformat()[: len(day)]
            return days.FUTURE if to_come else day

        return Open("age", born)

    def months_since(self, told: str) -> int:
        """Months from a year or month until now; of years the whole ones."""
        month = int(told[5:7]) if len(told) > len("YYYY") else self.today.month
        return (self.today.year - int(told[:4])) * 12 + self.today.month - month

    def month(self, start: int) -> Iterator[tuple[int, int]]:
        """A month by its name or number, and where it ends."""
        name = self.number(start, "months")
        if name is not None:
            yield name, start + 1
        if self.unit(start, "month"):
            for kind in ("number", "number_after_unit"):
                value = self.number(start + 1, kind)
                if value is not None:
                    yield value, start + 2

    def year(self, start: int, bare: bool = True) -> Iterator[tuple[int | None, int]]:
        """A year named from `start` on; with `bare` also none at all."""
        if bare:
            yield None, start
        word = self.unit(start, "year") is not None
        at = start + word
        value = self.number(at)
        if value is not None and (1900 <= value <= 2100 or (word and value >= 1900)):
            yield value, at + 1
        elif value is not None and word and 10 <= value < 100 and not self.unit(at + 1):
            yield days.full_year(self.today, value), at + 1
        figures = [self.number(at + place, "digit") for place in range(4)]
        if figures[0] in (1, 2) and None not in figures:
            yield int("".join(map(str, figures))), at + 4
        elif figures[0] is not None and figures[1] is not None:
            yield from self._short_year(at, figures[0] * 10 + figures[1], word)
        offset = self.number(start, "relative_years")
        if offset is not None:
            yield self.today.year + offset, start + 1
        for offset, end in self.shifted(start, "year"):
            yield self.today.year + offset, end

    def _short_year(self, at: int, two: int, word: bool) -> Iterator[tuple[int, int]]:
        """`hai không hai lăm` is 2025; after the word for year `hai lăm` too."""
        rest = self.number(at + 2)
        if two in (19, 20) and rest is not None and 10 <= rest < 100:
            yield two * 100 + rest, at + 3
        if word and not self.unit(at + 2):
            yield days.full_year(self.today, two), at + 2
