"""Accepted events: each once, in order within its conversation, forgotten when answered."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.delivery.store import Store, choice_tokens, outbox, seen_events

KEEP_SECONDS = 3 * 24 * 3600
"""How long an event is remembered as seen; messengers repeat for a day at most."""

Body = dict[str, Any]


@dataclass(frozen=True)
class Accepted:
    """An event that waits for its answer."""

    seq: int
    event: str
    conversation: str
    body: Body
    attempts: int


@dataclass(frozen=True)
class Answer:
    """What is to be sent for an event: `messages` in order, and the values behind tokens."""

    messages: Sequence[Body] = ()
    tokens: Mapping[str, str] | None = None


class Inbox:
    """The events of one channel."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store = store
        self._channel = channel

    async def accept(self, event: str, conversation: str, body: Body) -> bool:
        """Store an event; False when it was there already."""
        row = {
            "channel": self._channel,
            "event": event,
            "received_at": int(time.time()),
            "status": "accepted",
            "conversation": conversation,
            "body": body,
            "attempts": 0,
        }
        try:
            await self._store.run(lambda connection: connection.execute(insert(seen_events), row))
        except IntegrityError:
            return False
        return True

    async def waiting(self) -> list[str]:
        """Conversations with unanswered events, the one that waits longest first."""
        return await self._store.run(self._waiting)

    def _waiting(self, connection: Connection) -> list[str]:
        rows = connection.execute(
            select(seen_events.c.conversation)
            .where(seen_events.c.channel == self._channel, seen_events.c.status == "accepted")
            .order_by(seen_events.c.seq)
        )
        return list(dict.fromkeys(rows.scalars()))

    async def next(self, conversation: str) -> Accepted | None:
        """The oldest unanswered event of a conversation."""
        return await self._store.run(self._next, conversation)

    def _next(self, connection: Connection, conversation: str) -> Accepted | None:
        c = seen_events.c
        row = connection.execute(
            select(c.seq, c.event, c.conversation, c.body, c.attempts)
            .where(
                c.channel == self._channel,
                c.conversation == conversation,
                c.status == "accepted",
            )
            .order_by(c.seq)
            .limit(1)
        ).first()
        return Accepted(*row) if row else None

    async def done(self, accepted: Accepted, answer: Answer, status: str = "answered") -> None:
        """Put the answer in the outbox and forget the event's content, both or neither."""
        await self._store.run(self._done, accepted, answer, status)

    def _done(
        self, connection: Connection, accepted: Accepted, answer: Answer, status: str
    ) -> None:
        now = int(time.time())
        connection.execute(
            update(seen_events)
            .where(seen_events.c.seq == accepted.seq)
            .values(status=status, conversation=None, body=None)
        )
        if answer.tokens:
            self._keep(connection, answer.tokens)
        if answer.messages:
            connection.execute(
                insert(outbox),
                [
                    {
                        "channel": self._channel,
                        "conversation": accepted.conversation,
                        "created_at": now,
                        "body": message,
                        "attempts": 0,
                    }
                    for message in answer.messages
                ],
            )

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
        query = select(choice_tokens.c.value).where(choice_tokens.c.token == token)
        return await self._store.run(lambda connection: connection.execute(query).scalar())

    async def keep(self, token: str, value: str) -> None:
        """Remember a value under a token, instead of what it stood for."""
        await self._store.run(self._keep, {token: value})

    @staticmethod
    def _keep(connection: Connection, tokens: Mapping[str, str]) -> None:
        now = int(time.time())
        connection.execute(delete(choice_tokens).where(choice_tokens.c.token.in_(tokens)))
        rows = [{"token": t, "value": v, "offered_at": now} for t, v in tokens.items()]
        connection.execute(insert(choice_tokens), rows)

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
