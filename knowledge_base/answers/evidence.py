"""What speaks for each thing that a message may be to somebody who was just asked a question.

A message is one of a few candidates: one of the choices, an answer that fits several of them, not
knowing, or no answer at all; and where the rules read a time, that. Each piece of evidence has a
name and a strength; how much it weighs stands in `weights.yml`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge_base.answers.clauses import Topic, asks, bare_leaning, clauses
from knowledge_base.answers.examples import NO_ANSWER, UNCLEAR, UNKNOWN
from knowledge_base.answers.lexicon import utterance
from knowledge_base.answers.reading import (
    Ambiguous,
    Askable,
    NotAnAnswer,
    Reading,
    Rejected,
    Understood,
    Unknown,
    Vague,
    offered,
)
from knowledge_base.answers.words import AnswerWords
from knowledge_base.schema import TOPICS

Guess = tuple[str, float]
"""A choice, `unknown`, `unclear` or `no_answer`, and its probability."""
Evidence = Mapping[str, float]
"""Name of a piece of evidence → its strength."""

REQUESTS = frozenset(
    {
        "back",
        "next",
        "repeat",
        "help",
        "why",
        "restart",
        "change_answer",
        "slower",
        "change_language",
        "talk_to_staff",
        "topics",
        "delete_my_data",
        "who_are_you",
        "trouble",
        "goodbye",
    }
)
PLAIN_REQUESTS = REQUESTS - {"help", "talk_to_staff"}
"""Requests that are never the words of an answer ("nhờ cán bộ giúp" may well be one)."""
KIND_WORDS = frozenset({"greet", "thanks"})
DOES_NOT_KNOW = "dont_know"
OUT_OF_SCOPE = "out_of_scope"

FEW_WORDS = 4
"""A message of no more words is a short one, …"""
BRIEF = 6
"""… one of no more a brief one, …"""
STORY = 8
"""… one of more a longer one, …"""
SMALL_PART = 0.3
"""… of which less than this is a few words."""

TOLD = "told"
"""The candidate that is what the rules read, where that is a time or another value that nobody
offered."""
_PRECISION = {len("2026"): "year", len("2026-11"): "month", len("2026-11-29"): "day"}
FAINT = 0.01
"""The least that a guess is taken for, as a probability."""


@dataclass(frozen=True)
class Heard:
    """A message as the components understand it. `confidence` is that of the intent, 0 to 1;
    `guesses` are for the question that was asked, best first, what is left out being unlikely;
    empty where nothing was learnt about that question; `names_another`: whether it names a
    procedure that is not under way."""

    text: str
    intent: str = ""
    confidence: float = 0.0
    guesses: Sequence[Guess] = ()
    names_another: bool = False

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


@dataclass(frozen=True)
class Candidate:
    """What a message may be, with what speaks for it."""

    name: str
    evidence: Evidence = field(default_factory=dict)


def candidates(
    question: Askable, ruled: Reading, heard: Heard, words: AnswerWords
) -> list[Candidate]:
    """What the message may be; `ruled` is what the rules read in it."""
    read, intended = _of_rules(ruled, heard), _of_intent(heard, words)
    bare = _is_bare(question, ruled, heard, words)
    if bare:
        read.setdefault(UNCLEAR, {})["bare_yes_or_no"] = 1.0
    chances = _chances(question, heard)
    return [
        Candidate(
            name,
            ({} if name in offered(question) or name == TOLD else {name: 1.0})
            | ({"guess": math.log(max(chances.get(name, 0.0), FAINT))} if chances else {})
            | read.get(name, {})
            | intended.get(name, {}),
        )
        for name in _names(question, ruled, heard, bare=bare)
    ]


def _names(question: Askable, ruled: Reading, heard: Heard, *, bare: bool) -> Iterator[str]:
    """The candidates. Without guesses no choice is one that the rules don't read."""
    choices = offered(question)
    if heard.guesses:
        yield from choices
        yield UNCLEAR
        if UNKNOWN not in choices:
            yield UNKNOWN
    elif isinstance(ruled, Understood) and ruled.value in choices:
        yield ruled.value
    elif isinstance(ruled, Ambiguous | Vague):
        yield UNCLEAR
    elif isinstance(ruled, Unknown):
        yield UNKNOWN
    elif bare:
        yield UNCLEAR
    elif heard.intent == DOES_NOT_KNOW:
        yield UNKNOWN
    if is_told(question, ruled):
        yield TOLD
    yield NO_ANSWER


def is_told(question: Askable, ruled: Reading) -> bool:
    """Whether the rules read what nobody offered: a time, or one that can't be."""
    if isinstance(ruled, Understood):
        return ruled.value not in offered(question)
    return isinstance(ruled, Rejected) or (isinstance(ruled, Vague) and ruled.kind == "lunar")


