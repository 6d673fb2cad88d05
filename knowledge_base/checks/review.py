"""What staff must look at again: procedures past their review date, sign-offs that have lapsed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.errors import Problem
from knowledge_base.load import KnowledgeBase
from knowledge_base.review import lapsed


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Overdue procedures and lapsed sign-offs."""
    for procedure in knowledge.procedures.values():
        if knowledge.overdue(procedure, today):
            told = f"was to be looked through by {procedure.review_by}; citizens are told to ask"
            yield knowledge.documents[procedure.id].problem(("review_by",), told, warning=True)
    for signed in lapsed(knowledge):
        told = f"'{signed.message}' was confirmed for an older wording; see `rong review`"
        yield Problem(signed.path, signed.line, told, warning=True)
