"""A change of mind about an earlier answer: `à không, sinh ở nhà`, `nãy bấm chưa có là lộn`.

People take an answer back after the next question is on the screen. That they do shows in words
that look back (`hồi nãy`), in a correction that opens the message, in the intent, and in a message
that answers an earlier question and not the present one. Which answer is meant, and what it is to
be, shows in what the rest of the message answers. All of it is evidence, weighed as in
`weighing.py`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from knowledge_base.answers.changes import correction, opens_with_correction
from knowledge_base.answers.choices import find_hits, options
from knowledge_base.answers.clauses import Topic, asks, clauses
from knowledge_base.answers.evidence import (
    FAINT,
    FEW_WORDS,
    REQUESTS,
    STORY,
    Evidence,
    Guess,
    Heard,
    is_exact,
    odds_of_intent,
)
from knowledge_base.answers.examples import NO_ANSWER
from knowledge_base.answers.lexicon import Utterance, utterance
from knowledge_base.answers.messages import interpret
from knowledge_base.answers.questions import topic_of
from knowledge_base.answers.reading import Askable, Reading, Understood, offered
from knowledge_base.answers.weighing import Hearing, Weights, load_weights
from knowledge_base.answers.words import AnswerWords
from knowledge_base.schema import TOPICS

CHANGES_ANSWER = "change_answer"
PLAINLY_MEANT = 0.6
"""How probable it must be that an answer is the one which is meant, where somebody plainly wants to
change one."""
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
class Change:
    """What may be taken back, or nothing (None), and what speaks for it."""

    back: TakenBack | None
    evidence: Evidence

    @property
    def question(self) -> str | None:
        """The id of the question whose answer it changes."""
        return None if self.back is None else self.back.id


def taken_back(
    hearing: Hearing,
    reading: Reading | None,
    before: Sequence[Earlier],
    *,
    today: date,
    words: AnswerWords,
    asked: str = "",
    weights: Weights | None = None,
) -> TakenBack | None:
    """The earlier answer that a message changes; None if it changes none.

    `reading`: what it answers to the present question, whose message id is `asked`; `before`: the
    earlier answers, the first first; `weights`: others than those of `weights.yml`."""
    found = changes(hearing, reading, before, today=today, words=words, asked=asked)
    chances = (weights or load_weights()).chances([one.evidence for one in found], "earlier")
    meant: dict[str | None, float] = defaultdict(float)
    for one, chance in zip(found, chances, strict=True):
        meant[one.question] += chance
    question = max(meant, key=lambda name: meant[name])
    if hearing.intent == CHANGES_ANSWER and meant[question] < PLAINLY_MEANT:
        return None  # then all answers are shown, to change one
    of_question = [
        (chance, one.back)
        for one, chance in zip(found, chances, strict=True)
        if one.question == question
    ]
    return max(of_question, key=lambda one: one[0])[1]


def changes(
    hearing: Hearing,
    reading: Reading | None,
    before: Sequence[Earlier],
    *,
    today: date,
    words: AnswerWords,
    asked: str = "",
) -> list[Change]:
    """Everything that a message may change, and that it changes nothing, which comes first."""
    said = utterance(hearing.text)
    against = _against(hearing, said, reading, asked, words)
    found = [Change(None, against)]
    if not said.text:
        return found
    mind = _of_mind(hearing, said, words)
    rests = {yes_no: _rest(said, words, yes_no=yes_no) for yes_no in (True, False)}
    for number, earlier in enumerate(reversed(before)):
        rest = rests[earlier.question.kind == "yes_no"]
        heard = hearing.to(earlier.message, instead=True)
        ruled = interpret(earlier.question, rest, today=today, words=words)
        about = {**mind, **_about(earlier, heard, said, ruled, words)}
        if number == 0:
            about["last"] = 1.0
        repeated = dict(heard.guesses).get(earlier.value, 0.0)
        against["repeats"] = max(against.get("repeats", 0.0), odds_of_intent(repeated))
        for value in _values(earlier, ruled):
            told = _told(value, ruled, heard, rest, last=number == 0)
            found.append(Change(TakenBack(earlier.id, value), {**about, **told}))
        again = isinstance(ruled, Understood) and ruled.value == earlier.value
        found.append(Change(TakenBack(earlier.id, None), about | _untold(about, again=again)))
    return found


def _against(
    hearing: Hearing, said: Utterance, reading: Reading | None, asked: str, words: AnswerWords
) -> dict[str, float]:
    """What speaks for it that nothing is changed."""
    found: dict[str, float] = {}
    if reading is not None:
        found["answers_this"] = 1.0
        if isinstance(reading, Understood):
            found["tells_this"] = 1.0
    guesses = hearing.to(asked, instead=True).guesses
    if guesses:
        found["about_this"] = _odds_of_answer(guesses)
    if hearing.names_another and hearing.intent == "start":
        found["wants_another"] = 1.0
    if hearing.intent in _REQUESTS:
        found["requests"] = odds_of_intent(hearing.confidence)
    elif hearing.intent in TOPICS and hearing.intent != "start" and asks(said, words):
        found["asks"] = 1.0
    return found


def _of_mind(hearing: Hearing, said: Utterance, words: AnswerWords) -> dict[str, float]:
    """What says that a mind changed, whichever answer is meant."""
    found: dict[str, float] = {"changes": 1.0}
    kinds = {kind for item in words.corrections.scan(said) for kind in item.kinds}
    if _looks_back(kinds):
        found["looks_back"] = 1.0
    elif "before" in kinds:
        found["speaks_of_before"] = 1.0
    if opens_with_correction(said, words):
        found["opens"] = 1.0
    if _hesitates(said, words):
        found["hesitates"] = 1.0
    if hearing.intent == CHANGES_ANSWER:
        found["change_intended"] = odds_of_intent(hearing.confidence)
    if len(hearing.text.split()) > STORY:
        found["changes_in_story"] = 1.0
    return found


def _about(
    earlier: Earlier, heard: Heard, said: Utterance, ruled: Reading, words: AnswerWords
) -> dict[str, float]:
    """What says that a message is about an earlier question. Where nothing was learnt about it,
    that it is named or answered says as much as guesses could."""
    found: dict[str, float] = {}
    if _names(earlier, said, words):
        found["named"] = 1.0
    if heard.guesses:
        found["about"] = _odds_of_answer(heard.guesses)
    elif found or isinstance(ruled, Understood):
        found["about"] = -math.log(FAINT)
    return found


def _odds_of_answer(guesses: Sequence[Guess]) -> float:
    """The logarithm of the odds that a message answers a question."""
    none = dict(guesses).get(NO_ANSWER, FAINT)
    return math.log(max(1 - none, FAINT) / max(none, FAINT))


def _values(earlier: Earlier, ruled: Reading) -> Iterator[str]:
    """What the answer may be instead."""
    values = offered(earlier.question)
    yield from (value for value in values if value != earlier.value)
    if isinstance(ruled, Understood) and ruled.value not in (*values, earlier.value):
        yield ruled.value


def _told(value: str, ruled: Reading, heard: Heard, rest: str, *, last: bool) -> dict[str, float]:
    """What says that the answer is to be `value`."""
    found: dict[str, float] = {}
    read = ruled if isinstance(ruled, Understood) and ruled.value == value else None
    chances = {name: chance for name, chance in heard.guesses if name != NO_ANSWER}
    most = sum(chances.values())
    if not most:
        chance = float(read is not None)
    elif read and is_exact(read):
        chance = 1.0  # whichever choice it amounts to
    else:
        chance = chances.get(value, 0.0) / most
    found["chosen"] = math.log(max(chance, FAINT))
    if read:
        found["read"] = 1.0
        if is_exact(read):
            found["read_exactly"] = 1.0
        if last and read.quoted and len(rest.split()) <= FEW_WORDS:
            found["bare"] = 1.0
    return found


def _untold(about: dict[str, float], *, again: bool) -> dict[str, float]:
    """What says that an answer is only said to be wrong; `again`: the same is answered again. What
    only says so is no answer to the question that it names."""
    found = {"untold": 1.0, "untold_about": about.get("about", 0.0)}
    if "named" in about:
        found["untold_named"] = 1.0
    if again:
        found["said_again"] = 1.0
    if "looks_back" in about:
        found["untold_looking_back"] = 1.0
    if "change_intended" in about:
        found["untold_intended"] = about["change_intended"]
    return found


def _hesitates(said: Utterance, words: AnswerWords) -> bool:
    """Whether it opens as a second thought does: `à khoan, chưa đăng ký kết hôn`."""
    first = words.corrections.scan(said)[:1]
    return any("hesitation" in item.kinds for item in first)


def what_counts(text: str, words: AnswerWords) -> str | None:
    """The text without what speaks of an earlier answer, and without the correction that opens it;
    None where nothing does, or nothing else is said."""
    said = utterance(text)
    follows = correction(text, words) if opens_with_correction(said, words) else None
    counts = _rest(utterance(follows or text), words, yes_no=True)
    return None if counts == said.text else counts


def _names(earlier: Earlier, said: Utterance, words: AnswerWords) -> bool:
    """Whether the message names one of the choices, or what the question asks about."""
    spoken = options(earlier.question.choices, words)
    if find_hits(said, spoken, words):
        return True
    topic = topic_of(earlier.question, spoken, words)
    return any(len(clause.shared) > 1 for clause in clauses(said, words, topic))


def _looks_back(kinds: Set[str]) -> bool:
    """Whether words of such kinds speak of what was answered before, or say that it was wrong."""
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
