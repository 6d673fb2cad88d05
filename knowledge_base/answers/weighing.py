"""What a message is to somebody who was just asked a question: an answer, or something else.

Two readers look at it: the rules of `interpret`, which know dates, numbers, places and the words
of the choices, and the guesses of a model that learnt from whole answers, which knows what people
say instead. The intent of the message says whether it asks for something itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from knowledge_base.answers.clauses import asks, bare_leaning
from knowledge_base.answers.examples import UNCLEAR, UNKNOWN
from knowledge_base.answers.lexicon import utterance
from knowledge_base.answers.messages import interpret
from knowledge_base.answers.reading import (
    YES_NO,
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
"""A choice, `unknown` or `unclear`, and its probability."""

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
OUT_OF_SCOPE = "out_of_scope"
KIND_WORDS = frozenset({"greet", "thanks"})
PLAIN_REQUESTS = REQUESTS - {"help", "talk_to_staff"}
"""Requests that are never the words of an answer ("nhờ cán bộ giúp" may well be one)."""
ASKED_NOT_TOLD = frozenset(TOPICS) - {"start", "missing_document"}
"""Topics that somebody who only tells their case is not taken to be about."""
SURE = 0.6
"""Confidence from which an intent stands against an answer found inside a longer message."""
HALF = 0.4
"""Confidence from which what is put as a question, and no answer is read in, asks something."""
SURELY = 0.7
"""Confidence from which an intent stands against words that read like an answer."""
FEW_WORDS = 4
"""Up to so many words, something like an answer ("ngày mai") is taken as one."""
MOST = 0.6
"""Share of the message that an answer must cover to win over a question about a topic."""

LIKELY = 0.47
"""Probability from which a guess is taken where the rules find nothing or too much."""
OFFERED = 0.3
"""Two guesses as likely as this are offered; and where the rules find nothing, an answer that is as
likely to fit several choices is taken to do so, however likely one of them is."""
TOLD = 0.65
"""Probability from which a guess stands against words for not knowing ("không biết con ai")."""
UNDECIDED = 0.7
"""Probability from which an answer is taken to fit several choices though the rules find one, …"""
UNDECIDED_STORY = 0.6
"""… and the same for a longer message, and for one that the intent calls a question."""
CERTAIN = 0.75
"""Probability from which a guess stands against what the rules read."""
SURE_OF_STORY = 0.6
"""The same where the rules read a few words of a longer message, or where it is not known."""
BRIEF = 6
"""A message of no more words is brief, …"""
STORY = 8
"""… one of more is a longer one, …"""
SMALL_PART = 0.3
"""… of which less than this is a few words."""
ALMOST_CERTAIN = 0.95
"""Probability from which a guess stands against what is plainly put as a question, and what is
foreign against a part of it that reads like an answer."""
HINTED = 0.15
"""Probability from which an answer may fit several choices where the rules read one out of words
all over the message, …"""
FAR = 0.6
"""… and the likeliest choice is not so much likelier."""
PLAINLY = 0.9
"""Confidence from which a request or a question is one whatever answer it reads like."""


@dataclass(frozen=True)
class Heard:
    """A message as the components understand it. `confidence` is that of the intent, 0 to 1;
    `guesses` are for the question that was asked, best first; `names_another`: whether it names a
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

    def guess(self, least: float) -> str | None:
        """The likeliest guess, if it is as likely as `least`."""
        return self.guesses[0][0] if self.guesses and self.guesses[0][1] >= least else None


@dataclass(frozen=True)
class Hearing:
    """A message as the components understand it, whatever was asked. `answers`: the guesses for
    each question that the message may answer; `instead`: the same of what counts in it (see
    `earlier.what_counts`), where that is not all of it."""

    text: str
    intent: str = ""
    confidence: float = 0.0
    answers: Mapping[str, Sequence[Guess]] = field(default_factory=dict)
    instead: Mapping[str, Sequence[Guess]] | None = None
    names_another: bool = False

    def to(self, question: str, *, instead: bool = False) -> Heard:
        """The message as what is said to the question with the message id `question`; with
        `instead`, only what counts where something is taken back."""
        told = self.answers if self.instead is None or not instead else self.instead
        guesses = told.get(question, ())
        return Heard(self.text, self.intent, self.confidence, guesses, self.names_another)


