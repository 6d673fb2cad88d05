"""`rong topics`: how good the answers about each procedure and topic are, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import click
from rich.console import Console
from rich.table import Table

from knowledge_base.load import KnowledgeBase, load
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.schema import TOPICS, Procedure, Sourced, holding

GRADES = "ABCIM"
ASK = "ask"
"""Shown where citizens are sent to the clerk."""


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="A day; default today.")
def command(on: date | None) -> None:
    """Print procedure × topic: the best grade shown to citizens, `ask` where a clerk is asked."""
    knowledge = load()
    day = on.date() if on else date.today()  # type: ignore[attr-defined]
    table = Table("procedure", *TOPICS, title=f"Best grade of what is shown on {day}")
    for procedure in knowledge.procedures.values():
        if any(period.covers(day) for period in procedure.periods.values()):
            cells = (cell(knowledge, rows(procedure, topic, day)) for topic in TOPICS)
            table.add_row(procedure.id, *cells)
    Console(width=300).print(table)


def rows(procedure: Procedure, topic: str, day: date) -> Iterable[Sourced]:
    """What answers a topic: papers and steps from their lists, the rest from answers."""
    if topic == "documents":
        return holding(procedure.papers, day)
    if topic == "steps":
        return holding(procedure.steps, day)
    return tuple(a for a in holding(procedure.answers, day) if a.topic == topic)


def waits(knowledge: KnowledgeBase, item: Sourced) -> bool:
    """Whether the text names something about the office that nobody has confirmed yet."""
    named = set(PLACEHOLDER.findall(str(getattr(item, "text", ""))))
    return any(name.startswith("office_") for name in named - knowledge.office_params.keys())


def cell(knowledge: KnowledgeBase, found: Iterable[Sourced]) -> str:
    """The best grade of what is shown; `ask` where nothing is, `-` where nothing is written."""
    items = list(found)
    shown = [item for item in items if knowledge.shows(item) and not waits(knowledge, item)]
    grades = [knowledge.sources[name].grade for item in shown for name in item.source]
    if grades:
        return min(grades, key=GRADES.index)
    return ASK if items else "-"
