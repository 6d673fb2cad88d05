"""The office: that its sources exist and its names are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.errors import Problem, UnknownId
from knowledge_base.load import KnowledgeBase, named


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Unknown sources, and half a confirmation."""
    for message, _, value in knowledge.office.values():
        told = None
        try:
            for source in value.source:
                named(knowledge.sources, source, "source of sources.yml")
        except UnknownId as error:
            told = str(error)
        if bool(value.confirmed_by) != bool(value.confirmed_on):
            told = "write both 'confirmed_by' and 'confirmed_on', or neither"
        if told:
            yield Problem(knowledge.office_path, 1, f"{message}: {told}")
