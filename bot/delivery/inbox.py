"""Accepted events: each once, in order within its conversation, forgotten when answered."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from bot.delivery.claims import Alone, Claims, Lost
from bot.delivery.store import VALUE, Store, choice_tokens, keep, outbox, seen_events

KEEP_SECONDS = 3 * 24 * 3600
"""How long an event is remembered as seen; messengers repeat for a day at most."""

Body = dict[str, Any]

# Statements are made once: making one takes longer than running it.
_c = seen_events.c
_unanswered = (
    (_c.channel == bindparam("on"))
    & (_c.conversation == bindparam("of"))
    & (_c.status == "accepted")
)
_NEXT = (
    select(_c.seq, _c.event, _c.conversation, _c.body, _c.attempts, _c.begun)
    .where(_unanswered)
    .order_by(_c.begun.desc(), _c.position, _c.seq)
    .limit(1)
)
_MORE = select(exists().where(_unanswered))
_BEGIN = update(seen_events).where(_c.seq == bindparam("at")).values(begun=True)
_CLOSE = (
    update(seen_events)
    .where(_c.seq == bindparam("at"), _c.status == "accepted")
    .values(status=bindparam("end"), conversation=None, body=None)
)
_PUT = insert(outbox)


@dataclass(frozen=True)
class Accepted:
    """An event that waits for its answer."""

    seq: int
    event: str
    conversation: str
    body: Body
    attempts: int
    begun: bool = False
    """Whether its answer was begun before, by a process that did not come to its end."""


@dataclass(frozen=True)
class Answer:
    """What is to be sent for an event: `messages` in order, and the values behind tokens."""

    messages: Sequence[Body] = ()
    tokens: Mapping[str, str] | None = None


class Inbox:
    """The events of one channel."""

    def __init__(self, store: Store, channel: str, claims: Claims | None = None) -> None:
        self._store = store
        self._channel = channel
        self._claims = claims or Alone()
        new = store.insert(seen_events).on_conflict_do_nothing()
        self._new = new.returning(seen_events.c.seq)

    async def accept(
        self, event: str, conversation: str, body: Body, position: int | None = None
    ) -> bool:
        """Store an event; False when it was there already. `position` is its place in the
        messenger's order, the time of arrival where it has none."""
        now = int(time.time())
        row = {
            "channel": self._channel,
            "event": event,
            "received_at": now,
            "status": "accepted",
            "conversation": conversation,
            "body": body,
            "attempts": 0,
            "position": now if position is None else position,
        }
        return await self._store.run(self._accept, row)

    def _accept(self, connection: Connection, row: dict[str, Any]) -> bool:
        return connection.execute(self._new, row).first() is not None

    async def waiting(self) -> list[str]:
        """Conversations with unanswered events that nobody works at, the one that waits longest
        first."""
        return await self._store.run(self._waiting)

    def _waiting(self, connection: Connection) -> list[str]:
        c = seen_events.c
        query = (
            select(c.conversation)
            .where(c.channel == self._channel, c.status == "accepted")
            .group_by(c.conversation)
            .order_by(func.min(c.seq))
        )
        return list(connection.execute(self._claims.free(query, c.conversation)).scalars())

    async def next(self, conversation: str) -> Accepted | None:
        """The event to answer now; None when there is none, or another process has it.

        Of those that wait it is the one the messenger had first, but one whose answer was begun
        goes before all: the conversation may already stand where that answer left it."""
        return await self._store.run(self._next, conversation)

    def _next(self, connection: Connection, conversation: str) -> Accepted | None:
        if not self._claims.take(connection, conversation):
            return None
        row = connection.execute(_NEXT, {"on": self._channel, "of": conversation}).first()
        if row is None:
            self._claims.release(connection, conversation)
            return None
        if not row.begun:
            connection.execute(_BEGIN, {"at": row.seq})
        return Accepted(*row)

    async def done(self, accepted: Accepted, answer: Answer, status: str = "answered") -> bool:
        """Put the answer in the outbox and forget the event's content, both or neither. Whether
        the conversation has more events to answer.

        Raises `Lost` when that is no longer ours to do."""
        return await self._store.run(self._done, accepted, answer, status)

    def _done(
        self, connection: Connection, accepted: Accepted, answer: Answer, status: str
    ) -> bool:
        conversation = accepted.conversation
        self._claims.hold(connection, conversation)
        closed = connection.execute(_CLOSE, {"at": accepted.seq, "end": status})
        if closed.rowcount == 0:
            raise Lost
        if answer.tokens:
            keep(connection, answer.tokens)
        if answer.messages:
            row = {
                "channel": self._channel,
                "conversation": conversation,
                "created_at": int(time.time()),
                "attempts": 0,
            }
            connection.execute(_PUT, [row | {"body": message} for message in answer.messages])
        more = bool(connection.scalar(_MORE, {"on": self._channel, "of": conversation}))
        if not more:
            self._claims.release(connection, conversation)
        return more

    async def tried(self, accepted: Accepted) -> None:
        """Count an attempt that failed."""
        await self._store.run(
            lambda connection: connection.execute(
                update(seen_events)
                .where(seen_events.c.seq == accepted.seq)
                .values(attempts=seen_events.c.attempts + 1)
            )
        )

    async def value(self, token: str) -> str | None:
        """What a button's token stands for; None when it is unknown or too old."""
        return await self._store.run(lambda connection: connection.scalar(VALUE, {"of": token}))

    async def keep(self, token: str, value: str) -> None:
        """Remember a value under a token, instead of what it stood for."""
        await self._store.run(keep, {token: value})

    async def backlog(self) -> tuple[int, int | None]:
        """How many events wait for their answer, and since when the oldest does (Unix seconds)."""
        c = seen_events.c
        query = select(func.count(), func.min(c.received_at)).where(
            c.channel == self._channel, c.status == "accepted"
        )
        row = await self._store.run(lambda connection: connection.execute(query).one())
        return row[0], row[1]

    async def purge(self, token_days: int) -> None:
        """Forget events seen long ago, and tokens nobody was offered for `token_days`."""
        now = int(time.time())
        await self._store.run(self._purge, now - KEEP_SECONDS, now - token_days * 24 * 3600)

    def _purge(self, connection: Connection, seen_before: int, offered_before: int) -> None:
        connection.execute(
            delete(seen_events).where(
                seen_events.c.received_at < seen_before, seen_events.c.status != "accepted"
            )
        )
        connection.execute(delete(choice_tokens).where(choice_tokens.c.offered_at < offered_before))
