"""Ids that are written twice, and topics that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge_base.errors import Problem
from knowledge_base.items import LISTS
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import TOPICS, Procedure, UseQuestion
from knowledge_base.yaml_lines import Location

Found = Iterator[tuple[Location, str]]


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Every id of two things of one kind; every unknown topic."""
    for procedure in knowledge.procedures.values():
        for location, told in (*_twice(procedure), *_topics(procedure)):
            yield knowledge.documents[procedure.id].problem(location, told)


def _twice(procedure: Procedure) -> Found:
    for name in LISTS:
        seen: set[str] = set()
        for index, item in enumerate(getattr(procedure, name)):
            item_id = item.use.rpartition(".")[2] if isinstance(item, UseQuestion) else item.id
            if item_id in seen:
                yield (name, index, "id"), f"'{item_id}' is the id of two of the {name}; rename one"
            seen.add(item_id)


def _topics(procedure: Procedure) -> Found:
    for index, answer in enumerate(procedure.answers):
        if answer.topic not in TOPICS:
            told = f"'{answer.topic}' is not a topic; topics: {', '.join(TOPICS)}"
            yield ("answers", index, "topic"), told
