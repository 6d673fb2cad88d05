"""Reading what was said as the answer to a question: the kinds of answers, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from knowledge_base.answers.ages import interpret_ages
from knowledge_base.answers.choices import (
    Hit,
    Option,
    at_place,
    find_hits,
    in_questions,
    interpret_choice,
    options,
    place_of,
)
from knowledge_base.answers.clauses import Clause, Topic, asks, clauses, says_unknown
from knowledge_base.answers.dates import interpret_date, tells_when
from knowledge_base.answers.lexicon import Utterance, utterance
from knowledge_base.answers.reading import (
    Ambiguous,
    Askable,
    NotAnAnswer,
    Reading,
    Rejected,
    Understood,
    Unknown,
    Vague,
)
from knowledge_base.answers.words import AnswerWords
from knowledge_base.answers.yes_no import interpret_yes_no
from knowledge_base.fold import fold

YES_NO: tuple[Option, ...] = (("yes", "", ()), ("no", "", ()))


def read(
    question: Askable,
    said: Utterance,
    today: date,
    words: AnswerWords,
    *,
    taken_back: bool = False,
) -> Reading:
    """One reading; with `taken_back` an answer was given before, so that this is another."""
    if not said.tokens:
        return NotAnAnswer()
    typed = fold(said.text)
    for choice in question.choices:
        if _folded(choice.label) == typed:
            return Understood(choice.value, said.text.strip())
    reading = interpret_ages(said, question, today=today, words=words)
    if isinstance(reading, Ambiguous):
        return _told_beside(question, said, words) or reading
    if not isinstance(reading, NotAnAnswer):
        return reading
    if question.kind == "date":
        reading = _date(question, said, today, words)
    elif question.kind == "yes_no":
        reading = _yes_no(question, said, words, taken_back)
    else:
        reading = _choice(question, said, words)
    loose = isinstance(reading, NotAnAnswer) or reading == Vague("time")
    if isinstance(reading, Unknown) or (loose and says_unknown(said, words)):
        offered = _not_knowing(question, words)
        return Understood(offered, said.text.strip()) if offered else Unknown()
    if isinstance(reading, NotAnAnswer) and question.kind == "date" and tells_when(said, words):
        return Vague("time")
    return reading


def _told_beside(question: Askable, said: Utterance, words: AnswerWords) -> Reading | None:
    """What is said beside an age that leaves it open: `mới 19, chưa đủ tuổi`."""
    if question.kind != "yes_no":
        return None
    hits = find_hits(said, options(question.choices, words), words)
    values = {hit.values for hit in hits if not hit.denied}
    if len(values) != 1 or len(value := values.pop()) != 1:
        return None
    return Understood(value[0], said.quote(hits[0].first, hits[-1].last), exact=True)


@lru_cache(maxsize=4096)
def _folded(label: str) -> str:
    return fold(label)


def _date(question: Askable, said: Utterance, today: date, words: AnswerWords) -> Reading:
    """A time, or one of the choices offered beside it (`quá hạn rồi`)."""
    topic = topic_of(question, (), words)
    reading = interpret_date(said, today=today, words=words, topic=topic.words)
    offered = options(question.choices, words)
    place = place_of(said, offered, words)
    # `ba` is a number only where nothing is said with it: `ba cháu` is the father.
    alone = place is not None and (place.typed or place.pointed or len(said.tokens) == 1)
    if place and alone and (not isinstance(reading, Understood) or _points(said, words)):
        return at_place(place, said, offered)
    for hit in find_hits(said, offered, words):
        quoted = said.quote(hit.first, hit.last)
        loose = reading in (NotAnAnswer(), Rejected("impossible")) or (
            isinstance(reading, Vague) and reading.kind != "lunar"
        )
        covers = isinstance(reading, Understood) and _begins_in(reading.quoted, quoted, said)
        if not hit.denied and len(hit.values) == 1 and (loose or covers) and not asks(said, words):
            return Understood(hit.values[0], quoted)
    return reading


def _begins_in(time: str, quoted: str, said: Utterance) -> bool:
    """Whether a time is only part of what is said for a choice: `hai tháng rồi` in `hơn hai
    tháng rồi`."""
    start = said.text.find(quoted)
    return time in quoted or start < said.text.find(time) < start + len(quoted)


def _points(said: Utterance, words: AnswerWords) -> bool:
    """Whether a choice is pointed at: `cái thứ hai`, while `thứ hai` is Monday."""
    days = {i.first for i in words.dates.scan(said) if "weekday_prefix" in i.kinds}
    return any("pointing" in i.kinds and i.first not in days for i in words.short.scan(said))


def _yes_no(question: Askable, said: Utterance, words: AnswerWords, taken_back: bool) -> Reading:
    offered = options(question.choices, words) or YES_NO
    place = place_of(said, offered, words)
    if place and place.typed:
        return at_place(place, said, offered)
    # A label of one word (`Có`) is read as what it is anywhere.
    spoken = tuple((v, label if " " in label else "", phrases) for v, label, phrases in offered)
    topic = topic_of(question, spoken, words)
    found = clauses(said, words, topic)
    hits = find_hits(said, spoken, words)
    asked = in_questions(found, hits)
    hits = [hit for hit in hits if hit.first not in asked and not _is_unsure(hit, found)]
    if place and not hits:
        return at_place(place, said, offered)
    denying = [i for i in words.short.scan(said) if {"no", "planned", "lost"} & i.kinds.keys()]
    telling = [
        hit
        for hit in hits
        if not hit.denied
        and (
            hit.values != ("yes",)
            or any(hit.first <= i.first and i.last <= hit.last for i in denying)
        )
    ]
    if telling and not said.asks:
        return Understood(telling[-1].values[0], said.quote(telling[-1].first, telling[-1].last))
    reading = interpret_yes_no(said, words=words, topic=topic, answering=taken_back)
    if isinstance(reading, NotAnAnswer) and hits and not said.asks and not asked:
        value = "no" if hits[-1].denied else hits[-1].values[0]
        return Understood(value, said.quote(hits[0].first, hits[-1].last))
    return reading


def _is_unsure(hit: Hit, found: Sequence[Clause]) -> bool:
    """Whether it stands where one says that one does not know, and is not what says so."""
    kinds = {"unknown", "know", "told"}
    return any(
        clause.unknown
        and hit.first in clause.places
        and not any(
            kinds & i.kinds.keys() for i in clause.items if hit.first <= i.first <= hit.last
        )
        for clause in found
    )


def topic_of(question: Askable, spoken: tuple[Option, ...], words: AnswerWords) -> Topic:
    """What a question is about: its own words, and those said for yes."""
    said_for_yes = (p for value, _, phrases in spoken if value == "yes" for p in phrases)
    return _topic_of((question.text, *said_for_yes), words)


@lru_cache(maxsize=256)
def _topic_of(texts: tuple[str, ...], words: AnswerWords) -> Topic:
    topic: set[str] = set()
    still = any("still" in item.kinds for item in words.short.scan(utterance(texts[0])))
    for text in texts:
        said = utterance(text)
        for item in words.short.scan(said):
            if not {"filler", "yes", "no", "contrast"} & item.kinds.keys():
                topic |= {token.bare for token in said.tokens[item.first : item.last + 1]}
    return Topic(frozenset(topic), still)


def _choice(question: Askable, said: Utterance, words: AnswerWords) -> Reading:
    reading = interpret_choice(said, options(question.choices, words), words)
    if not isinstance(reading, NotAnAnswer):
        return reading
    short = {word: choice.value for choice in question.choices for word in choice.words}
    if "@yes" in short or "@no" in short:
        reading = interpret_yes_no(said, words=words, topic=topic_of(question, (), words))
        if isinstance(reading, Understood) and f"@{reading.value}" in short:
            return Understood(short[f"@{reading.value}"], reading.quoted)
    return NotAnAnswer()


def _not_knowing(question: Askable, words: AnswerWords) -> str | None:
    """The choice that stands for not knowing, if one is offered: its label and words say so."""
    for choice in question.choices:
        if "@unknown" in choice.words:
            return choice.value
        if says_unknown(utterance(choice.label), words):
            said = [words.short.scan(utterance(phrase)) for phrase in choice.words]
            if any(len(items) == 1 and "unknown" in items[0].kinds for items in said):
                return choice.value
    return None
