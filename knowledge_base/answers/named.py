"""Times by their names: `12 tháng 3 năm 2026`, `tháng 8`, `12/3`, `năm 2025`, `quốc khánh`."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.answers import days
from knowledge_base.answers.reading import Vague
from knowledge_base.answers.row import Found, Open, Row


class Named(Row):
    """Rules for days, months and years that are named."""

    def named(self, start: int) -> Iterator[Found]:
        """Every name of a time that begins at `start`."""
        yield from self._from_month(start)
        for year, end in self.year(start, bare=False):
            if year is not None:
                ahead = year - self.today.year
                until = self.until_birthday({"year": ahead}) if ahead > 0 else None
                yield Found(days.year_named(self.today, year), end, until)
                yield from self._after_year(year, end)
        yield from self._holiday(start)
        prefixed = self.has(start, "date_prefix") or self.has(start, "maybe_lunar")
        at = start + prefixed
        for day, end in self._day_number(at, prefixed):
            if self.has(end, "lunar_after") and day <= 31:
                yield Found(Vague("lunar"), end + 1)
            if not self.has(end, "clock"):
                yield from self._from_day(day, end, prefixed or end in self.solar)
        yield from self._figures(at)

    def _day(self, day: int | None, month: int, year: int | None, end: int) -> Found:
        """A day or month; without its year it may be completed by a year said elsewhere."""
        value = days.named(self.today, day, month, year)
        if year is not None:
            return Found(value, end)
        return Found(value, end, Open("year", lambda y: days.named(self.today, day, month, int(y))))

    def _from_month(self, start: int) -> Iterator[Found]:
        for month, end in self.month(start):
            for year, stop in self.year(end):
                yield self._day(None, month, year, stop)
            after = self.has(end, "date_prefix") or self.has(end, "maybe_lunar")
            if after or self.has(start, "months"):
                for day, last in self._day_number(end + after, prefixed=True):
                    if day > 31:
                        continue
                    for year, stop in self.year(last):
                        yield self._day(day, month, year, stop)

    def _after_year(self, year: int, start: int) -> Iterator[Found]:
        """`năm 2024 tháng 3 ngày 7`: what stands behind the year, in either order."""
        for month, end in self.month(start):
            yield self._day(None, month, year, end)
            after = self.has(end, "date_prefix") or self.has(end, "maybe_lunar")
            for day, last in self._day_number(end + 1, prefixed=True) if after else ():
                if day <= 31:
                    yield self._day(day, month, year, last)

    def _holiday(self, start: int) -> Iterator[Found]:
        """A feast that has its day in the solar calendar; beside it is another day."""
        near = self.has(start, "near")
        at = self.skip(start + near, "date_prefix") if near else start
        named = self.text(at, "holidays")
        if named is None:
            return
        if near:
            apart = self.number(at + 1) is not None and self.unit(at + 2) is not None
            yield Found(Vague("time"), at + (3 if apart else 1))
            return
        month, day = map(int, named.split("-"))
        for year, end in self.year(at + 1):
            yield self._day(day, month, year, end)
        if offset := self.number(at + 1, "after_unit"):
            yield self._day(day, month, None, at + 2) if offset < 0 else Found(days.FUTURE, at + 2)

    def _day_number(self, start: int, prefixed: bool) -> Iterator[tuple[int, int]]:
        day = self.number(start)
        if day is None or (self.unit(start, "year") and (self.number(start + 1) or 0) >= 1900):
            return
        yield day, start + 1
        tens, ones = self.number(start, "digit"), self.number(start + 1, "digit")
        apart = prefixed or any(self.month(start + 2))
        if apart and tens and ones is not None and tens * 10 + ones <= 31:
            yield tens * 10 + ones, start + 2

    def _from_day(self, day: int, end: int, prefixed: bool) -> Iterator[Found]:
        for month, stop in self.month(end):
            for year, last in self.year(stop):
                yield self._day(day, month, year, last)
        for offset, stop in self.shifted(end, "month"):
            # `ba tháng nay` is a length, `12 tháng này` a day.
            if prefixed or (offset == 0 and not self.has(stop - 1, "ago")):
                yield Found(days.day_of_month(self.today, day, -offset), stop)
        bare_month = self.number(end)
        if bare_month is not None and not self.unit(end + 1):
            whole = end - 1 - prefixed <= 0
            for year, last in self.year(end + 1):
                if year is not None or prefixed or (whole and last == len(self.items)):
                    yield self._day(day, bare_month, year, last)
        if prefixed and not self.unit(end) and 1 <= day <= 31:
            yield Found(
                days.day_of_month(self.today, day, None),
                end,
                Open("month", lambda m: days.named(self.today, day, int(m[5:]), int(m[:4]))),
            )

    def _figures(self, start: int) -> Iterator[Found]:
        month_first = self.unit(start, "month") is not None
        at = start + month_first
        value, number = self.text(at, "figures"), self.number(at)
        if value is None and number is not None and 1_000_000 <= number <= 99_999_999:
            value = f"{number:08}"
        if value is None:
            return
        read = days.from_figures(self.today, value, month_first)
        if read is None:
            return
        parts = value.replace("-", "/").replace(".", "/").split("/")
        if len(parts) != 2 or month_first or len(parts[1]) == 4:
            yield Found(read, at + 1)
            return
        day, month = map(int, parts)
        if month > 12:
            yield Found(read, at + 1)
            return
        for year, end in self.year(at + 1):
            yield self._day(day, month, year, end)
