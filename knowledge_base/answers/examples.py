"""Whole answers as people give them: `nlu_data/<language>/answers/<procedure>.yml`.

A file maps the procedure's own questions to their choices (`yes` and `no` where a question has
none) and these to answers; what answers nothing, said at that point, stands under `no_answer`.
The files are optional: a question without them is read by the words of its choices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base.errors import Problem, ProblemsFound, nearest
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import Question
from knowledge_base.yaml_lines import Document, load_yaml

NO_ANSWER = "no_answer"
FOLDER = "answers"
YES_NO = ("yes", "no")


@dataclass(frozen=True)
class AnswerExample:
    """`text` answers `value` to the question with the message id `question`."""

    question: str
    value: str
    text: str


def answer_examples(folder: Path) -> Iterator[AnswerExample]:
    """All answers under `folder` (`nlu_data`). Raises `ProblemsFound` for a broken file."""
    for document, procedure in _documents(folder):
        broken = list(_broken(document))
        if broken:
            raise ProblemsFound(broken)
        for question, choices in (document.data or {}).items():
            for value, texts in choices.items():
                for text in texts:
                    yield AnswerExample(f"{procedure}.question.{question}", value, str(text))


def example_problems(folder: Path, knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Answers to questions or choices that don't exist, and what is no list of answers. Raises
    `ProblemsFound` for a file that is not YAML."""
    for document, name in _documents(folder):
        broken = list(_broken(document))
        if broken:
            yield from broken
            continue
        if name not in knowledge.procedures:
            yield document.problem((), nearest(name, knowledge.procedures, "procedure"))
            continue
        questions = knowledge.procedures[name].questions
        own = {q.id: q for q in questions if isinstance(q, Question)}
        for question, choices in (document.data or {}).items():
            if question not in own:
                yield document.problem((question,), nearest(question, own, f"question of {name}"))
                continue
            offered = [choice.value for choice in own[question].choices] or YES_NO
            for value in choices:
                if value not in (*offered, NO_ANSWER):
                    told = nearest(value, (*offered, NO_ANSWER), f"choice of {question}")
                    yield document.problem((question, value), told)


def _broken(document: Document) -> Iterator[Problem]:
    if not isinstance(document.data or {}, dict):
        yield document.problem((), "a mapping from questions to their choices is expected")
        return
    for question, choices in (document.data or {}).items():
        if not isinstance(choices, dict):
            told = f"'{question}' is a mapping from choices to lists of answers"
            yield document.problem((question,), told)
            continue
        for value, texts in choices.items():
            if not _are_texts(texts):
                yield document.problem((question, value), f"'{value}' is a list of answers")


def _are_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str | int) for text in texts)


def _documents(folder: Path) -> Iterator[tuple[Document, str]]:
    for path in sorted(folder.glob(f"*/{FOLDER}/*.yml")):
        yield load_yaml(path, str(path.relative_to(folder.parent))), path.stem
