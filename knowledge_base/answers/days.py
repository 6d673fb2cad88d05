"""The calendar: what a day, month, year or length of time said today can mean."""

from __future__ import annotations

import re
from datetime import date, timedelta

from knowledge_base.answers.reading import Rejected

Day = str | Rejected
"""`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or why it can't be one."""

OLDEST = 1900
SUNDAY = 6
IMPOSSIBLE = Rejected("impossible")
FUTURE = Rejected("future")

_THREE = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{2}|\d{4})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})\Z")
_TWO = re.compile(r"(\d{1,2})[-./](\d{4}|\d{1,2})\Z")


def named(today: date, day: int | None, month: int, year: int | None = None) -> Day:
    """A day or month as named; without a year the latest that is not in the future."""
    if year is not None and not OLDEST <= year <= 2100:
        return IMPOSSIBLE
    if not 1 <= month <= 12:
        return IMPOSSIBLE
    years = [year] if year is not None else [today.year - back for back in range(9)]
    found = [moment for y in years if (moment := _exists(day, month, y))]
    if not found:
        return IMPOSSIBLE
    past = [moment for moment in found if moment <= today]
    if not past:
        return FUTURE
    return past[0].isoformat() if day is not None else past[0].isoformat()[:7]


def _exists(day: int | None, month: int, year: int) -> date | None:
    try:
        return date(year, month, day if day is not None else 1)
    except ValueError:
        return None


def year_named(today: date, year: int) -> Day:
    """A year on its own."""
    if not OLDEST <= year <= 2100:
        return IMPOSSIBLE
    return str(year) if year <= today.year else FUTURE


def full_year(today: date, year: int) -> int:
    """26 is 2026 and 98 is 1998: two figures mean the latest such year that is not to come."""
    if year >= 100:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year + 1 else century - 100 + year


def day_of_month(today: date, day: int, months_back: int | None) -> Day:
    """The 12th: of the month `months_back` ago, or the latest 12th."""
    first = today.replace(day=1)
    for back in range(3) if months_back is None else [months_back]:
        start = shift_months(first, -back)
        moment = _exists(day, start.month, start.year)
        if moment and moment <= today:
            return moment.isoformat()
        if months_back is not None:
            return FUTURE if moment else IMPOSSIBLE
    return IMPOSSIBLE


def shift_months(day: date, months: int) -> date:
    """`day` moved by whole months; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        moment = _exists(last, month + 1, year)
        if moment:
            return moment
    raise AssertionError("every month has 28 days")


def ago(today: date, parts: dict[str, int], half: bool, exact: bool = False) -> Day:
    """So long ago: days are exact, weeks and months are known to the month, years to the year;
    with `exact` everything to the day."""
    if abs(sum(parts.values())) > 1500:
        return IMPOSSIBLE
    months = parts.get("year", 0) * 12 + parts.get("month", 0)
    days = parts.get("week", 0) * 7 + parts.get("day", 0)
    finest = next(unit for unit in ("day", "week", "month", "year") if unit in parts)
    if half:
        months += 6 if finest == "year" else 0
        days += {"month": 15, "week": 4}.get(finest, 0)
    if months // 12 >= today.year - OLDEST:
        return IMPOSSIBLE
    moment = shift_months(today, -months) - timedelta(days)
    if finest == "day" or exact:
        return moment.isoformat()
    return moment.isoformat()[: 4 if finest == "year" and not half else 7]


def unit_from_now(today: date, unit: str, offset: int) -> Day:
    """Last month, this year, next week: known to the month (of a week too) or to the year."""
    if offset > 0:
        return FUTURE
    if unit == "year":
        return str(today.year + offset)
    if unit == "month":
        return shift_months(today, offset).isoformat()[:7]
    return (today + timedelta(offset * (7 if unit == "week" else 1))).isoformat()[
        : 7 if unit == "week" else 10
    ]


def weekday(today: date, wanted: int, weeks: int | None, before_today: bool = False) -> Day:
    """A day of the week (Monday is 0): of the week `weeks` from now, or the latest one. This
    week's Sunday may be the one that opened it."""
    if weeks is None or (weeks == 0 and wanted == SUNDAY):
        back = (today.weekday() - wanted) % 7
        return (today - timedelta(back or (7 if before_today else 0))).isoformat()
    moment = today - timedelta(today.weekday() - wanted) + timedelta(weeks * 7)
    return moment.isoformat() if moment <= today else FUTURE


def from_figures(today: date, typed: str, month_first: bool = False) -> Day | None:
    """`12/3`, `12-3-2026`, `12.3.26`, `2026-03-12`, `3/2026`; None if it is not a date's form.

    Day before month, as Vietnamese is written. `month_first` after a word for month."""
    if match := _THREE.match(typed):
        day, _, month, year = match.groups()
        return named(today, int(day), int(month), full_year(today, int(year)))
    if match := _YEAR_FIRST.match(typed):
        year, _, month, day = match.groups()
        return named(today, int(day), int(month), int(year))
    if match := _TWO.match(typed):
        first, second = int(match[1]), int(match[2])
        if len(match[2]) == 4 or month_first or (second > 12 >= first and len(match[2]) == 2):
            return named(today, None, first, full_year(today, second))
        return named(today, first, second)
    if re.fullmatch(r"\d{8}", typed):
        return named(today, int(typed[:2]), int(typed[2:4]), int(typed[4:]))
    return None
