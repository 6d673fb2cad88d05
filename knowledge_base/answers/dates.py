"""When: a day, month or year out of what someone said.

Own grammar, because the one library that reads Vietnamese dates (dateparser 1.4) was tried and
does not carry this: of 32 ways people answer it read 19, half of those with more precision than
was said (`năm ngoái` became a day), and it knows no number words, no half months, no lunar
calendar and no sentence around the date.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from knowledge_base.answers import days
from knowledge_base.answers.clauses import asks
from knowledge_base.answers.grammar import Grammar, Time
from knowledge_base.answers.lexicon import Item, Utterance, utterance
from knowledge_base.answers.numbers import with_numbers
from knowledge_base.answers.reading import (
    Ambiguous,
    NotAnAnswer,
    Reading,
    Rejected,
    Understood,
    Vague,
)
from knowledge_base.answers.words import AnswerWords

OPENING = 3
"""Words that may stand before one that opens a time: `bà nội mất hồi còn chiến tranh`."""


def interpret_date(
    said: Utterance, *, today: date, words: AnswerWords, topic: AbstractSet[str] = frozenset()
) -> Reading:
    """Read `said` as an answer to *when*; dates that are not said in full come back as far as
    they were said. `topic` holds the words of the question, without marks."""
    items, solar, lunar = _calendars(with_numbers(said, words.dates.scan(said)))
    grammar = Grammar(items, today, solar, lunar=lunar)
    times = list(grammar.times())
    if any(time.solar for time in times):
        times = [time for time in times if time.solar]
    elif lunar or any(isinstance(v, Vague) and v.kind == "lunar" for t in times for v in t.values):
        return Vague("lunar")
    spoken_of = _of_the_event(said, items, times, topic)
    times = _not_denied(items, spoken_of)
    # Of what is denied, a day still tells the month (`ngày 3 chứ không phải ngày 4 tháng 8`).
    others = [time for time in spoken_of if time in times or len(str(time.values[0])) == 10]
    times = grammar.completed(times, others)
    times = [time for time in times if not (time.age and grammar.has(time.start - 1, "vague_time"))]
    if len(times) > 1 and _asks_of_a_birth(topic, words):
        times = grammar.from_birthdays(times)
    if asks(said, words):
        times = [time for time in times if _stands_in_a_question(grammar, time)]
        if not times:
            return NotAnAnswer()
    reading = _settle(grammar, times)
    if isinstance(reading, Understood):
        chosen = [time for time in times if set(time.values) & {reading.value}] or times
        first, last = items[chosen[0].start].first, items[chosen[-1].end - 1].last
        value = reading.value
        if len(value) == 10 and grammar.any("about"):
            value = value[:7]
        now = all(_is_now(time, items) for time in chosen)
        return Understood(value, said.quote(first, last), now=now)
    return reading


def _is_now(time: Time, items: Sequence[Item]) -> bool:
    """Whether only today or this year is named, as words for now do."""
    kinds = items[time.start].kinds
    alone = time.end == time.start + 1
    return alone and 0 in (kinds.get("relative_days"), kinds.get("relative_years"))


def _asks_of_a_birth(topic: AbstractSet[str], words: AnswerWords) -> bool:
    asked = words.dates.scan(utterance(" ".join(sorted(topic))))
    return any("born" in item.kinds for item in asked)


def tells_when(said: Utterance, words: AnswerWords) -> bool:
    """Whether a time is told by what happened then, which names no day."""
    opening = [i for i in words.dates.scan(said) if i.first <= OPENING]
    return any("when" in item.kinds for item in opening) and not asks(said, words)


def _calendars(said: Sequence[Item]) -> tuple[list[Item], list[int], bool]:
    """The items without words to skip and words for the solar calendar, the places of these, and
    whether the lunar calendar is spoken of. A calendar that is denied stands for the other."""
    items: list[Item] = []
    solar: list[int] = []
    lunar = False
    for item in said:
        if "skip" in item.kinds and len(item.kinds) == 1:
            continue
        calendar = next((kind for kind in ("solar", "lunar") if kind in item.kinds), None)
        denied = any("not" in earlier.kinds for earlier in items[-2:])
        if calendar is not None and (calendar == "solar") != denied:
            solar.append(len(items) - denied)
        elif calendar:
            lunar = True
        if calendar is None or len(item.kinds) > 1:
            items.append(item)
    return items, solar, lunar


def _stands_in_a_question(grammar: Grammar, time: Time) -> bool:
    """`quá 60 ngày có sao không` tells no age, `mai lên được không` no day of birth."""
    if time.length:
        return grammar.has(time.start - 1, "since")
    return time.values != (days.FUTURE,)


def _not_denied(items: Sequence[Item], times: list[Time]) -> list[Time]:
    """Without those right after a word for *not*, where another time is said."""
    starts = {place for time in times for place in range(time.start, time.end)}
    kept = [
        time
        for time in times
        if not any(
            "not" in items[place].kinds and not starts & set(range(place, time.start))
            for place in range(max(0, time.start - 2), time.start)
        )
    ]
    return kept or times


def _of_the_event(
    said: Utterance, items: Sequence[Item], times: list[Time], topic: AbstractSet[str]
) -> list[Time]:
    """Without those in a clause about another event: `cưới năm ngoái` tells no birth."""
    other = {
        said.tokens[item.first].clause
        for item in items
        if "event" in item.kinds and said.tokens[item.first].bare not in topic
    }
    return [time for time in times if said.tokens[items[time.start].first].clause not in other]


def _settle(grammar: Grammar, times: Sequence[Time]) -> Reading:
    """One reading out of all times said: the finest of those that agree."""
    if any(time.length for time in times):  # `hôm nay được tròn hai tuần`
        times = [time for time in times if time.length or time.values != (str(grammar.today),)]
    said = [time.values[0] for time in times if len(time.values) == 1]
    named = [time.values[0] for time in times if len(time.values) == 1 and not time.length]
    names = tuple(value for value in named if isinstance(value, str))
    # `em 17 tuổi, cháu sinh hôm qua`: a day named counts before anyone's age, unless the length
    # of time only says it more exactly (`năm nay, được 5 tháng`).
    exact = [
        value
        for value in said
        if isinstance(value, str)
        and (not names or value in names or value.startswith(tuple(n + "-" for n in names)))
    ]
    exact = [
        value
        for index, value in enumerate(exact)
        if value not in exact[:index] and not any(other.startswith(value + "-") for other in exact)
    ]
    if len(exact) == 1:
        if grammar.any("season") and len(exact[0]) == 4:
            return Vague("season", exact[0])
        return Understood(exact[0])
    if len(exact) > 1:
        return Ambiguous(tuple(exact[-3:]))
    several = [time.values for time in times if len(time.values) > 1]
    if several:
        strings = tuple(value for value in several[0] if isinstance(value, str))
        vague = next((value for value in several[0] if isinstance(value, Vague)), None)
        if vague or not strings:
            return vague or (days.FUTURE if days.FUTURE in several[0] else days.IMPOSSIBLE)
        return Ambiguous(strings) if len(strings) > 1 else Understood(strings[0])
    if grammar.any("not_yet"):
        return days.FUTURE
    for kind in (Vague, Rejected):
        if rest := [value for value in said if isinstance(value, kind)]:
            return rest[-1]
    if grammar.any("season"):
        return Vague("season")
    if grammar.any("zodiac"):
        return Vague("lunar")
    if grammar.any("vague_time"):
        return Vague("time")
    if len(grammar.items) == 1 and "number" in grammar.items[0].kinds:
        return Vague("number")
    return NotAnAnswer()
