"""Which questions the network has not learnt, or learnt with other choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.components.text.sequence import OWN, classes_in
from knowledge_base.answers.examples import BESIDES
from knowledge_base.answers.reading import offered
from knowledge_base.errors import EngineError, Problem
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import Question


def unlearnt(project: Path, knowledge: KnowledgeBase) -> Iterator[Problem]:
    """A warning for each such question, and one where the network can't be read."""
    try:
        classes = classes_in(project / OWN)
    except EngineError as error:
        yield Problem(OWN, 1, str(error).removeprefix(f"{project / OWN}: "), warning=True)
        return
    for procedure in knowledge.procedures.values():
        for question in procedure.questions:
            if isinstance(question, Question) and not _knows(classes, procedure.id, question):
                yield Problem(
                    f"knowledge_base/procedures/{procedure.id}/procedure.yml",
                    1,
                    f"the choices of '{question.id}' are not those that {OWN} has learnt, so what "
                    "is answered is read by n-grams alone; `rong train-reader` lets it learn them",
                    warning=True,
                )


def _knows(classes: Mapping[str, Sequence[str]], procedure: str, question: Question) -> bool:
    known = classes.get(f"{procedure}.question.{question.id}", ())
    choices = offered(question)
    return {*known} | {*BESIDES} == {*choices, *BESIDES}
