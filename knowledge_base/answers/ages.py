"""Which choice fits the ages that somebody tells: `cha 24 mẹ 21` to *are both of age?*."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from knowledge_base.answers.days import from_figures
from knowledge_base.answers.lexicon import Item, Utterance, Value
from knowledge_base.answers.numbers import with_numbers
from knowledge_base.answers.reading import (
    AgeLimits,
    Ambiguous,
    Choosable,
    NotAnAnswer,
    Reading,
    Understood,
)
from knowledge_base.answers.words import AnswerWords
from knowledge_base.fold import fold, strip_marks

OLDEST_AGE = 110
BARE_AGE = range(10, 100)
"""A number that stands alone is taken for an age where it is one of these: `hai` counts people."""
COMPARING = "compared"
"""The word set of what stands beside a number that is no age but compared with one: `chưa đủ 18`,
`trên 18`, `18 trở lên`."""
SHORT_FOR_YEARS = "t"
NO_AGE_BEFORE = frozenset({"units", "not_a_date", "date_prefix"})
NO_AGE_AFTER = frozenset({"units", "clock"})
"""Kinds of words beside a number of something else: `tháng 10`, `10 giờ`."""
FULL_DATE = len("YYYY-MM-DD")


class _Age(NamedTuple):
    """Years, at least and at most (of a year of birth both are possible), and where it is said."""

    least: int
    most: int
    first: int
    last: int


def interpret_ages(
    said: Utterance, choices: Sequence[Choosable], *, today: date, words: AnswerWords
) -> Reading:
    """Read `said` as the choice whose `ages` fit. One person below a limit is enough for the
    choice of those below it; the others need everybody. Between two choices both are given."""
    offered = [choice for choice in choices if choice.ages is not None]
    if not offered or said.asks:
        return NotAnAnswer()
    told = list(_ages(said, today, words))
    if not told:
        return NotAnAnswer()
    quoted = said.quote(told[0].first, told[-1].last)
    for choice in offered:
        fitting = [_fits(age, choice.ages) for age in told]
        below = choice.ages is not None and choice.ages.under is not None
        if all(fitting) or (any(fitting) and below):
            return Understood(choice.value, quoted, exact=True)
    return Ambiguous(tuple(choice.value for choice in offered))


def _fits(age: _Age, limits: AgeLimits | None) -> bool:
    if limits is None:
        return False
    grown = limits.from_ is None or age.least >= limits.from_
    return grown and (limits.under is None or age.most < limits.under)


def _ages(said: Utterance, today: date, words: AnswerWords) -> Iterator[_Age]:
    comparing = {strip_marks(fold(word)) for word in words.sets.get(COMPARING, ())}
    items = [_years(item, said) for item in with_numbers(said, words.dates.scan(said))]
    place = 0
    while place < len(items):
        first, start = items[place], place
        age = _age(items, place, today)
        place += 1
        if age and (other := _age(items, place, today)):  # `16 17`: one of these
            age, place = (min(age[0], other[0]), max(age[1], other[1])), place + 1
        place += age is not None and "age" in _kinds(items, place)
        last = items[place - 1]
        beside = (*said.tokens[: first.first][-1:], *said.tokens[last.last + 1 :][:1])
        if age and not comparing & {token.bare for token in beside}:
            loose = "about" in _kinds(items, start - 1)
            yield _Age(age[0] - loose, age[1] + loose, first.first, last.last)


def _years(item: Item, said: Utterance) -> Item:
    """The item; a `t` as years, which they are where ages are asked: `17t`."""
    short = item.first == item.last and said.tokens[item.first].bare == SHORT_FOR_YEARS
    return replace(item, kinds={"age": "year"}) if short else item


def _age(items: Sequence[Item], place: int, today: date) -> tuple[int, int] | None:
    """The years, at least and at most, that the number at `place` tells."""
    kinds, before, after = (_kinds(items, at) for at in (place, place - 1, place + 1))
    number, figures = kinds.get("number"), kinds.get("figures")
    if isinstance(figures, str) and len(day := str(from_figures(today, figures))) == FULL_DATE:
        years = today.year - int(day[:4]) - (day[5:] > today.isoformat()[5:])
        return years, years
    if not isinstance(number, int):
        return None
    if today.year - OLDEST_AGE <= number <= today.year:
        return today.year - number - 1, today.year - number
    counts = "age" in after and number <= OLDEST_AGE
    other = NO_AGE_BEFORE & before.keys() or NO_AGE_AFTER & after.keys()
    return (number, number) if counts or (number in BARE_AGE and not other) else None


def _kinds(items: Sequence[Item], place: int) -> Mapping[str, Value]:
    return items[place].kinds if 0 <= place < len(items) else {}
