"""Whole answers as people give them: `nlu_data/<language>/answers/<procedure>.yml`.

A file maps the procedure's own questions to their choices (`yes` and `no` where a question has
none) and these to answers. What answers nothing, said at that point, stands under `no_answer`; an
answer that fits several choices under `unclear`; not knowing under `unknown`.
The files are optional: a question without them is read by the words of its choices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.answers.reading import offered
from knowledge_base.errors import Problem, ProblemsFound, nearest
from knowledge_base.fold import fold
from knowledge_base.load import AskedQuestion, KnowledgeBase
from knowledge_base.schema import Procedure, Question
from knowledge_base.yaml_lines import Document, Location, load_yaml

NO_ANSWER, UNCLEAR, UNKNOWN = "no_answer", "unclear", "unknown"
BESIDES = (NO_ANSWER, UNCLEAR, UNKNOWN)
"""What may be said beside the choices."""
FOLDER = "answers"


@dataclass(frozen=True)
class AnswerExample:
    """`text` answers `value` to the question with the message id `question`; `also`: what it
    answers to others that ask the same."""

    question: str
    value: str
    text: str
    also: Mapping[str, str] = field(default_factory=dict)


class Alike:
    """Which choices of different questions mean the same, and so have the same answers."""

    def __init__(self, questions: Iterable[AskedQuestion]) -> None:
        self._means: dict[tuple[str, str], str] = {}
        self._with: dict[str, dict[str, list[str]]] = {}
        for asked in questions:
            for choice in asked.question.choices:
                if choice.means is not None:
                    self._means[asked.message, choice.value] = choice.means
                    told = self._with.setdefault(choice.means, {})
                    told.setdefault(asked.message, []).append(choice.value)

    def to_others(self, question: str, value: str) -> dict[str, str]:
        """Message id of another question → its choice that means the same as `value` of
        `question`. What is no choice is so for every question that shares two choices."""
        if value in BESIDES:
            return dict.fromkeys(self._close(question), value)
        told = self._with.get(self._means.get((question, value), ""), {})
        return {q: found[0] for q, found in told.items() if q != question and len(found) == 1}

    def _close(self, question: str) -> Iterator[str]:
        own = [value for asked, value in self._means if asked == question]
        shared = Counter(
            q for q, _ in {m for v in own for m in self.to_others(question, v).items()}
        )
        return (other for other, count in shared.items() if count > 1)


def answer_examples(folder: Path) -> Iterator[AnswerExample]:
    """All answers under `folder` (`nlu_data`). Raises `ProblemsFound` for a broken file."""
    for document, procedure in _documents(folder):
        for (question, value, _), text in _texts(document):
            yield AnswerExample(f"{procedure}.question.{question}", str(value), text)


def example_problems(folder: Path, knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Answers to questions or choices that don't exist, and answers written under two choices."""
    first: dict[tuple[str, str, str], tuple[str, str]] = {}
    for document, name in _documents(folder):
        if name not in knowledge.procedures:
            yield document.problem((), nearest(name, knowledge.procedures, "procedure"))
            continue
        yield from _unknown(document, knowledge.procedures[name])
        for location, text in _texts(document):
            question, value, _ = map(str, location)
            place = f"{document.path}:{document.line(location)}"
            chosen, there = first.setdefault((name, question, fold(text)), (value, place))
            if chosen != value:
                told = f"\"{text}\" is '{value}' here and '{chosen}' at {there}; keep one or none"
                yield document.problem(location, told)


def _unknown(document: Document, procedure: Procedure) -> Iterator[Problem]:
    """Questions and choices that `procedure` doesn't have."""
    own = {q.id: q for q in procedure.questions if isinstance(q, Question)}
    for question, choices in document.data.items():
        if question not in own:
            told = nearest(question, own, f"question of {procedure.id}")
            yield document.problem((question,), told)
            continue
        allowed = (*offered(own[question]), *BESIDES)
        for value in choices:
            if value not in allowed:
                told = nearest(value, allowed, f"choice of {question}")
                yield document.problem((question, value), told)


def _texts(document: Document) -> Iterator[tuple[Location, str]]:
    """Every answer of a file with its location: question, choice, number."""
    for question, choices in document.data.items():
        for value, texts in choices.items():
            for index, text in enumerate(texts):
                yield (question, value, index), str(text)


def _documents(folder: Path) -> Iterator[tuple[Document, str]]:
    """The files, whose shape is that told above. Raises `ProblemsFound` for another one."""
    for path in sorted(folder.glob(f"*/{FOLDER}/*.yml")):
        document = load_yaml(path, str(path.relative_to(folder.parent)))
        document.data = document.data or {}
        misshapen = list(_misshapen(document))
        if misshapen:
            raise ProblemsFound(misshapen)
        yield document, path.stem


def _misshapen(document: Document) -> Iterator[Problem]:
    if not isinstance(document.data, dict):
        yield document.problem((), "a file of answers maps questions to their choices")
        return
    for question, choices in document.data.items():
        if not isinstance(choices, dict):
            yield document.problem((question,), f"'{question}' maps choices to lists of answers")
            continue
        for value, texts in choices.items():
            if not isinstance(texts, list) or any(isinstance(t, list | dict) for t in texts):
                yield document.problem((question, value), f"'{value}' has a list of answers")
