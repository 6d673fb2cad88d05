"""The desk, and every procedure on every day on which something of it changes."""

from __future__ import annotations

from datetime import date

import pytest

from bot.documents.desk import Desk
from bot.documents.library import changes
from knowledge_base.load import load
from tests.fakes.desk import make_desk

TODAY = date(2026, 11, 23)
NEW_LAW = date(2027, 3, 1)
BASE = load()
PROCEDURES = sorted(BASE.procedures)


def days(procedure: str) -> list[date]:
    """Days to look at: today, the new law, and each day something changes."""
    covered = BASE.procedure(procedure).periods.values()
    wanted = {TODAY, NEW_LAW, *changes(BASE, procedure)}
    return sorted(day for day in wanted if any(period.covers(day) for period in covered))


WALK = [(procedure, day) for procedure in PROCEDURES for day in days(procedure)]


@pytest.fixture(scope="session")
def desk() -> Desk:
    return make_desk()
