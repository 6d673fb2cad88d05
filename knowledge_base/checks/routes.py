"""Routes: that they lead somewhere, on every day they hold, and never in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.checks._parts import first_uncovered
from knowledge_base.errors import Problem, UnknownId
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import CLERK


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Routes to nowhere, routes into a gap, and circles."""
    for procedure in knowledge.procedures.values():
        document = knowledge.documents[procedure.id]
        for index, route in enumerate(procedure.routes):
            if route.to == CLERK:
                continue
            try:
                target = knowledge.procedure(route.to)
            except UnknownId as error:
                yield document.problem(("routes", index, "to"), str(error))
                continue
            gap = first_uncovered(route.valid, list(target.periods.values()))
            if gap:
                told = f"leads to '{route.to}' on {gap}, when nothing of that one holds"
                yield document.problem(("routes", index, "to"), told)
    yield from circles(knowledge)


def circles(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Routes that lead back to where they came from: a journey along them has no end."""
    leads = {
        p.id: [(i, r.to) for i, r in enumerate(p.routes) if r.to in knowledge.procedures]
        for p in knowledge.procedures.values()
    }

    def reaches(start: str, goal: str, seen: frozenset[str]) -> bool:
        return any(
            to == goal or (to not in seen and reaches(to, goal, seen | {to}))
            for _, to in leads[start]
        )

    for procedure_id, routes in leads.items():
        for index, to in routes:
            if to == procedure_id or reaches(to, procedure_id, frozenset({to})):
                told = f"'{to}' leads back to '{procedure_id}': people would go in circles"
                yield knowledge.documents[procedure_id].problem(("routes", index, "to"), told)
