"""From a question and a message to a reading: what was said last counts.

A change of mind (see `changes`) is read on its own first; the whole message only if that tells
nothing and was not surely meant to take back what came before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from knowledge_base.answers.changes import Change, changes
from knowledge_base.answers.choices import find_hits, options
from knowledge_base.answers.clauses import Topic, clauses
from knowledge_base.answers.lexicon import Utterance, utterance
from knowledge_base.answers.questions import read, topic_of
from knowledge_base.answers.reading import Askable, NotAnAnswer, Reading, Understood, Vague
from knowledge_base.answers.words import AnswerWords


def interpret(question: Askable, text: str, *, today: date, words: AnswerWords) -> Reading:
    """What `text` answers to `question`. Never fails, whatever the text."""
    said = utterance(text)
    taken_back: Change | None = None
    for change in changes(said, words, dismissing=question.kind != "yes_no"):
        if _names_a_choice(question, said, change, words):
            continue
        if taken_back and change.first < taken_back.first:
            break
        rest = utterance(change.text)
        reading = read(question, rest, today, words, taken_back=not change.mere)
        if _counts(question, rest, reading, change, words):
            return _quoting_all(said, change, reading)
        if change.sure:
            taken_back = change
    return NotAnAnswer() if taken_back else read(question, said, today, words)


def _counts(
    question: Askable, said: Utterance, reading: Reading, change: Change, words: AnswerWords
) -> bool:
    """Whether what follows is another answer, or takes the first one back without being one."""
    if change.sure:
        return not isinstance(reading, NotAnAnswer)
    if isinstance(reading, Understood):
        return _to_the_point(question, said, change, words)
    opens_with_answer = question.kind == "choice" and _opens_with_answer(said, words)
    return opens_with_answer or reading == Vague("number")


def _quoting_all(said: Utterance, change: Change, reading: Reading) -> Reading:
    """The reading of what counts, quoted with what it takes back."""
    if not isinstance(reading, Understood) or change.opens:
        return reading
    end = change.start + change.text.find(reading.quoted) + len(reading.quoted)
    return replace(reading, quoted=said.text[:end].strip())


def _names_a_choice(question: Askable, said: Utterance, change: Change, words: AnswerWords) -> bool:
    """Whether the words that take something back are part of an answer: `giấy bị ghi nhầm`."""
    hits = find_hits(said, options(question.choices, words), words)
    return any(hit.first <= change.first and change.last <= hit.last for hit in hits)


def _opens_with_answer(said: Utterance, words: AnswerWords) -> bool:
    """Whether it opens with a bare yes or no, which takes back what was said: `à có, học bạ`."""
    first = clauses(said, words, Topic())[:1]
    return any(clause.pure and clause.leans is not None for clause in first)


def _to_the_point(question: Askable, said: Utterance, change: Change, words: AnswerWords) -> bool:
    """Whether what follows a mere `à` is about the question: `có rồi, à bé chưa có bảo hiểm`
    is not."""
    if question.kind != "yes_no" or not change.mere:
        return True
    topic = topic_of(question, options(question.choices, words), words)
    found = clauses(said, words, topic)
    hits = find_hits(said, options(question.choices, words), words)
    return bool(hits) or found[0].pure or bool(found[0].shared)
