"""Messages that wait to be sent, in order within their conversation."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.delivery.claims import Alone, Claims
from bot.delivery.store import Store, outbox

KEEP_SECONDS = 24 * 3600
"""An answer that could not be delivered for this long is no answer any more."""

FAILED_KEEP_SECONDS = 30 * 24 * 3600
"""How long the reason of an undeliverable message is kept for staff."""

LONGEST_WAIT = 30.0


class Later(Exception):
    """The messenger can't take the message now. `seconds` is the wait it asked for, if it did."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


class Never(Exception):
    """The messenger will never take the message; `conversation_closed` when no other either."""

    def __init__(self, reason: str, conversation_closed: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.conversation_closed = conversation_closed


@dataclass(frozen=True)
class Waiting:
    """A message to send."""

    seq: int
    conversation: str
    created_at: int
    body: dict[str, Any]
    attempts: int
    not_after: int | None = None


def pause(attempts: int) -> float:
    """Seconds before the next attempt: 1, 2, 4 … `LONGEST_WAIT`."""
    return min(LONGEST_WAIT, 2.0 ** min(attempts, 10))


class Outbox:
    """The unsent messages of one channel."""

    def __init__(self, store: Store, channel: str, claims: Claims | None = None) -> None:
        self._store = store
        self._channel = channel
        self._claims = claims or Alone()

    async def put(
        self, conversation: str, body: dict[str, Any], not_after: int | None = None
    ) -> None:
        """Have something sent that answers nothing; after `not_after` (Unix seconds) not at all."""
        row = {
            "channel": self._channel,
            "conversation": conversation,
            "created_at": int(time.time()),
            "body": body,
            "attempts": 0,
            "not_after": not_after,
        }
        await self._store.run(lambda connection: connection.execute(insert(outbox), row))

    async def waiting(self, free: bool = True) -> list[str]:
        """Conversations with unsent messages, the one that waits longest first; `free`: only
        those that nobody works at."""
        return await self._store.run(self._waiting, free)

    def _waiting(self, connection: Connection, free: bool) -> list[str]:
        c = outbox.c
        query = (
            select(c.conversation)
            .where(c.channel == self._channel, c.reason.is_(None))
            .group_by(c.conversation)
            .order_by(func.min(c.seq))
        )
        query = self._claims.free(query, c.conversation) if free else query
        return list(connection.execute(query).scalars())

    async def next(self, conversation: str) -> Waiting | None:
        """The oldest unsent message; None when there is none, or another process has it."""
        return await self._store.run(self._next, conversation)

    def _next(self, connection: Connection, conversation: str) -> Waiting | None:
        if not self._claims.take(connection, conversation):
            return None
        c = outbox.c
        row = connection.execute(
            select(c.seq, c.conversation, c.created_at, c.body, c.attempts, c.not_after)
            .where(c.channel == self._channel, c.conversation == conversation, c.reason.is_(None))
            .order_by(c.seq)
            .limit(1)
        ).first()
        if row is None:
            self._claims.release(connection, conversation)
            return None
        return Waiting(*row)

    async def sent(self, message: Waiting) -> None:
        """The messenger has it: forget it."""
        query = delete(outbox).where(outbox.c.seq == message.seq)
        await self._store.run(lambda connection: connection.execute(query))

    async def later(self, message: Waiting, later: Later) -> float:
        """Count the attempt; seconds to wait before the next one."""
        if time.time() - message.created_at > KEEP_SECONDS:
            await self.give_up(message, Never(f"undelivered for a day: {later.reason}"))
            return 0.0
        query = update(outbox).where(outbox.c.seq == message.seq)
        await self._store.run(
            lambda connection: connection.execute(query.values(attempts=outbox.c.attempts + 1))
        )
        return pause(message.attempts) if later.seconds is None else later.seconds

    async def give_up(self, message: Waiting, never: Never) -> None:
        """Keep the reason once; with a closed conversation drop what else waits for it."""
        await self._store.run(self._give_up, message, never)

    def _give_up(self, connection: Connection, message: Waiting, never: Never) -> None:
        c = outbox.c
        connection.execute(
            update(outbox).where(c.seq == message.seq).values(reason=never.reason, body=None)
        )
        if never.conversation_closed:
            connection.execute(
                delete(outbox).where(
                    c.channel == self._channel,
                    c.conversation == message.conversation,
                    c.reason.is_(None),
                )
            )

    async def undelivered(self) -> list[tuple[str, str]]:
        """Conversation and reason of each message given up."""
        query = (
            select(outbox.c.conversation, outbox.c.reason)
            .where(outbox.c.channel == self._channel, outbox.c.reason.is_not(None))
            .order_by(outbox.c.seq)
        )
        rows = await self._store.run(lambda connection: connection.execute(query).all())
        return [(conversation, reason) for conversation, reason in rows]

    async def purge(self) -> None:
        """Forget what was given up long ago."""
        query = delete(outbox).where(
            outbox.c.reason.is_not(None), outbox.c.created_at < time.time() - FAILED_KEEP_SECONDS
        )
        await self._store.run(lambda connection: connection.execute(query))