def read_answer(
    question: Askable, heard: Heard, *, today: date, words: AnswerWords
) -> Reading | None:
    """The message as an answer to `question`; None if it is something else."""
    ruled = interpret(question, heard.text, today=today, words=words)
    if _only_affirms(question, ruled, heard, words):
        return _guessed(question, UNCLEAR)
    if _is_kind_word(heard) and (isinstance(ruled, NotAnAnswer) or _reads_all(ruled, heard)):
        return None
    reading = weigh(question, ruled, heard)
    if heard.intent == "dont_know" and _knows_not(reading, heard):
        return _guessed(question, UNCLEAR) if heard.guess(CERTAIN) == UNCLEAR else Unknown()
    if isinstance(reading, NotAnAnswer) or _asks_something_else(heard, reading, words):
        return None
    return reading


def weigh(question: Askable, ruled: Reading, heard: Heard) -> Reading:
    """What the rules read, after hearing the guesses."""
    if not heard.guesses:
        return ruled
    value, chance = heard.guesses[0]
    guessed = _guessed(question, value)
    if _reads_all(ruled, heard) and _may_be_unclear(heard, HINTED, FAR):
        return _guessed(question, UNCLEAR)
    if value == UNCLEAR and not isinstance(ruled, Unknown | Rejected):
        surely = isinstance(ruled, NotAnAnswer) or chance >= _least_undecided(ruled, heard)
        half_told = chance >= CERTAIN and not _is_day(ruled)  # the age of one of two
        return guessed if surely and (half_told or not is_exact(ruled)) else ruled
    if isinstance(ruled, NotAnAnswer):
        if _may_be_unclear(heard):
            return _guessed(question, UNCLEAR)
        if chance >= LIKELY:
            return guessed
        likely = tuple(v for v, c in heard.guesses if c >= OFFERED and _is_choice(question, v))
        return Ambiguous(likely) if len(likely) > 1 else ruled
    if isinstance(ruled, Unknown):
        return guessed if chance >= (PLAINLY if value == UNCLEAR else TOLD) else ruled
    if isinstance(ruled, Ambiguous):
        either = value in ruled.values and not ruled.exact
        return guessed if chance >= (LIKELY if either else CERTAIN) else ruled
    if isinstance(ruled, Vague):
        return guessed if ruled.kind != "lunar" and chance >= CERTAIN else ruled
    sure = SURE_OF_STORY if value == UNKNOWN or _is_small_part(ruled, heard) else CERTAIN
    if isinstance(ruled, Understood) and ruled.value != value and chance >= sure:
        short = heard.words < FEW_WORDS and ruled.quoted == heard.text.strip()
        return ruled if short or is_exact(ruled) else guessed
    return ruled


def _only_affirms(question: Askable, ruled: Reading, heard: Heard, words: AnswerWords) -> bool:
    """Whether a bare yes or no was said to a question that has no such answer: *who goes?*. A no
    may still stand for a choice: `chưa` to *first card, or again?*."""
    if question.kind == "yes_no" or not isinstance(ruled, NotAnAnswer):
        return False
    leans = bare_leaning(utterance(heard.text), words)
    told = heard.guess(CERTAIN) and not (leans and _is_short(heard))
    return leans is not None and not told


def _is_kind_word(heard: Heard) -> bool:
    """Whether it is surely what people say to each other, and no answer to anything (`chào em, hôm
    nay có khỏe không`)."""
    return heard.intent in KIND_WORDS and heard.confidence >= PLAINLY and not heard.guesses


def _may_be_unclear(heard: Heard, least: float = OFFERED, behind: float = 1.0) -> bool:
    """Whether it is so likely that several choices fit, and no choice so much likelier."""
    chance = dict(heard.guesses).get(UNCLEAR, 0.0)
    return chance >= least and heard.guesses[0][1] - chance < behind


def _least_undecided(ruled: Reading, heard: Heard) -> float:
    """Probability from which an answer is taken to fit several choices though the rules find one.
    Where few words name it, hardly anything speaks against it: `dạ trạm thôi ạ`."""
    if heard.words <= BRIEF and isinstance(ruled, Understood) and ruled.quoted:
        return ALMOST_CERTAIN
    return UNDECIDED_STORY if heard.words > STORY else UNDECIDED


def _reads_all(ruled: Reading, heard: Heard) -> bool:
    """Whether the rules read no part of a message but all of it, as they do where words of yes and
    no stand here and there."""
    if not isinstance(ruled, Understood) or is_exact(ruled) or _is_short(heard):
        return False
    return ruled.quoted == heard.text.strip()


def _is_small_part(ruled: Reading, heard: Heard) -> bool:
    """Whether the rules read a few words of a longer message, and no date or age in it."""
    if not isinstance(ruled, Understood) or is_exact(ruled) or heard.words <= STORY:
        return False
    return _share(ruled.quoted, heard) < SMALL_PART


def is_exact(reading: Reading) -> bool:
    """Whether a date or an age was read."""
    return isinstance(reading, Understood) and (reading.exact or _is_day(reading))


