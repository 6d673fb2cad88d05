"""Times in a row of items, by what kinds of words follow each other; no language is known here.

A unit after a number is a length of time (`5 tháng`), before it a name (`tháng 5`); words like
*last* are accepted on either side of their unit. Every rule yields what it can read and where it
ends; the longest reading from a place wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge_base.answers import days
from knowledge_base.answers.lexicon import Item
from knowledge_base.answers.reading import Rejected, Vague

Found = str | Rejected | Vague
UNITS = ("day", "week", "month", "year")


@dataclass(frozen=True)
class Time:
    """One time said: what it can mean, and the items from `start` to before `end`; `length` if
    it was said as a length of time."""

    values: tuple[Found, ...]
    start: int
    end: int
    length: bool = False


class Grammar:
    """Finds the times in a row of items, each as long as it can be."""

    def __init__(self, items: Sequence[Item], today: date) -> None:
        self.items = items
        self.today = today

    def any(self, kind: str) -> bool:
        """Whether a word of that kind was said anywhere."""
        return any(kind in item.kinds for item in self.items)

    def times(self) -> Iterator[Time]:
        position = 0
        while position < len(self.items):
            if self.has(position, "not_a_date"):
                position += 2 if self.number(position + 1) is not None else 1
                continue
            found = [*self._named(position), *self._relative(position)]
            lengths = list(self._length(position))
            end = max((end for _, end in [*found, *lengths]), default=position)
            if end == position:
                position += 1
                continue
            values = [value for value, stop in [*found, *lengths] if stop == end]
            possible = [v for v in values if not isinstance(v, Rejected)] or values
            unique = tuple(dict.fromkeys(possible))
            is_length = all(stop < end for _, stop in found)
            yield self._checked(Time(unique, position, end, is_length))
            position = end

    def _checked(self, time: Time) -> Time:
        """A day that may be counted by the moon is asked about, not kept."""
        doubtful = self.has(time.end, "lunar_after") or any(
            "maybe_lunar" in item.kinds for item in self.items[time.start : time.end]
        )
        if not doubtful or self.any("solar"):
            return time
        first = time.values[0]
        return Time(
            (Vague("lunar", first if isinstance(first, str) else None),), time.start, time.end
        )

    def has(self, position: int, kind: str) -> bool:
        """Whether the item at `position` is of that kind."""
        return 0 <= position < len(self.items) and kind in self.items[position].kinds

    def number(self, position: int, kind: str = "number") -> int | None:
        """The whole number the item at `position` has for `kind`."""
        value = self.items[position].kinds.get(kind) if position < len(self.items) else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def unit(self, position: int, *allowed: str) -> str | None:
        """The unit named at `position`, if it is one of `allowed` (any, if none is given)."""
        value = self.items[position].kinds.get("units") if position < len(self.items) else None
        return value if isinstance(value, str) and (not allowed or value in allowed) else None

    # ---- names: 12 tháng 3 năm 2026, tháng 8, 12/3, năm 2025 ----

    def _named(self, start: int) -> Iterator[tuple[Found, int]]:
        for month, end in self._month(start):
            for year, stop in self._year(end):
                yield days.named(self.today, None, month, year), stop
            after = self.has(end, "date_prefix")
            day = self.number(end + after)
            if day is not None and day <= 31 and (after or self.has(start, "months")):
                for year, stop in self._year(end + after + 1):
                    yield days.named(self.today, day, month, year), stop
        for year, end in self._year(start, bare=False):
            if year is not None:
                yield days.year_named(self.today, year), end
        prefixed = self.has(start, "date_prefix") or self.has(start, "maybe_lunar")
        for day, end in self._day_number(start + prefixed, prefixed):
            yield from self._from_day(day, end, prefixed)
        yield from self._figures(start + prefixed)

    def _day_number(self, start: int, prefixed: bool) -> Iterator[tuple[int, int]]:
        day = self.number(start)
        if day is None:
            return
        yield day, start + 1
        tens, ones = self.number(start, "digit"), self.number(start + 1, "digit")
        if prefixed and tens and ones is not None:
            yield tens * 10 + ones, start + 2

    def _from_day(self, day: int, end: int, prefixed: bool) -> Iterator[tuple[Found, int]]:
        for month, stop in self._month(end):
            for year, last in self._year(stop):
                yield days.named(self.today, day, month, year), last
        for offset, stop in self._shifted(end, "month"):
            if prefixed or offset == 0:
                yield days.day_of_month(self.today, day, -offset), stop
        bare_month = self.number(end)
        if bare_month is not None and not self.unit(end + 1):
            whole = start_of(end, prefixed) == 0
            for year, last in self._year(end + 1):
                if year is not None or prefixed or (whole and last == len(self.items)):
                    yield days.named(self.today, day, bare_month, year), last
        if prefixed and not self.unit(end) and 1 <= day <= 31:
            yield days.day_of_month(self.today, day, None), end

    def _month(self, start: int) -> Iterator[tuple[int, int]]:
        name = self.number(start, "months")
        if name is not None:
            yield name, start + 1
        if self.unit(start, "month"):
            for kind in ("number", "number_after_unit"):
                value = self.number(start + 1, kind)
                if value is not None:
                    yield value, start + 2

    def _year(self, start: int, bare: bool = True) -> Iterator[tuple[int | None, int]]:
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
        for offset, end in self._shifted(start, "year"):
            yield self.today.year + offset, end

    def _short_year(self, at: int, two: int, word: bool) -> Iterator[tuple[int, int]]:
        """`hai không hai lăm` is 2025; after the word for year `hai lăm` too."""
        rest = self.number(at + 2)
        if two in (19, 20) and rest is not None and 10 <= rest < 100:
            yield two * 100 + rest, at + 3
        if word and not self.unit(at + 2):
            yield days.full_year(self.today, two), at + 2

    def _figures(self, start: int) -> Iterator[tuple[Found, int]]:
        month_first = self.unit(start, "month") is not None
        at = start + month_first
        value = self.items[at].kinds.get("figures") if at < len(self.items) else None
        number = self.number(at)
        if number is not None and number > 9_999_999:
            value = str(number)
        if not isinstance(value, str):
            if number is not None and 1_000_000 <= number <= 9_999_999:
                value = f"0{number}"
            else:
                return
        read = days.from_figures(self.today, value, month_first)
        if read is None:
            return
        yield read, at + 1
        if value.count("/") + value.count("-") + value.count(".") == 1 and not month_first:
            day, month = (
                int(part) for part in value.replace("-", "/").replace(".", "/").split("/")
            )
            for year, end in self._year(at + 1):
                if year is not None and month <= 12:
                    yield days.named(self.today, day, month, year), end

    # ---- from today: hôm qua, tháng trước, thứ hai tuần rồi ----

    def _relative(self, start: int) -> Iterator[tuple[Found, int]]:
        offset = self.number(start, "relative_days")
        if offset is not None:
            yield days.unit_from_now(self.today, "day", offset), start + 1
        for period in ("week", "month"):
            for offset, end in self._shifted(start, period):
                yield days.unit_from_now(self.today, period, offset), end
        for offset, end in self._shifted(start, "day"):
            yield (days.FUTURE if offset > 0 else Vague("time")), end
        early = self.has(start, "early")
        if (early or self.has(start, "part")) and (unit := self.unit(start + 1, "month", "year")):
            named = bool([*self._month(start + 1), *self._year(start + 1, bare=False)])
            if not named and not list(self._shifted(start + 1, unit)):
                now: Found = days.unit_from_now(self.today, unit, 0)
                yield (now if early else Vague("time")), start + 2
        for wanted, end in self._weekday(start):
            yield days.weekday(self.today, wanted, None), end
            if self.number(end, "after_unit") == -1:
                yield days.weekday(self.today, wanted, None, before_today=True), end + 1
            for offset, stop in self._shifted(end, "week"):
                yield days.weekday(self.today, wanted, offset), stop

    def _weekday(self, start: int) -> Iterator[tuple[int, int]]:
        name = self.number(start, "weekdays")
        if name is not None:
            yield name, start + 1
        if self.has(start, "weekday_prefix"):
            for kind in ("number", "number_after_unit"):
                place = self.number(start + 1, kind)
                if place is not None and 2 <= place <= 7:
                    yield place - 2, start + 2

    def _shifted(self, start: int, unit: str) -> Iterator[tuple[int, int]]:
        """Last, this or next `unit`, with the word on either side."""
        if self.unit(start, unit) and (offset := self.number(start + 1, "after_unit")) is not None:
            yield offset, start + 2
        if self.unit(start + 1, unit):
            offset = self.number(start, "before_unit")
            if offset is not None:
                yield offset, start + 2

    # ---- lengths: 5 tháng trước, hai tháng rưỡi, 2 tuổi ----

    def _length(self, start: int) -> Iterator[tuple[Found, int]]:
        loose = self._loose(start)
        if loose:
            yield Vague("amount"), self._tail(loose)
            return
        parts: dict[str, int] = {}
        position, half = start, False
        while True:
            count, unit = self.number(position), self.unit(position + 1)
            if count is None or not unit or (parts and _rank(unit) >= min(map(_rank, parts))):
                break
            parts[unit] = count
            position += 2
        if not parts:
            number = self.number(start)
            if number is not None and self.has(start + 1, "age"):
                yield self._age(number), self._tail(start + 2 + self.has(start + 2, "half"))
                return
            half_first = self.has(start, "half")
            unit = self.unit(start + half_first)
            if unit is None or not (half_first or self.has(start + 1, "half")):
                return
            parts, position, half = {unit: 0 if half_first else 1}, start + 2, True
        elif self.has(position, "half"):
            half, position = True, position + 1
        yield self._measured(parts, half, position)

    def _measured(self, parts: dict[str, int], half: bool, end: int) -> tuple[Found, int]:
        if self.has(end, "age"):
            end += 1
        if self.has(end, "ahead") and not self.has(end, "ago"):
            return days.FUTURE, end + 1
        return days.ago(self.today, parts, half), self._tail(end)

    def _loose(self, start: int) -> int | None:
        """The end of *a few months* or *two, three weeks* from `start`, if that is said."""
        if self.has(start, "some") and self.unit(start + 1):
            return start + 2
        pair = self.number(start, "digit"), self.number(start + 1, "digit")
        if None not in pair and self.unit(start + 2) and not self.number(start + 3):
            return start + 3
        figures = self.has(start, "figures") and self.unit(start + 1)
        if figures and not self.number(start + 2) and self.number(start + 2) != 0:
            return start + 2 if not list(self._year(start + 1, bare=False)) else None
        return None

    def _age(self, years: int) -> Found:
        """Age as it is counted here, by the years that have begun since."""
        return days.year_named(self.today, self.today.year - years)

    def _tail(self, position: int) -> int:
        while self.has(position, "ago") or self.has(position, "age"):
            position += 1
        return position


def start_of(end: int, prefixed: bool) -> int:
    """Where a day began that ends before `end`."""
    return end - 1 - prefixed


def _rank(unit: str) -> int:
    return UNITS.index(unit)
