"""Reading what was said as the answer to a question: the kinds of answers, and in what order."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from knowledge_base.answers.choices import (
    Option,
    at_place,
    find_hits,
    interpret_choice,
    options,
    place_of,
)
from knowledge_base.answers.clauses import Topic, asks, clauses, says_unknown
from knowledge_base.answers.dates import interpret_date, tells_when
from knowledge_base.answers.lexicon import Utterance, utterance
from knowledge_base.answers.reading import (
    Askable,
    NotAnAnswer,
    Reading,
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
    for choice in question.choices:
        if fold(choice.label) == fold(said.text):
            return Understood(choice.value, said.text.strip())
    reading: Reading
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
        loose = isinstance(reading, NotAnAnswer) or (
            isinstance(reading, Vague) and reading.kind != "lunar"
        )
        covers = isinstance(reading, Understood) and reading.quoted in quoted
        if not hit.denied and len(hit.values) == 1 and (loose or covers) and not asks(said, words):
            return Understood(hit.values[0], quoted)
    return reading


def _points(said: Utterance, words: AnswerWords) -> bool:
    """Whether a choice is pointed at: `cái thứ hai`, while `thứ hai` is Monday."""
    days = {i.first for i in words.dates.scan(said) if "weekday_prefix" in i.kinds}
    return any("pointing" in i.kinds and i.first not in days for i in words.short.scan(said))


def _yes_no(question: Askable, said: Utterance, words: AnswerWords, taken_back: bool) -> Reading:
    offered = options(question.choices, words) or YES_NO
    place = place_of(said, offered, words)
    if place and place.typed:
        return at_place(place, said, offered)
    spoken = tuple((value, "", phrases) for value, _, phrases in offered)
    topic = topic_of(question, spoken, words)
    found = clauses(said, words, topic)
    asked = {place for clause in found if clause.asks for place in clause.places}
    unsure = {place for clause in found if clause.unknown for place in clause.places}
    knowing = {
        item.first
        for clause in found
        for item in clause.items
        if {"unknown", "know", "told"} & item.kinds.keys()
    }
    hits = [
        hit
        for hit in find_hits(said, spoken, words)
        if hit.first not in asked
        and (hit.first not in unsure or knowing & set(range(hit.first, hit.last + 1)))
    ]
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
    """The choice that stands for not knowing, if one is offered: words said for it say so."""
    for choice in question.choices:
        for phrase in choice.words:
            items = words.short.scan(utterance(phrase))
            if phrase == "@unknown" or (len(items) == 1 and "unknown" in items[0].kinds):
                return choice.value
    return None
