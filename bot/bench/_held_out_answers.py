"""Reads the held-out answers of `tests/nlu/held_out_answers`, and judges what is made of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from bot.components.text.scope import THRESHOLD
from bot.settings import PROJECT
from bot.understanding import BARE_ANSWER, Understanding
from knowledge_base.answers import Reading, Understood, Unknown
from knowledge_base.answers.earlier import (
    CHANGES_ANSWER,
    Change,
    Earlier,
    TakenBack,
    changes,
    taken_back,
)
from knowledge_base.answers.evidence import Candidate, candidates
from knowledge_base.answers.messages import interpret
from knowledge_base.answers.reading import offered
from knowledge_base.answers.weighing import (
    Hearing,
    Weights,
    answer_of,
    load_weights,
    meant,
    read_answer,
)
from knowledge_base.answers.words import AnswerWords, load_words
from knowledge_base.derived import DERIVED
from knowledge_base.guide import Situation
from knowledge_base.load import AskedQuestion, KnowledgeBase, load
from knowledge_base.schema import Procedure

FOLDER = PROJECT / "tests" / "nlu" / "held_out_answers"
TODAY = date(2026, 11, 27)
"""The day on which the answers are given."""
VERDICTS = ("value", "ask_back", "unknown", "not_an_answer", "correction")


@dataclass(frozen=True)
class HeldOutAnswer:
    """What is said to `question` of `procedure`, and what a clerk makes of it: one of `VERDICTS`,
    the `value` that is meant, and the earlier question that it `corrects`."""

    procedure: str
    question: str
    text: str
    style: str
    verdict: str
    value: str | None = None
    corrects: str | None = None


@dataclass(frozen=True)
class JudgedAnswer:
    """An answer with the verdict and the value that were found."""

    said: HeldOutAnswer
    verdict: str
    value: str | None
    right: bool


def answer_sets(folder: Path = FOLDER) -> list[str]:
    """The sets there are."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def held_out_answers(name: str, folder: Path = FOLDER) -> Iterator[HeldOutAnswer]:
    """All answers of one set."""
    for row in yaml.load((folder / f"{name}.yml").read_bytes(), yaml.CSafeLoader):
        yield HeldOutAnswer(**row)


