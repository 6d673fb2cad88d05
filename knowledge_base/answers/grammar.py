"""Times in a row of items, by what kinds of words follow each other; no language is known here.

A unit after a number is a length of time (`5 tháng`), before it a name (`tháng 5`); words like
*last* are accepted on either side of their unit. Every rule yields what it can read and where it
ends; the longest reading from a place wins. A day said without its year or month is completed by
the one said beside it (`năm ngoái, ngày 15 tháng 6`; `hai tháng trước, nhằm ngày 18`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge_base.answers import days
from knowledge_base.answers.lengths import Lengths
from knowledge_base.answers.named import Named
from knowledge_base.answers.reading import Rejected, Vague
from knowledge_base.answers.relative import Relative
from knowledge_base.answers.row import Found, Open, Value

CHILD = 12
"""Years up to which an age said beside a day is that of the one born, not of a parent."""


@dataclass(frozen=True)
class Time:
    """One time said: what it can mean, and the items from `start` to before `end`; `length` if
    it was said as a length of time, `solar` if it was said to be of the solar calendar."""

    values: tuple[Value, ...]
    start: int
    end: int
    length: bool = False
    age: bool = False
    solar: bool = False
    open: Open | None = None


class Grammar(Named, Relative, Lengths):
    """Finds the times in a row of items, each as long as it can be."""

    def times(self) -> Iterator[Time]:
        """The times said, in their order."""
        position = 0
        while position < len(self.items):
            if self.has(position, "not_a_date"):
                position += 2 if self.number(position + 1) is not None else 1
                continue
            names = [*self.named(position), *self.relative(position)]
            lengths = list(self.length(position))
            end = max((found.end for found in (*names, *lengths)), default=position)
            if end == position:
                position += 1
                continue
            longest = [found for found in (*names, *lengths) if found.end == end]
            is_length = all(found.end < end for found in names)
            yield self._time(longest, position, is_length)
            position = end

    def _time(self, found: list[Found], start: int, is_length: bool) -> Time:
        end = found[0].end
        possible = [f for f in found if not isinstance(f.value, Rejected)] or found
        values = tuple(dict.fromkeys(f.value for f in possible))
        age = possible[0].age
        solar = self._is_solar(start, end)
        # `mùng 3` may be of either calendar; with its year it is as papers have it
        perhaps = possible[0].open is not None and any(
            self.has(place, "maybe_lunar") for place in range(start, end)
        )
        doubtful = self.has(end, "lunar_after") or perhaps
        if doubtful and not solar:
            values = (Vague("lunar", values[0] if isinstance(values[0], str) else None),)
        return Time(values, start, end, is_length, age, solar, possible[0].open)

    def _is_solar(self, start: int, end: int) -> bool:
        """Whether a word for the solar calendar belongs to the time: it stands in it or after it,
        or before it where such words stand before."""
        if not self.lunar or any(start < place <= end for place in self.solar):
            return bool(self.solar)
        said_before = any(
            self.has(place, kind) for place in range(start) for kind in ("number", "figures")
        )
        return start in self.solar and not said_before

    def completed(self, times: Sequence[Time], others: Sequence[Time]) -> list[Time]:
        """`times` with the month or year they were said without, where one of `others` tells it."""
        whole = [self._whole(time, others) for time in times]
        if any(time.open and time.open.unit == "age" and time not in whole for time in times):
            return [time for time in whole if not time.age]
        return whole

    def from_birthdays(self, times: Sequence[Time]) -> list[Time]:
        """`tròn 75 hồi tháng hai`, `thôi nôi tuần trước`: an age that was reached lately tells how
        long before that day the birth was."""
        ages = [time for time in times if time.age]
        lately = [time for time in times if not (time.age or time.length) and self._is_late(time)]
        if len(ages) != 1 or len(lately) != 1:
            return list(times)
        around = range(ages[0].start - 2, ages[0].end + 1)
        reached = any(self.has(at, "birthday") or self.has(at, "milestones") for at in around)
        if not reached:
            return list(times)
        born = self._born(str(lately[0].values[0]), str(ages[0].values[0]))
        return [
            replace(time, values=(born,)) if time is lately[0] else time
            for time in times
            if time is not ages[0]
        ]

    def _is_late(self, time: Time) -> bool:
        """Whether a month or day of the last twelve months is named."""
        value = time.values[0]
        if len(time.values) > 1 or not isinstance(value, str) or len(value) < len("YYYY-MM"):
            return False
        return self.months_since(value) < 12

    def _born(self, birthday: str, told: str) -> Value:
        """The birth of whom became as old as `told` tells on a day or in a month."""
        back = self.months_since(told)
        day = int(birthday[8:]) if len(birthday) > len("YYYY-MM") else 1
        moment = days.shift_months(date(int(birthday[:4]), int(birthday[5:7]), day), -back)
        return moment.isoformat()[: len(birthday)]

    def _whole(self, time: Time, others: Sequence[Time]) -> Time:
        if time.open is None:
            return time
        unit = time.open.unit
        told = (self._tells(other, time, unit) for other in others if other is not time)
        known = {value for value in told if value}
        if len(known) != 1:
            return time
        return replace(time, values=(time.open.complete(known.pop()),), open=None)

    def _tells(self, other: Time, time: Time, unit: str) -> str | None:
        """What `other` says of the `unit` that `time` lacks: a bare month or year, or a whole day
        after a day alone (`ngày 3 hay ngày 4 tháng 8`)."""
        value = other.values[0]
        if len(other.values) > 1 or not isinstance(value, str):
            return None
        if unit == "age":
            return value if other.age else None
        if other.age and self.today.year - int(value[:4]) > CHILD:
            return None
        size = {"year": 4, "month": 7}[unit]
        follows = unit == "month" and other.start > time.end and not other.length
        return value[:size] if len(value) == size or (follows and len(value) == 10) else None