def _is_day(reading: Reading) -> bool:
    """Whether a time was read, and not only a word for now: `nay cháu học lớp ba`."""
    return isinstance(reading, Understood) and reading.value[:1].isdigit() and not reading.now


def _is_choice(question: Askable, value: str) -> bool:
    return value in (*offered(question), *YES_NO)


def _guessed(question: Askable, value: str) -> Reading:
    """What a guess stands for."""
    if _is_choice(question, value):
        return Understood(value)
    if value == UNKNOWN:
        return Unknown()
    return Vague("time") if question.kind == "date" else Ambiguous(offered(question))


def _knows_not(reading: Reading, heard: Heard) -> bool:
    """Whether somebody whose intent is not to know does not tell after all."""
    if not isinstance(reading, Understood):
        return True
    return heard.confidence >= SURELY and not is_exact(reading) and not heard.guess(CERTAIN)


def _asks_something_else(heard: Heard, reading: Reading, words: AnswerWords) -> bool:
    """Whether the message is a request or a question of its own, whatever answer is found in it.

    People who answer tell their case ("nước lũ cuốn mất giấy"), which by itself would be a wish or
    a question about a missing paper; so what asks nothing and can be read is an answer."""
    if heard.confidence < HALF or heard.intent not in REQUESTS | {*TOPICS, OUT_OF_SCOPE}:
        return False
    if heard.guess(UNDECIDED_STORY) == UNCLEAR and heard.confidence < PLAINLY:
        return False
    quoted = getattr(reading, "quoted", "")
    if _is_short(heard) and quoted == heard.text.strip():
        return False
    questions = heard.intent != "start" and asks(utterance(heard.text), words)
    if questions and not quoted and not (isinstance(reading, Unknown) or heard.guess(TOLD)):
        return True
    nobody_guesses = not (heard.guesses or is_exact(reading) or _is_short(heard))
    if questions and nobody_guesses and heard.confidence >= SURE:
        return True
    if heard.intent == OUT_OF_SCOPE:  # it may be the answer's story, unless nobody takes it for one
        return _share(quoted, heard) < MOST and not heard.guesses and heard.confidence >= SURELY
    if heard.confidence < SURE:
        return False
    return _requests(heard, reading) or _asks_beside(heard, reading, questions=questions)


def _requests(heard: Heard, reading: Reading) -> bool:
    """Whether it is a request rather than an answer."""
    if heard.intent not in REQUESTS:
        return False
    plain = heard.intent in PLAIN_REQUESTS
    if heard.confidence >= PLAINLY:
        loose = isinstance(reading, Ambiguous | Vague)
        surely = heard.confidence >= ALMOST_CERTAIN
        told = heard.guess((ALMOST_CERTAIN if surely else CERTAIN) if plain else TOLD)
        if loose or told is None or (told == UNKNOWN and heard.intent == "help"):
            return True
    if not plain or _is_not_known(heard, reading):
        return False
    return _is_short(heard) or (heard.confidence >= SURELY and not heard.guess(LIKELY))


def _asks_beside(heard: Heard, reading: Reading, *, questions: bool) -> bool:
    """Whether what it asks outweighs the answer that was found or guessed; `questions`: it is put
    as a question."""
    if _is_not_known(heard, reading):
        return False
    quoted, value = getattr(reading, "quoted", ""), getattr(reading, "value", None)
    plainly = heard.confidence >= PLAINLY and heard.guess(CERTAIN) != UNCLEAR
    if questions and not quoted and plainly and not heard.guess(ALMOST_CERTAIN):
        return True
    least = CERTAIN if questions and not quoted else LIKELY
    asked = heard.intent in ASKED_NOT_TOLD and not _is_short(heard)
    if asked and not heard.guesses and heard.confidence >= ALMOST_CERTAIN:
        return True
    if heard.guess(CERTAIN) or (value and heard.guess(least) == value):
        return False
    if heard.intent == "start" and not heard.names_another:
        return False
    if heard.intent not in (*REQUESTS, "start") and not questions:
        return False
    return _share(quoted, heard) < MOST if quoted else not _is_short(heard)


def _is_not_known(heard: Heard, reading: Reading) -> bool:
    """Whether both readers say that the person doesn't know."""
    return isinstance(reading, Unknown) and heard.guess(LIKELY) == UNKNOWN


def _share(quoted: str, heard: Heard) -> float:
    """How much of the message was read, 0 to 1."""
    return len(quoted) / max(len(heard.text.strip()), 1)


def _is_short(heard: Heard) -> bool:
    return heard.words <= FEW_WORDS
