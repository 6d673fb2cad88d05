"""Reminders: what is kept, and when one is sent, with a clock that is moved."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels.base import Capabilities, Reply, State
from bot.reminders import LAST_CALL, VIETNAM, Hours, Reminders, is_time, reminders
from knowledge_base.say import Say

DAY = date(2027, 1, 11)
HOURS = Hours(7, 20)
MOTHER = "telegram:1"


def at(month: int, day: int, hour: int = 9, year: int = 2027) -> float:
    return datetime(year, month, day, hour, tzinfo=VIETNAM).timestamp()


@pytest.mark.parametrize(
    ("now", "until", "sent"),
    [
        (at(1, 3), math.inf, False),
        (at(1, 4), math.inf, True),
        (at(1, 4, 6), math.inf, False),
        (at(1, 4, 20), math.inf, False),
        (at(1, 11, 19), math.inf, True),
        (at(1, 12, 8), math.inf, False),
        # Zalo's window closes long before: in its last hours of daylight, not earlier, not later.
        (at(12, 10, 9, 2026), at(12, 10, 22, 2026), True),
        (at(12, 10, 7, 2026), at(12, 10, 22, 2026), False),
        (at(12, 10, 9, 2026), at(12, 10, 8, 2026), False),
        (at(12, 10, 3, 2026), at(12, 10, 8, 2026), False),
        (at(1, 5), 0.0, False),
        (at(1, 5), at(1, 7), True),
    ],
)
def test_when(now: float, until: float, sent: bool) -> None:
    assert is_time(DAY, now, until, HOURS) is sent


def test_there_is_daylight_in_the_last_call() -> None:
    night = 24 - (HOURS.end - HOURS.start)
    assert night * 3600 < LAST_CALL


class Messenger:
    """A channel that remembers; by name everything once."""

    capabilities = Capabilities(writes_first=True)

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, int]] = []
        self.names: set[str] = set()
        self.until = math.inf
        self.broken = False

    async def reachable_until(self, conversation: str) -> float:
        return self.until

    async def notify(self, conversation: str, reply: Any, not_after: int, once: str) -> bool:
        if self.broken:
            raise RuntimeError("the database is away")
        if once in self.names:
            return False
        self.names.add(once)
        self.sent.append((conversation, reply.messages[0], not_after))
        return True


def worded(say: Say, language: str, capabilities: Capabilities) -> Reply:
    day = say.params["date"]
    assert isinstance(day, dict)
    return Reply([f"{say.say} {day['date']} {language}"], State())  # type: ignore[list-item]


class Town:
    """Reminders, one messenger, a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = at(11, 23, 9, 2026)
        self.messenger: Any = Messenger()
        self.reminders = self.starts()

    def starts(self) -> Reminders:
        return Reminders(f"sqlite:///{self.folder}/rong.db", HOURS, lambda: self.now)

    async def agrees(self, day: date | None = DAY, known: bool = True) -> None:
        await self.reminders.follow(MOTHER, day, "birth_registration", "vi", known)

    async def look(self, now: float) -> list[str]:
        """What is sent at that time."""
        self.now = now
        before = len(self.messenger.sent)
        await self.reminders.look({"telegram": self.messenger}, worded)
        return [text for _, text, _ in self.messenger.sent[before:]]

    async def kept(self) -> list[tuple[Any, ...]]:
        query = select(reminders.c.last_day, reminders.c.sent)
        rows = await self.reminders._store.run(lambda c: c.execute(query).all())
        return [tuple(row) for row in rows]


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(tmp_path)
    yield made
    await made.reminders.close()


async def test_once_a_week_before(town: Town) -> None:
    await town.agrees()
    assert await town.look(at(1, 3)) == []
    assert await town.look(at(1, 4)) == ["bot.reminder 2027-01-11 vi"]
    assert town.messenger.sent[0][2] == at(1, 4, 20), "not at night either"
    assert await town.look(at(1, 5)) == []
    await town.agrees()
    assert await town.look(at(1, 6)) == [], "said again, planned again: never twice"
    await town.look(at(1, 12))
    assert await town.kept() == [], "nothing is kept when it is over"


async def test_a_kill_between_sending_and_noting(town: Town) -> None:
    await town.agrees()
    town.messenger.names.add(f"reminder {MOTHER} {DAY}")  # it was sent, and then the light went out
    await town.reminders.close()
    town.reminders = town.starts()
    assert await town.look(at(1, 4)) == []
    assert await town.kept() == [("2027-01-11", True)]


async def test_after_a_restart(town: Town) -> None:
    await town.agrees()
    await town.reminders.close()
    town.reminders = town.starts()
    await town.reminders.expire()
    assert len(await town.look(at(1, 4))) == 1


async def test_a_corrected_answer(town: Town) -> None:
    await town.agrees(date(2027, 1, 9))
    await town.agrees(DAY)
    assert await town.kept() == [("2027-01-11", False)]
    await town.agrees(None)
    assert await town.kept() == [], "no exact day, no reminder"


async def test_another_child_on_the_same_phone(town: Town) -> None:
    await town.agrees(date(2026, 12, 20))
    await town.agrees(None, known=False)
    await town.agrees(DAY)
    assert [day for day, _ in await town.kept()] == ["2026-12-20", "2027-01-11"]
    assert await town.look(at(12, 15, 9, 2026)) == ["bot.reminder 2026-12-20 vi"]
    assert await town.look(at(1, 5)) == ["bot.reminder 2027-01-11 vi"]


async def test_no_more(town: Town) -> None:
    await town.agrees()
    await town.reminders.forget(MOTHER)
    assert await town.kept() == []
    assert await town.look(at(1, 4)) == []


async def test_a_closed_window_waits_for_the_person(town: Town) -> None:
    await town.agrees()
    town.messenger.until = at(11, 25, 9, 2026)
    assert await town.look(at(1, 5)) == []
    town.messenger.until = at(1, 8)
    assert len(await town.look(at(1, 6, 10))) == 1
    assert town.messenger.sent[0][2] == at(1, 6, 20)


async def test_one_that_fails_keeps_no_other_waiting(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    await town.agrees()
    await town.reminders.follow("unknown:2", DAY, "birth_registration", "vi", True)
    await town.reminders.follow("telegram:3", DAY, "birth_registration", "vi", True)
    town.messenger.broken = True
    assert await town.look(at(1, 4)) == []
    town.messenger.broken = False
    assert len(await town.look(at(1, 4))) == 2
    assert "telegram:3" not in caplog.text


async def test_not_without_end(town: Town) -> None:
    for day in range(1, 20):
        await town.agrees(date(2027, 1, day))
        await town.agrees(None, known=False)
    assert len(await town.kept()) == 5


def test_what_is_kept() -> None:
    assert set(reminders.c.keys()) == {
        "id",
        "conversation",
        "last_day",
        "procedure",
        "language",
        "settled",
        "sent",
    }
