"""Messages that wait to be sent, in order within their conversation."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from bot.delivery.claims import Alone, Claims
from bot.delivery.store import VALUE, Store, choice_tokens, keep, outbox, seen_events, token_of

KEEP_SECONDS = 24 * 3600
"""An answer that could not be delivered for this long is no answer any more."""

FAILED_KEEP_SECONDS = 30 * 24 * 3600
"""How long the reason of an undeliverable message is kept for staff."""

FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0


class Later(Exception):
    """The messenger can't take the message now. `seconds` is the wait it asked for, if it did;
    `unsure` when it may have taken it, and only its answer was lost. `kind` is a word for the
    metrics: limit, unreachable, staff (somebody must do something) or error."""

    kind = "error"

    def __init__(
        self,
        reason: str,
        seconds: float | None = None,
        unsure: bool = False,
        kind: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds
        self.unsure = unsure
        self.kind = kind or self.kind


class Never(Exception):
    """The messenger will never take the message; `conversation_closed` when no other either.
    `kind` is a word for the metrics: closed, late, expired or refused."""

    def __init__(self, reason: str, conversation_closed: bool = False, kind: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.conversation_closed = conversation_closed
        self.kind = kind or ("closed" if conversation_closed else "refused")


@dataclass(frozen=True)
class Waiting:
    """A message to send."""

    seq: int
    conversation: str
    created_at: int
    body: dict[str, Any]
    attempts: int
    not_after: int | None = None
    unsure: bool = False
    """Whether the messenger may have taken it already: a process died, or the line broke, between
    calling the messenger and knowing its answer."""
    newest: int | None = None
    """Number of a message that the messenger took before this one may have been."""


# Statements are made once: making one takes longer than running it.
_c = outbox.c
_unsent = (
    (_c.channel == bindparam("on")) & (_c.conversation == bindparam("of")) & _c.reason.is_(None)
)
_NEXT = (
    select(
        _c.seq,
        _c.conversation,
        _c.created_at,
        _c.body,
        _c.attempts,
        _c.not_after,
        _c.sending,
        _c.newest,
    )
    .where(_unsent)
    .order_by(_c.seq)
    .limit(1)
)
_MORE = select(exists().where(_unsent))
_this = _c.seq == bindparam("at")
_BEGIN = update(outbox).where(_this).values(sending=True, newest=bindparam("before"))
_TRIED = (
    update(outbox)
    .where(_this)
    .values(attempts=_c.attempts + 1, sending=bindparam("unsure", type_=Boolean))
)
_SENT = delete(outbox).where(_this)


def pause(attempts: int) -> float:
    """Seconds before the next attempt: `FIRST_WAIT`, twice that, … `LONGEST_WAIT`."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts, 10))


class Outbox:
    """The unsent messages of one channel."""

    def __init__(self, store: Store, channel: str, claims: Claims | None = None) -> None:
        self._store = store
        self._channel = channel
        self._claims = claims or Alone()

    async def put(
        self,
        conversation: str,
        bodies: Sequence[dict[str, Any]],
        not_after: int | None = None,
        once: str | None = None,
    ) -> bool:
        """Have something sent that answers nothing; after `not_after` (Unix seconds) not at all.
        With the same name `once` nothing is put a second time: false then."""
        now = int(time.time())
        rows = [
            {
                "channel": self._channel,
                "conversation": conversation,
                "created_at": now,
                "body": body,
                "attempts": 0,
                "not_after": not_after,
            }
            for body in bodies
        ]
        return await self._store.run(self._put, rows, once)

    def _put(self, connection: Connection, rows: list[dict[str, Any]], once: str | None) -> bool:
        if once is not None:
            # Named as an event that was answered: it is remembered and forgotten like one.
            named = {
                "channel": self._channel,
                "event": f"!{hashlib.sha256(once.encode()).hexdigest()}",
                "received_at": int(time.time()),
                "status": "answered",
                "attempts": 0,
            }
            new = self._store.insert(seen_events).values(named).on_conflict_do_nothing()
            if connection.execute(new.returning(seen_events.c.seq)).first() is None:
                return False
        if rows:
            connection.execute(insert(outbox), rows)
        return True

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

    async def next(self, conversation: str, newest: int | None = None) -> Waiting | None:
        """The oldest unsent message, marked as on its way; None when there is none, or another
        process has it. Hand it over at once: the mark says that it may have arrived. `newest` is
        the number of the newest message that the messenger has taken from this process."""
        return await self._store.run(self._next, conversation, newest)

    def _next(
        self, connection: Connection, conversation: str, newest: int | None
    ) -> Waiting | None:
        if not self._claims.take(connection, conversation):
            return None
        row = connection.execute(_NEXT, {"on": self._channel, "of": conversation}).first()
        if row is None:
            self._claims.release(connection, conversation)
            return None
        if not row.sending:
            connection.execute(_BEGIN, {"at": row.seq, "before": newest})
            return Waiting(*row)
        # Also newer than what another process has sent to this person.
        last = connection.scalar(VALUE, {"of": token_of("<", conversation)})
        floor = max(row.newest or 0, int(last or 0))
        return replace(Waiting(*row), newest=floor or None)

    async def sent(self, message: Waiting, number: int | None = None) -> bool:
        """The messenger has it, as its message `number`: forget it. Whether the conversation has
        more to send."""
        return await self._store.run(self._sent, message, number)

    def _sent(self, connection: Connection, message: Waiting, number: int | None) -> bool:
        # Taken first, so that who has put another message and looks whether it is ours waits.
        ours = self._claims.take(connection, message.conversation)
        connection.execute(_SENT, {"at": message.seq})
        if number is not None:
            keep(connection, {token_of("<", message.conversation): str(number)})
        of = {"on": self._channel, "of": message.conversation}
        more = ours and bool(connection.scalar(_MORE, of))
        if ours and not more:
            self._claims.release(connection, message.conversation)
        return more

    async def newest(self) -> int | None:
        """The number of the newest message that is known to be sent, by whatever process."""
        c = choice_tokens.c
        query = select(func.max(cast(c.value, BigInteger))).where(c.token.startswith("<"))
        return await self._store.run(lambda connection: connection.scalar(query))

    async def later(self, message: Waiting, later: Later) -> float:
        """Count the attempt; seconds to wait before the next one."""
        if time.time() - message.created_at > KEEP_SECONDS:
            reason = f"undelivered for a day: {later.reason}"
            await self.give_up(message, Never(reason, kind="expired"))
            return 0.0
        tried = {"at": message.seq, "unsure": later.unsure or message.unsure}
        await self._store.run(lambda connection: connection.execute(_TRIED, tried))
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

    async def backlog(self) -> tuple[int, int | None]:
        """How many messages wait, and since when the oldest does (Unix seconds)."""
        c = outbox.c
        query = select(func.count(), func.min(c.created_at)).where(
            c.channel == self._channel, c.reason.is_(None)
        )
        row = await self._store.run(lambda connection: connection.execute(query).one())
        return row[0], row[1]

    async def given_up(self) -> int:
        """How many messages that can't be delivered are kept for staff."""
        c = outbox.c
        query = select(func.count()).where(c.channel == self._channel, c.reason.is_not(None))
        return await self._store.run(lambda connection: connection.execute(query).scalar_one())

    async def purge(self) -> None:
        """Forget what was given up long ago."""
        query = delete(outbox).where(
            outbox.c.reason.is_not(None), outbox.c.created_at < time.time() - FAILED_KEEP_SECONDS
        )
        await self._store.run(lambda connection: connection.execute(query))