def _chances(question: Askable, heard: Heard) -> dict[str, float]:
    """The guesses by name; that of what was told is that of any choice."""
    if not heard.guesses:
        return {}
    chances = dict(heard.guesses)
    return chances | {TOLD: sum(chances.get(value, 0.0) for value in offered(question))}


def is_exact(reading: Reading) -> bool:
    """Whether a date or an age was read."""
    return isinstance(reading, Understood) and (reading.exact or _is_day(reading))


def _is_day(reading: Reading) -> bool:
    """Whether a time was read, and not only a word for now: `nay cháu học lớp ba`."""
    return isinstance(reading, Understood) and reading.value[:1].isdigit() and not reading.now


def _of_rules(ruled: Reading, heard: Heard) -> dict[str, dict[str, float]]:
    """What the rules read, as evidence for each candidate."""
    if isinstance(ruled, Understood):
        read = {_manner(ruled, heard): 1.0}
        if _is_day(ruled):
            read[_PRECISION.get(len(ruled.value), "day")] = 1.0
        elif ruled.now:
            read["now"] = 1.0
        return {ruled.value: read, TOLD: read}
    if isinstance(ruled, Ambiguous):
        ages = "only_ages" if heard.words <= BRIEF else "several_ages"
        exact = {ages: 1.0} if ruled.exact else {}
        among: dict[str, dict[str, float]] = {value: {"among": 1.0} for value in ruled.values}
        return {**among, UNCLEAR: {"several": 1.0, **exact}}
    if isinstance(ruled, Vague):
        only = "only_lunar" if heard.words <= BRIEF else "lunar"
        lunar = {only: 1.0} if ruled.kind == "lunar" else {}
        return {UNCLEAR: {"loose_time": 1.0}, TOLD: {"loose_time": 1.0, **lunar}}
    if isinstance(ruled, Rejected):
        return {TOLD: {"exact": 1.0, "day": 1.0}}
    if isinstance(ruled, Unknown):
        long = {"not_known_in_story": 1.0} if heard.words > STORY else {}
        return {UNKNOWN: {"not_known": 1.0, **long}}
    return {NO_ANSWER: {"nothing_read": 1.0}, UNCLEAR: {"nothing_clear_read": 1.0}}


def _manner(ruled: Understood, heard: Heard) -> str:
    """How the rules read a value: exactly, out of all of the message, or out of a part."""
    whole = heard.text.strip()
    if is_exact(ruled):
        return "exact"
    if ruled.quoted == whole:
        return "whole_short" if heard.words <= FEW_WORDS else "whole"
    if heard.words <= BRIEF:
        return "part_of_brief"
    small = heard.words > STORY and len(ruled.quoted) < SMALL_PART * len(whole)
    return "small_part" if small else "part"


def _is_bare(question: Askable, ruled: Reading, heard: Heard, words: AnswerWords) -> bool:
    """Whether a bare yes or no was said to a question that has no such answer: *who goes?*."""
    if question.kind == "yes_no" or not isinstance(ruled, NotAnAnswer):
        return False
    return bare_leaning(utterance(heard.text), words) is not None


def _of_intent(heard: Heard, words: AnswerWords) -> dict[str, dict[str, float]]:
    """What the intent says, and how the message is put: for no answer, and for not knowing. The
    strength of an intent is the logarithm of its odds."""
    said = utterance(heard.text)
    asking = asks(said, words)
    none: dict[str, float] = {}
    if asking:
        none["asks"] = 1.0
    if heard.words > STORY:
        none["long"] = 1.0
    found = {NO_ANSWER: none}
    unsure = [clause.unknown for clause in clauses(said, words, Topic())]
    if any(unsure):
        found[UNKNOWN] = {"says_unsure": 1.0}
        if unsure[-1]:
            found[UNKNOWN]["ends_unsure"] = 1.0
    if not heard.intent:
        return found
    odds = odds_of_intent(heard.confidence)
    if heard.intent == DOES_NOT_KNOW:
        found.setdefault(UNKNOWN, {})["does_not_know"] = odds
    for name in _kinds(heard, asking=asking):
        none[name] = odds
    return found


def odds_of_intent(confidence: float) -> float:
    """The logarithm of the odds of an intent."""
    return math.log(max(confidence, 0.02) / max(1 - confidence, 0.005))


def _kinds(heard: Heard, *, asking: bool) -> Iterator[str]:
    """What kind of intent it is."""
    if heard.intent in PLAIN_REQUESTS:
        yield "plain_request"
    elif heard.intent in REQUESTS:
        yield "request"
    elif heard.intent == "start":
        yield "start"
        if heard.names_another:
            yield "start_of_another"
    elif heard.intent in TOPICS:
        yield "topic"
        if asking:
            yield "topic_asked"
    elif heard.intent == OUT_OF_SCOPE:
        yield "foreign"
    elif heard.intent in KIND_WORDS:
        yield "kind_words"
    else:
        yield "telling"
