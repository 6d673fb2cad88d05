"""A change of mind about an earlier answer: `à không, sinh ở nhà`, `nãy bấm chưa có là lộn`.

People take an answer back after the next question is on the screen. That they do shows in words
that look back (`hồi nãy`), in a correction that opens the message and so has nothing else to take
back, or in the intent. Which answer is meant shows in what the rest of the message answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge_base.answers.changes import opens_with_correction
from knowledge_base.answers.choices import find_hits, options
from knowledge_base.answers.clauses import Topic, clauses
from knowledge_base.answers.lexicon import Utterance, utterance
from knowledge_base.answers.messages import interpret
from knowledge_base.answers.questions import topic_of
from knowledge_base.answers.reading import Askable, Reading, Understood, offered
from knowledge_base.answers.weighing import (
    FEW_WORDS,
    PLAINLY,
    REQUESTS,
    SURE,
    Hearing,
    is_exact,
    weigh,
)
from knowledge_base.answers.words import AnswerWords

CHANGES_ANSWER = "change_answer"
TELLING = frozenset({"", "inform", "start", CHANGES_ANSWER})
"""Intents of those who tell something; empty where none is likely."""
LIKELY_CHANGE = 0.6
"""Confidence from which the intent alone says that an answer is taken back."""
ABOUT = 0.3
"""How much a message must be about an earlier question for its answer to be changed, where it is
surely meant to change one; the scale is that of a probability."""
SURELY_ABOUT = 0.6
"""The same where it answers the present question as well, or nothing says that a mind changed."""
ABOUT_THOUGH_REQUESTED = 0.8
"""The same where it surely asks for something: `nói lại đi, mình nghe chưa kịp`."""
NAMED = 0.5
"""How much it counts that a choice of the question, or what it asks about, is named."""
DOUBT = 0.2
"""How much less it counts where the answer is only said to be wrong."""


_REQUESTS = REQUESTS - {CHANGES_ANSWER, "back"}


@dataclass(frozen=True)
class Earlier:
    """An answer given before: the question's id and message id, the question, what was answered."""

    id: str
    message: str
    question: Askable
    value: str


@dataclass(frozen=True)
class TakenBack:
    """The answer to the question `id` is to be `value` instead; None if what was said does not
    tell, so that the question has to be asked again."""

    id: str
    value: str | None


@dataclass(frozen=True)
class _Candidate:
    about: float
    back: TakenBack


def taken_back(
    hearing: Hearing,
    reading: Reading | None,
    before: Sequence[Earlier],
    *,
    today: date,
    words: AnswerWords,
) -> TakenBack | None:
    """The earlier answer that a message changes; None if it changes none.

    `reading`: what it answers to the present question; `before`: the earlier answers, the first
    first."""
    said = utterance(hearing.text)
    looks_back = _looks_back(said, words) or (
        hearing.intent == CHANGES_ANSWER and hearing.confidence >= LIKELY_CHANGE
    )
    opens = opens_with_correction(said, words)
    if not looks_back and not opens:
        tells = hearing.intent in TELLING or hearing.confidence < SURE
        another = _wants_another(hearing) and not _hesitates(said, words)
        if reading is not None or not tells or another:
            return None  # an answer to what is asked, or a request: it changes nothing
    found = list(_candidates(hearing, said, before, today, words, sure=looks_back))
    best = max(found, key=lambda candidate: candidate.about, default=None)
    if best is None:
        return None
    least = ABOUT if looks_back or (opens and reading is None) else SURELY_ABOUT
    if hearing.intent in _REQUESTS and hearing.confidence >= PLAINLY:
        least = ABOUT_THOUGH_REQUESTED
    return best.back if best.about >= least else None


def _wants_another(hearing: Hearing) -> bool:
    """Whether it is a wish for another procedure."""
    return hearing.intent == "start" and hearing.confidence >= SURE and hearing.names_another


def _hesitates(said: Utterance, words: AnswerWords) -> bool:
    """Whether it opens as a second thought does: `à khoan, chưa đăng ký kết hôn`."""
    first = words.corrections.scan(said)[:1]
    return any("hesitation" in item.kinds for item in first)


def what_counts(text: str, words: AnswerWords) -> str | None:
    """The text without what speaks of an earlier answer; None where nothing does."""
    said = utterance(text)
    counts = _rest(said, words, yes_no=True)
    return None if counts == said.text else counts


def _candidates(
    hearing: Hearing,
    said: Utterance,
    before: Sequence[Earlier],
    today: date,
    words: AnswerWords,
    *,
    sure: bool,
) -> Iterator[_Candidate]:
    for number, earlier in enumerate(reversed(before)):
        rest = _rest(said, words, yes_no=earlier.question.kind == "yes_no")
        heard = hearing.to(earlier.message, instead=True)
        reading = weigh(
            earlier.question,
            interpret(earlier.question, rest, today=today, words=words),
            heard,
        )
        about = sum(chance for _, chance in heard.guesses) + NAMED * _names(earlier, said, words)
        if isinstance(reading, Understood) and reading.value != earlier.value:
            bare = number == 0 and bool(reading.quoted) and len(rest.split()) <= FEW_WORDS
            told = bare or is_exact(reading)
            yield _Candidate(about + NAMED * told, TakenBack(earlier.id, reading.value))
            continue
        others = [value for value in offered(earlier.question) if value != earlier.value]
        same = isinstance(reading, Understood) and earlier.question.kind != "date"
        flips = same and len(others) == 1  # it was said to be wrong, and there is one other
        if sure:
            yield _Candidate(about - DOUBT, TakenBack(earlier.id, others[0] if flips else None))


def _names(earlier: Earlier, said: Utterance, words: AnswerWords) -> bool:
    """Whether the message names one of the choices, or what the question asks about."""
    spoken = options(earlier.question.choices, words)
    if find_hits(said, spoken, words):
        return True
    topic = topic_of(earlier.question, spoken, words)
    return any(len(clause.shared) > 1 for clause in clauses(said, words, topic))


def _looks_back(said: Utterance, words: AnswerWords) -> bool:
    """Whether it speaks of what was answered before, or says that something was wrong."""
    kinds = {kind for item in words.corrections.scan(said) for kind in item.kinds}
    return "slip" in kinds or ("before" in kinds and bool(kinds & {"wrong", "answered"}))


def _rest(said: Utterance, words: AnswerWords, *, yes_no: bool) -> str:
    """The message without the clauses that speak of the earlier answer: `nãy bấm chưa có`, `chứ
    không phải ở nhà`, and where `không phải` is not the answer itself, what it denies."""
    kinds = {"before", "not_that"} | (set() if yes_no else {"is_not"})
    looking_back = {
        place
        for item in words.corrections.scan(said)
        if item.kinds.keys() & kinds
        for place in range(item.first, item.last + 1)
    }
    if not looking_back:
        return said.text
    kept: list[str] = []
    for clause in clauses(said, words, Topic()):
        if not looking_back.intersection(clause.places):
            kept.append(said.quote(clause.places[0], clause.places[-1]))
    return ", ".join(kept) if kept else said.text
