"""Times said as a length: `5 tháng trước`, `hai tháng rưỡi`, `2 tuổi`."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.answers import days
from knowledge_base.answers.reading import Vague
from knowledge_base.answers.row import UNITS, Found, Row, Value

OLDEST_AGE = 120
LEAST_TOLD = 10
"""Two numbers that follow each other are taken for ages from here on: `74 75`."""
MOST_MONTHS = 36
"""More months than this nobody counts: `75t` is an age."""


class Lengths(Row):
    """Rules for lengths of time and ages."""

    def length(self, start: int) -> Iterator[Found]:
        """Every length of time that begins at `start`."""
        loose = self._loose(start)
        if loose:
            yield Found(Vague("amount"), self._tail(loose))
            return
        yield from self._age(start)
        if (months := self.number(start, "milestones")) is not None:
            yield Found(days.ago(self.today, {"month": months}, half=False), start + 1, age=True)
        exact = self.has(start, "exact")
        position, half = start + exact, False
        parts: dict[str, int] = {}
        if self.number(position) is not None and self.has(position + 1, "age"):
            after = position + 2
            finer = self.number(after) is not None and self.unit(after + 1, *UNITS[:3])
            if not finer or self.has(after + 2, "ahead"):
                return
            parts["year"], position = self.number(position) or 0, after
        while True:
            count, after = self._count(position)
            unit = self.unit(after)
            if count is None or not unit or (parts and _rank(unit) >= min(map(_rank, parts))):
                break
            if parts.get("month", 0) > 12:  # `20 tháng 10, ngày …`
                break
            parts[unit] = count
            position = after + 1
        if not parts:
            half_first = self.has(position, "half")
            unit = self.unit(position + half_first)
            half = half_first or self.has(position + 1, "half")
            if unit is None or not (half or self._to_come(position)):
                return
            parts, position = {unit: 0 if half_first else 1}, position + 1 + half
        elif self.has(position, "half"):
            half, position = True, position + 1
        yield self._measured(parts, half, exact, position)

    def _measured(self, parts: dict[str, int], half: bool, exact: bool, end: int) -> Found:
        exact = exact or self.has(end, "exact")
        end = self.skip(self.skip(end, "exact"), "age")
        after = self._tail(end)
        beside = self.skip(self.skip(after, "near"), "date_prefix")
        if self.text(beside, "holidays"):
            return Found(Vague("time"), beside + 1)
        if self.has(end, "ahead") and not self.has(end, "ago"):
            return Found(days.FUTURE, end + 1, self.until_birthday(parts))
        if parts.keys() == {"month"} and parts["month"] > MOST_MONTHS:
            return Found(Vague("amount"), after)
        return Found(days.ago(self.today, parts, half, exact), after)

    def _to_come(self, position: int) -> bool:
        """`còn tháng nữa`: one unit that is still to pass."""
        ahead = self.has(position + 1, "ahead") and self.number(position + 1, "after_unit") is None
        return ahead and not self.number(position + 2, "after_unit")

    def _loose(self, start: int) -> int | None:
        """The end of *a few months* or *two, three weeks* from `start`, if that is said."""
        some = self.skip(start, "number")  # `mười mấy bữa`
        if self.has(some, "some"):
            today = self.number(some + 1, "relative_days") == 0  # `mấy bữa nay`
            if self.unit(some + 1) or today:
                return some + 2
        first, second = self.number(start, "digit"), self.number(start + 1, "digit")
        if first is not None and second in (first + 1, first + 2):
            if self.unit(start + 2) and not self.number(start + 3):
                return start + 3
            if self.has(start + 2, "age") and second == first + 1:
                return start + 3
        if self.number(start) is not None:
            at = start + 1 + (self.unit(start + 1) is not None)
            if self.has(at, "range") and self.number(at + 1) is not None and self.unit(at + 2):
                return at + 3
        figures = self.has(start, "figures") and self.unit(start + 1)
        if figures and not self.number(start + 2) and self.number(start + 2) != 0:
            return start + 2 if not list(self.year(start + 1, bare=False)) else None
        return None

    def _age(self, start: int) -> Iterator[Found]:
        """`71 tuổi`, `bảy mốt tuổi`, `năm nay 71`, `lên ba`: by the years that have begun."""
        number, end = self._count(start)
        other, beyond = self._count(end)
        if number is not None and other == number + 1 and number >= LEAST_TOLD:
            yield Found(Vague("amount"), self._tail(beyond))  # `bảy bốn bảy lăm`: one of both
            return
        if number is not None and self.has(end, "age"):
            half = self.has(end + 1, "half")
            yield Found(self._years(number, half), self._tail(end + 1 + half), age=True)
        at = start
        for year, stop in self.year(start, bare=False):
            at = stop if year == self.today.year else at
        while start < at < len(self.items) - 1 and not self.items[at].kinds:
            at += 1
        at = self.skip(at, "age_prefix")
        number, end = self._count(at)
        alone = end == len(self.items) or self.has(end, "ago") or self.has(end, "age")
        alone = alone or (self.has(at - 1, "birthday") and not self.unit(end))
        if at > start and number is not None and alone and 0 < number <= OLDEST_AGE:
            yield Found(self._years(number, False), end, age=True)

    def _count(self, start: int) -> tuple[int | None, int]:
        """The number at `start` and where it ends; two digits are tens and ones (`bảy hai`)."""
        tens, ones = self.number(start, "digit"), self.number(start + 1, "digit")
        if tens and ones is not None and not self.unit(start + 1):
            return tens * 10 + ones, start + 2
        return self.number(start), start + 1

    def _years(self, years: int, half: bool) -> Value:
        """Age as it is counted here, by the years that have begun since."""
        if half:
            value = days.ago(self.today, {"year": years}, half)
            return value[:4] if isinstance(value, str) else value
        return days.year_named(self.today, self.today.year - years)

    def _tail(self, position: int) -> int:
        while self.has(position, "ago") or self.has(position, "age"):
            position += 1
        return position


def _rank(unit: str) -> int:
    return UNITS.index(unit)
