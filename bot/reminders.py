"""Reminders of a deadline: kept until it has passed, sent once, by day, while the messenger allows.

What is kept is where to write, the procedure, its last day and the language; nothing of the family.
It is kept only for who agreed, and outlives the conversation, which may be erased before the day.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    false,
    insert,
    select,
    update,
)

from bot.channels.base import Capabilities, Reply, WritesFirst
from bot.delivery.store import Store, metadata
from knowledge_base.say import Say, date_param

log = logging.getLogger(__name__)

VIETNAM = timezone(timedelta(hours=7))
BEFORE = timedelta(days=7)
"""How long before the last day it is sent."""
LAST_CALL = 14 * 3600
"""Seconds before a messenger's window closes in which it is sent although it is early: a night is
shorter, so there is daylight in it."""
LOOK_SECONDS = 300.0
MOST = 5
"""Reminders of one conversation."""

reminders = Table(
    "reminders",
    metadata,
    Column(
        "id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    Column("conversation", String(160), nullable=False),
    Column("last_day", String(10), nullable=False, index=True),
    Column("procedure", String(80), nullable=False),
    Column("language", String(16), nullable=False),
    Column("settled", Boolean, nullable=False, server_default=false()),
    Column("sent", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("conversation", "last_day"),
)
"""`settled`: the family has gone on to something else, so it is not changed any more."""


@dataclass(frozen=True)
class Reminder:
    """One that is not sent yet; `last_day` in ISO form."""

    id: int
    conversation: str
    last_day: str
    procedure: str
    language: str

    @property
    def say(self) -> Say:
        """What is said."""
        title = {"say": f"{self.procedure}.title"}
        day = date_param(date.fromisoformat(self.last_day))
        return Say("bot.reminder", {"procedure": title, "date": day}, picture="clock")


@dataclass(frozen=True)
class Hours:
    """The hours of a day in Vietnam between which somebody may be disturbed."""

    start: int
    end: int

    def include(self, now: float) -> bool:
        """Whether it is such an hour."""
        return self.start <= datetime.fromtimestamp(now, VIETNAM).hour < self.end

    def end_of(self, now: float) -> int:
        """When these hours end today, in Unix seconds."""
        day = datetime.fromtimestamp(now, VIETNAM).replace(hour=0, minute=0, second=0)
        return int((day + timedelta(hours=self.end)).timestamp())


def is_time(last_day: date, now: float, until: float, hours: Hours) -> bool:
    """Whether a reminder is to be sent at `now`, to somebody who can be reached `until` then."""
    today = datetime.fromtimestamp(now, VIETNAM).date()
    if not hours.include(now) or now >= until or today > last_day:
        return False
    closing = until < math.inf and now >= until - LAST_CALL
    return today >= last_day - BEFORE or closing


class Reminders:
    """Those of one installation; several processes may share them."""

    def __init__(self, database: str, hours: Hours, clock: Callable[[], float] = time.time) -> None:
        self._store = Store(database)
        self._hours, self.clock = hours, clock
        self._opening: asyncio.Task[None] | None = None

    async def follow(
        self, conversation: str, last_day: date | None, procedure: str, language: str, known: bool
    ) -> None:
        """Keep the reminder of a conversation that agreed as its answers have it now. Without
        `known` answers the family is at a new beginning: what it was reminded of stays."""
        await self._open()
        day = last_day.isoformat() if last_day else None
        await self._store.run(_follow, conversation, day, procedure, language, known)

    async def forget(self, conversation: str) -> None:
        """The person wants no more, or wants everything forgotten."""
        await self._delete(reminders.c.conversation == conversation)

    async def expire(self) -> None:
        """Forget what is over."""
        today = datetime.fromtimestamp(self.clock(), VIETNAM).date().isoformat()
        await self._delete(reminders.c.last_day < today)

    async def run(
        self,
        channels: Mapping[str, WritesFirst],
        worded: Callable[[Say, str, Capabilities], Reply],
    ) -> None:
        """Send what is due, again and again."""
        while True:
            try:
                await self.look(channels, worded)
            except Exception as error:
                log.error("reminders: looking failed: %s", type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(
        self,
        channels: Mapping[str, WritesFirst],
        worded: Callable[[Say, str, Capabilities], Reply],
    ) -> None:
        """Send what is due now."""
        if not self._hours.include(self.clock()):
            return
        await self.expire()
        for reminder in await self._store.run(_waiting):
            channel = channels.get(reminder.conversation.partition(":")[0])
            if channel is None:
                continue
            try:
                await self._send(reminder, channel, worded)
            except Exception as error:
                # One that can't be worded or looked up keeps none of the others waiting.
                log.error("reminders: one was not sent: %s", type(error).__name__)

    async def _send(
        self,
        reminder: Reminder,
        channel: WritesFirst,
        worded: Callable[[Say, str, Capabilities], Reply],
    ) -> None:
        now = self.clock()
        until = await channel.reachable_until(reminder.conversation)
        if not is_time(date.fromisoformat(reminder.last_day), now, until, self._hours):
            return
        reply = worded(reminder.say, reminder.language, channel.capabilities)
        not_after = int(min(until, self._hours.end_of(now)))
        # Named, so that a kill before the next line, or another process, sends it no second time.
        once = f"reminder {reminder.conversation} {reminder.last_day}"
        await channel.notify(reminder.conversation, reply, not_after, once)
        done = update(reminders).where(reminders.c.id == reminder.id).values(sent=True)
        await self._store.run(lambda connection: connection.execute(done))

    async def close(self) -> None:
        """Disconnect."""
        await self._store.close()

    async def _delete(self, which: object) -> None:
        await self._open()
        query = delete(reminders).where(which)  # type: ignore[arg-type]
        await self._store.run(lambda connection: connection.execute(query))

    async def _open(self) -> None:
        if self._opening is None:
            self._opening = asyncio.create_task(self._store.open())
        await asyncio.shield(self._opening)


def _waiting(connection: Connection) -> list[Reminder]:
    c = reminders.c
    query = select(c.id, c.conversation, c.last_day, c.procedure, c.language)
    rows = connection.execute(query.where(c.sent.is_(False)).order_by(c.last_day, c.id))
    return [Reminder(*row) for row in rows]


def _follow(
    connection: Connection,
    conversation: str,
    last_day: str | None,
    procedure: str,
    language: str,
    known: bool,
) -> None:
    c = reminders.c
    mine = c.conversation == conversation
    if not known:
        connection.execute(update(reminders).where(mine).values(settled=True))
        return
    # An answer was changed, or the deadline is none of theirs any more.
    stale = mine & c.settled.is_(False) & c.sent.is_(False)
    if last_day is not None:
        stale &= c.last_day != last_day
    connection.execute(delete(reminders).where(stale))
    if last_day is None:
        return
    days = list(connection.execute(select(c.last_day).where(mine)).scalars())
    row = {"procedure": procedure, "language": language}
    if last_day in days:
        connection.execute(update(reminders).where(mine, c.last_day == last_day).values(row))
    elif len(days) < MOST:
        connection.execute(
            insert(reminders), row | {"conversation": conversation, "last_day": last_day}
        )
