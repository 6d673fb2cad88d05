"""Dates and money in words, by the patterns of `languages.yml`."""

from __future__ import annotations

from datetime import date

from knowledge_base.errors import RenderError
from knowledge_base.languages import Values


def word_date(text: str, values: Values) -> str:
    """An ISO date `YYYY-MM-DD`, month `YYYY-MM` or year `YYYY`; raises `RenderError` for others.

    A year or month is worded as such: no day is made up."""
    parts = text.split("-")
    try:
        numbers = [int(part) for part in parts]
        date(*[*numbers, 1, 1][:3])  # month and day exist
        pattern = (values.year, values.month, values.day)[len(numbers) - 1]
    except (ValueError, TypeError, IndexError) as error:
        message = f"{text!r} is not a date; write YYYY-MM-DD, YYYY-MM or YYYY"
        raise RenderError(message) from error
    year, month, day = (*map(str, numbers), "", "")[:3]
    if month and values.months:
        month = values.months[int(month) - 1]
    return pattern.format(year=year, month=month, day=day)


def word_money(dong: int, values: Values) -> str:
    """An amount in đồng, its digits grouped: 8000 → `8.000 đồng`."""
    return values.money.format(amount=f"{dong:,}".replace(",", values.thousands))
