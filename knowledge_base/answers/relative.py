"""Times counted from today: `hôm qua`, `tháng trước`, `thứ hai tuần rồi`."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.answers import days
from knowledge_base.answers.reading import Vague
from knowledge_base.answers.row import Found, Row, Value


class Relative(Row):
    """Rules for times that are told by how far they are from today."""

    def relative(self, start: int) -> Iterator[Found]:
        """Every such time that begins at `start`."""
        offset = self.number(start, "relative_days")
        if offset is not None:
            yield Found(days.unit_from_now(self.today, "day", offset), start + 1)
        for period in ("week", "month"):
            for offset, end in self.shifted(start, period):
                moment = days.unit_from_now(self.today, period, offset)
                ahead = self.until_birthday({period: offset}) if offset > 0 else None
                yield Found(moment, end, ahead)
        for offset, end in self.shifted(start, "day"):
            yield Found(days.FUTURE if offset > 0 else Vague("time"), end)
        yield from self._part(start)
        yield from self._weekday(start)
        for offset, end in self._weeks(start):
            for wanted, stop in self._weekday_name(self.skip(end, "date_prefix")):
                yield Found(days.weekday(self.today, wanted, offset), stop)

    def _part(self, start: int) -> Iterator[Found]:
        """`đầu tháng` is in this month; of `cuối tháng` nobody says which."""
        early = self.has(start, "early")
        if not early and not self.has(start, "part"):
            return
        unit = self.unit(start + 1, "month", "year")
        if not unit or any(self.month(start + 1)) or any(self.year(start + 1, bare=False)):
            return
        if not any(self.shifted(start + 1, unit)):
            now: Value = days.unit_from_now(self.today, unit, 0)
            yield Found(now if early else Vague("time"), start + 2)

    def _weekday(self, start: int) -> Iterator[Found]:
        for wanted, end in self._weekday_name(start):
            yield Found(days.weekday(self.today, wanted, None), end)
            if self.number(end, "after_unit") == -1:
                yield Found(days.weekday(self.today, wanted, None, before_today=True), end + 1)
            for offset, stop in self._weeks(self.skip(end, "since")):
                yield Found(days.weekday(self.today, wanted, offset), stop)

    def _weekday_name(self, start: int) -> Iterator[tuple[int, int]]:
        name = self.number(start, "weekdays")
        if name is not None:
            yield name, start + 1
        if self.has(start, "weekday_prefix"):
            for kind in ("number", "number_after_unit"):
                place = self.number(start + 1, kind)
                if place is not None and 2 <= place <= 7:
                    yield place - 2, start + 2

    def _weeks(self, start: int) -> Iterator[tuple[int, int]]:
        """Which week from now is named: `tuần trước`, `hai tuần trước`."""
        yield from self.shifted(start, "week")
        count = self.number(start)
        if count is not None and self.unit(start + 1, "week"):
            end = self.skip(start + 2, "ago")
            if end > start + 2 or self.has(start - 1, "since"):
                yield -count, end
