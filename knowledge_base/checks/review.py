"""What staff must look at again: files past their review date, sign-offs that have lapsed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.errors import Problem
from knowledge_base.load import KnowledgeBase
from knowledge_base.review import lapsed


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """What is overdue, and lapsed sign-offs."""
    for name, written in knowledge.written.items():
        if knowledge.overdue(written, today):
            told = f"was to be looked through by {written.review_by}; citizens are told to ask"
            yield knowledge.documents[name].problem(("review_by",), told, warning=True)
    for signed in lapsed(knowledge):
        told = f"'{signed.message}' was confirmed for an older wording; see `rong review`"
        yield Problem(signed.path, signed.line, told, warning=True)