class AnswerJudge:
    """Reads answers as the dialogue does, without the dialogue."""

    def __init__(self, understanding: Understanding, weights: Weights | None = None) -> None:
        """`weights`: others than those of `knowledge_base/answers/weights.yml`."""
        self._understanding = understanding
        self._weights = weights or load_weights()
        self._knowledge: KnowledgeBase = load()
        self._words: AnswerWords = load_words(PROJECT / "nlu_data")

    def judge(self, said: HeldOutAnswer) -> JudgedAnswer:
        """What is made of an answer. Somebody who takes back an answer had given another one to
        that question, and to no other."""
        procedure = self._knowledge.procedures[said.procedure]
        asked = {q.id: q for q in self._knowledge.questions(procedure, TODAY)}
        given = asked[said.question]
        hearing = self._understanding.hear(said.text)
        reading = self._read(given, hearing)
        before = [_other_answer(asked[said.corrects], said.value)] if said.corrects else []
        back = taken_back(
            hearing,
            reading,
            before,
            today=TODAY,
            words=self._words,
            asked=given.message,
            weights=self._weights,
        )
        about, (verdict, value) = given, self._verdict(procedure, given, reading, hearing)
        if back is not None:
            about, verdict, value = asked[back.id], "correction", back.value
        right = verdict == said.verdict and self._same(procedure, about, value, said.value)
        if verdict == said.verdict == "correction" and said.value is None:
            right = about.id == said.corrects or value is None
        return JudgedAnswer(said, verdict, value, right)

    def candidates(
        self, said: HeldOutAnswer, *, guessed: bool
    ) -> list[tuple[Candidate, bool]] | None:
        """What an answer may be, and whether the dialogue would then do what is right; None where
        that is to change an earlier answer. `guessed`: whether guesses are heard."""
        if said.verdict == "correction":
            return None
        procedure = self._knowledge.procedures[said.procedure]
        asked = {q.id: q for q in self._knowledge.questions(procedure, TODAY)}[said.question]
        hearing = self._understanding.hear(said.text)
        heard = hearing.to(asked.message)
        if not guessed:
            heard = replace(heard, guesses=())
        ruled = interpret(asked.question, said.text, today=TODAY, words=self._words)
        found = []
        for one in candidates(asked.question, ruled, heard, self._words):
            reading = meant(asked.question, ruled, one.name)
            verdict, value = self._verdict(procedure, asked, answer_of(reading), hearing)
            right = verdict == said.verdict and self._same(procedure, asked, value, said.value)
            found.append((one, right))
        return found

    def changes(self, said: HeldOutAnswer) -> list[tuple[Change, bool]]:
        """What an answer may take back, and whether that is right, of somebody who has answered
        every question before this one: what is taken back otherwise, the others anyhow."""
        procedure = self._knowledge.procedures[said.procedure]
        asked = self._knowledge.questions(procedure, TODAY)
        given = next(one for one in asked if one.id == said.question)
        hearing = self._understanding.hear(said.text)
        reading = self._read(given, hearing)
        before, dice = [], random.Random(f"{said.question} {said.text}")
        for one in asked:
            if one.id == said.corrects:
                before.append(_other_answer(one, said.value))
            elif asked.index(one) < asked.index(given):
                before.append(_other_answer(one, None, dice))
        found = changes(
            hearing, reading, before, today=TODAY, words=self._words, asked=given.message
        )
        return [(one, self._is_right(procedure, asked, said, one.back)) for one in found]

    def _read(self, given: AskedQuestion, hearing: Hearing) -> Reading | None:
        return read_answer(
            given.question,
            hearing.to(given.message),
            today=TODAY,
            words=self._words,
            weights=self._weights,
        )

    def _is_right(
        self,
        procedure: Procedure,
        asked: Sequence[AskedQuestion],
        said: HeldOutAnswer,
        back: TakenBack | None,
    ) -> bool:
        """Whether that is what an answer takes back."""
        if back is None or said.verdict != "correction":
            return back is None and said.verdict != "correction"
        if back.id != said.corrects or said.value is None:
            return back.id == said.corrects and back.value is None
        about = next(one for one in asked if one.id == back.id)
        return self._same(procedure, about, back.value, said.value)

    def _verdict(
        self, procedure: Procedure, asked: AskedQuestion, reading: Reading | None, hearing: Hearing
    ) -> tuple[str, str | None]:
        if reading is None:
            if hearing.intent == CHANGES_ANSWER:
                return "correction", None  # the dialogue shows the answers, to change one
            # the dialogue asks the question again in other words
            again = hearing.intent == BARE_ANSWER or hearing.confidence < THRESHOLD
            return ("ask_back" if again else "not_an_answer"), None
        if isinstance(reading, Unknown):
            return "unknown", None
        if not isinstance(reading, Understood) or not self._decides(
            procedure, asked, reading.value
        ):
            return "ask_back", None
        return "value", reading.value

    def _decides(self, procedure: Procedure, asked: AskedQuestion, value: str) -> bool:
        """Whether the answer tells all that each of the choices would."""
        return all(told is not None for told in self._follows(procedure, asked, value).values())

    def _same(
        self, procedure: Procedure, asked: AskedQuestion, value: str | None, other: str | None
    ) -> bool:
        """Whether two answers are one, or everything that follows from them is the same."""
        if value == other or value is None or other is None:
            return value == other
        one, another = (self._follows(procedure, asked, v) for v in (value, other))
        return one == another and any(one.values())

    def _follows(
        self, procedure: Procedure, asked: AskedQuestion, value: str
    ) -> dict[str, str | None]:
        """What follows from an answer, by name; None where it does not tell. Only what follows
        from every choice counts: a child born too long ago for any deadline is late, but where no
        deadline is given that is not what the question is about."""
        facts: dict[str, int | str] = {}
        for one in (self._knowledge.procedures[asked.owner], procedure):
            facts |= self._knowledge.facts(one, TODAY)
        names = [name for name, derived in DERIVED.items() if asked.id in derived.inputs]
        offers = [choice.value for choice in asked.question.choices]
        told = {
            one: {name: Situation({asked.id: one}, facts, TODAY).value(name) for name in names}
            for one in (value, *offers)
        }
        about = [name for name in names if all(told[one][name] is not None for one in offers)]
        return {name: told[value][name] for name in about}


def _other_answer(
    asked: AskedQuestion, value: str | None, dice: random.Random | None = None
) -> Earlier:
    """Another answer to the question than `value`: the first there is, or any."""
    others = [one for one in offered(asked.question) if one != value]
    other = dice.choice(others) if dice else others[0]
    return Earlier(asked.id, asked.message, asked.question, other)
