"""Which choice fits the ages that somebody tells: `cha 24 mẹ 21` to *are both of age?*."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from knowledge_base.answers.days import FUTURE
from knowledge_base.answers.grammar import Grammar, Time
from knowledge_base.answers.lexicon import Item, Lexicon, Utterance, Value, fits
from knowledge_base.answers.numbers import with_numbers
from knowledge_base.answers.reading import (
    AgeLimits,
    Ambiguous,
    Askable,
    NotAnAnswer,
    Reading,
    Understood,
)
from knowledge_base.answers.words import AnswerWords
from knowledge_base.fold import fold

OLDEST_AGE = 110
BARE_AGE = range(10, 100)
"""A number that stands alone is taken for an age where it is one of these: `hai` counts people."""
COMPARING = "compared"
"""The word set of what stands beside a number that is no age but compared with one: `chưa đủ 18`,
`trên 18`, `18 trở lên`."""
YOUNGER, OLDER = "younger", "older"
"""The word sets of what stands between two persons: `vợ kém hai tuổi`, `em nhỏ hơn`."""
APART = 3
"""Words up to which such a word stands before the years: `kém em hai tuổi`."""
AHEAD = 6
"""Words up to which a time to come stands before the age that will then be reached."""
SHORT_FOR_YEARS = "t"
NO_AGE_BEFORE = frozenset({"units", "not_a_date", "date_prefix"})
NO_AGE_AFTER = frozenset({"units", "clock"})
"""Kinds of words beside a number of something else: `tháng 10`, `10 giờ`."""
YEAR = len("YYYY")
SCHOOL = "school"
"""What stands before the number of a class, with how many years more its youngest children have;
in the first they turn six in the year it begins (Luật Giáo dục 2019, Điều 28)."""
CLASSES, OLDER_THAN_CLASS = 12, 6
"""How many classes there are, and how many years more than its number others of a class have."""


class _Age(NamedTuple):
    """Years, at least and at most (of a year of birth both are possible), and where it is said."""

    least: int
    most: int
    first: int
    last: int


def interpret_ages(
    said: Utterance, question: Askable, *, today: date, words: AnswerWords
) -> Reading:
    """Read `said` as the choice whose `ages` fit. One person below a limit is enough for the
    choice of those below it; the others need everybody. Between two choices both are given."""
    offered = [choice for choice in question.choices if choice.ages is not None]
    if not offered or said.asks:
        return NotAnAnswer()
    told = list(_ages(said, today, words))
    if not told:
        return NotAnAnswer()
    quoted = said.quote(told[0].first, told[-1].last)
    for choice in offered:
        fitting = [_fits(age, choice.ages) for age in told]
        below = choice.ages is not None and choice.ages.under is not None
        whole = len(told) >= question.persons or _of_everybody(said, words)
        if any(fitting) if below else (all(fitting) and whole):
            return Understood(choice.value, quoted, exact=True)
    return Ambiguous(tuple(choice.value for choice in offered), exact=True)


def _of_everybody(said: Utterance, words: AnswerWords) -> bool:
    """Whether an age is told of all who are meant: `cả hai đều ngoài ba mươi`."""
    return any(item.kinds for item in _everybody(words).scan(said))


@lru_cache(maxsize=8)
def _everybody(words: AnswerWords) -> Lexicon:
    lexicon = Lexicon()
    lexicon.add(words.sets.get("everybody", ()), "everybody")
    return lexicon


def _fits(age: _Age, limits: AgeLimits | None) -> bool:
    if limits is None:
        return False
    grown = limits.from_ is None or age.least >= limits.from_
    return grown and (limits.under is None or age.most < limits.under)


def _ages(said: Utterance, today: date, words: AnswerWords) -> Iterator[_Age]:
    told = list(_told(said, today, words))
    compared = [item for item in _comparisons(words).scan(said) if item.kinds]
    for item in compared:
        apart = [age for age in told if _is_apart(age, item)]
        told = [age for age in told if age not in apart]
        others = sorted(told, key=lambda age: (age.first > item.first, abs(age.first - item.first)))
        if others:
            told.append(_beside(others[0], item, apart))
    yield from sorted(told, key=lambda age: age.first)


@lru_cache(maxsize=8)
def _comparisons(words: AnswerWords) -> Lexicon:
    """Finds what compares two persons; the values are -1 for the younger and 1 for the older."""
    lexicon = Lexicon()
    lexicon.add(words.sets.get(YOUNGER, ()), COMPARING, -1)
    lexicon.add(words.sets.get(OLDER, ()), COMPARING, 1)
    return lexicon


def _is_apart(age: _Age, item: Item) -> bool:
    """Whether the years are those between two persons: `kém em hai tuổi`."""
    return age.most < BARE_AGE.start and 0 < age.first - item.last <= APART


def _beside(other: _Age, item: Item, apart: Sequence[_Age]) -> _Age:
    """The age of whom `item` compares with `other`, `apart` by so many years or by any."""
    younger = item.kinds[COMPARING] == -1
    least = -OLDEST_AGE if younger else 0
    most = 0 if younger else OLDEST_AGE
    last = item.last
    for age in apart[:1]:
        least, most = (-age.most, -age.least) if younger else (age.least, age.most)
        last = age.last
    return _Age(other.least + least, other.most + most, item.first, last)


def _told(said: Utterance, today: date, words: AnswerWords) -> Iterator[_Age]:
    """The ages that are told by themselves."""
    scanned = with_numbers(said, words.dates.scan(said))
    times = list(Grammar(scanned, today).times())
    births = {time.start: time for time in times if _is_birth(time, scanned)}
    items = [_years(item, said) for item in scanned]
    place = 0
    while place < len(items):
        first, start = items[place], place
        if birth := births.get(place):
            place = birth.end
            yield _Age(*_born(birth, today), first.first, items[place - 1].last)
            continue
        age = _age(items, place, today)
        place += 1
        if age and (other := _age(items, place, today)):  # `16 17`: one of these
            age, place = (min(age[0], other[0]), max(age[1], other[1])), place + 1
        place += age is not None and "age" in _kinds(items, place)
        last = items[place - 1]
        if age is None:
            continue
        small = age[1] < BARE_AGE.start or SCHOOL in _kinds(items, start - 1)
        if _is_to_come(said, items, start, times):
            yield _Age(age[0] - 1, age[1] - 1, first.first, last.last)
        elif _is_reached_at_tet(said, items, start):  # the last one or the next
            yield _Age(age[0] - 1, age[1] + 1, first.first, last.last)
        elif small or not _is_compared(said, first.first, last.last, words):
            loose = "about" in _kinds(items, start - 1)
            yield _Age(age[0] - loose, age[1] + loose, first.first, last.last)


def _is_to_come(said: Utterance, items: Sequence[Item], place: int, times: Sequence[Time]) -> bool:
    """Whether a time to come stands before an age: `tháng sau mới tròn mười tám`."""
    return any(
        time.values == (FUTURE,) and time.end - 1 in _before(said, items, place) for time in times
    )


def _is_reached_at_tet(said: Utterance, items: Sequence[Item], place: int) -> bool:
    """Whether an age is reached on a day of the lunar calendar: `ra giêng mới đủ 14`."""
    kinds = {kind for at in _before(said, items, place) for kind in items[at].kinds}
    return {"lunar", "birthday"} <= kinds


def _before(said: Utterance, items: Sequence[Item], place: int) -> Sequence[int]:
    """The places of the last words before `place` in its clause."""
    clause = said.tokens[items[place].first].clause
    near = range(max(0, place - AHEAD), place)
    return [at for at in near if said.tokens[items[at].first].clause == clause]


def _is_birth(time: Time, items: Sequence[Item]) -> bool:
    """Whether a month or a day is named with its year."""
    value = time.values[0]
    if time.length or len(time.values) > 1 or not isinstance(value, str):
        return False
    year = int(value[:YEAR])
    return any(
        "figures" in item.kinds or item.kinds.get("number") in (year, year % 100)
        for item in items[time.start : time.end]
    )


def _born(birth: Time, today: date) -> tuple[int, int]:
    """The years of somebody born then; a month holds two answers in the month of the birthday."""
    value = str(birth.values[0])
    years, passed = today.year - int(value[:YEAR]), today.isoformat()[YEAR:]
    known = value[YEAR:]
    turned = years - (known > passed[: len(known)])
    return turned - (known == passed[: len(known)] and known != passed), turned


def _is_compared(said: Utterance, first: int, last: int, words: AnswerWords) -> bool:
    """Whether what stands beside a number tells that it is nobody's age."""
    beside = (*said.tokens[:first][-1:], *said.tokens[last + 1 :][:1])
    clauses = {said.tokens[first].clause, said.tokens[last].clause}
    return any(
        fits(token.key, word)
        for token in beside
        if token.clause in clauses
        for word in map(fold, words.sets.get(COMPARING, ()))
    )


def _years(item: Item, said: Utterance) -> Item:
    """The item; a `t` as years, which they are where ages are asked: `17t`."""
    short = item.first == item.last and said.tokens[item.first].bare == SHORT_FOR_YEARS
    return replace(item, kinds={"age": "year"}) if short else item


def _age(items: Sequence[Item], place: int, today: date) -> tuple[int, int] | None:
    """The years, at least and at most, that the number at `place` tells."""
    kinds, before, after = (_kinds(items, at) for at in (place, place - 1, place + 1))
    number = kinds.get("number")
    if not isinstance(number, int):
        return None
    if today.year - OLDEST_AGE <= number <= today.year:  # where the year is part of another time
        return today.year - number - 1, today.year - number
    if isinstance(younger := before.get(SCHOOL), int) and number <= CLASSES:
        return number + younger, number + OLDER_THAN_CLASS
    counts = "age" in after and number <= OLDEST_AGE
    other = NO_AGE_BEFORE & before.keys() or NO_AGE_AFTER & after.keys()
    return (number, number) if counts or (number in BARE_AGE and not other) else None


def _kinds(items: Sequence[Item], place: int) -> Mapping[str, Value]:
    return items[place].kinds if 0 <= place < len(items) else {}
