"""Finds what the shape of the files alone can't tell; every problem at once, with its line.

A check is a module of this package, found by looking: its `problems(knowledge, today)` yields
faults, with which nothing is served, and warnings, which staff should look at.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from knowledge_base import communes
from knowledge_base.errors import Problem, ProblemsFound
from knowledge_base.load import ROOT, KnowledgeBase, load


def check(root: Path = ROOT, today: date | None = None) -> list[Problem]:
    """Every problem and warning of the knowledge base in folder `root`, as it stands and as it is
    in each of its communes."""
    today = today or date.today()
    try:
        base = load(root)
    except ProblemsFound as error:
        return error.problems
    found = set(problems(base, today))
    for commune in communes.names(root):
        try:
            found |= set(problems(load(root, commune), today))
        except ProblemsFound as error:
            found |= set(error.problems)
    return sorted(found)


def sound(root: Path = ROOT, commune: str = "") -> KnowledgeBase:
    """The knowledge base, fit to be served. Raises `ProblemsFound` with everything wrong."""
    knowledge = load(root, commune)
    found = [p for p in problems(knowledge, date.today()) if not p.warning]
    if found:
        raise ProblemsFound(found)
    return knowledge


def problems(knowledge: KnowledgeBase, today: date) -> Iterator[Problem]:
    """What is wrong with a knowledge base that could be read, as of `today`."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            found = importlib.import_module(f"{__name__}.{module.name}")
            yield from found.problems(knowledge, today)
