"""Tables of the road, and the database they are in."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    false,
    insert,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.database import create_tables
from bot.delivery.threads import Threads

P = ParamSpec("P")
T = TypeVar("T")

metadata = MetaData()
_number = BigInteger().with_variant(Integer, "sqlite")

seen_events = Table(
    "seen_events",
    metadata,
    Column("seq", _number, primary_key=True, autoincrement=True),
    Column("channel", String(32), nullable=False),
    Column("event", String(128), nullable=False),
    Column("received_at", BigInteger, nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("conversation", String(160), index=True),
    Column("body", JSON(none_as_null=True)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("position", BigInteger, nullable=False, server_default="0"),
    Column("begun", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("channel", "event"),
)
"""Events of a messenger. `status`: accepted, answered or failed; `conversation` and `body` are
emptied when the event no longer needs them. `position` is its place in the messenger's order;
`begun` is set before the answer is made. Times are Unix seconds."""

_waits = seen_events.c.status == "accepted"
Index(
    "ix_seen_events_waiting",
    seen_events.c.channel,
    seen_events.c.conversation,
    sqlite_where=_waits,
    postgresql_where=_waits,
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", _number, primary_key=True, autoincrement=True),
    Column("channel", String(32), nullable=False),
    Column("conversation", String(160), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("body", JSON(none_as_null=True)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", Text),
    Column("not_after", BigInteger),
    Column("sending", Boolean, nullable=False, server_default=false()),
    Column("newest", BigInteger),
)
"""Messages to send, oldest first within a conversation. A sent one is deleted; one that can never
be sent keeps its `reason` and loses its `body`. After `not_after` (Unix seconds) it is too late.
`sending` is set before the messenger is called, and until it is known whether it took it; `newest`
is then the messenger's number of the newest message it had taken before, where it numbers them."""

choice_tokens = Table(
    "choice_tokens",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("offered_at", BigInteger, nullable=False),
)
"""What a channel looks up later, by token: values of buttons that are too long for a messenger,
what a conversation without buttons was offered last. Forgotten when not renewed for long."""


VALUE = select(choice_tokens.c.value).where(choice_tokens.c.token == bindparam("of"))
"""What is kept under a token."""
_FORGET = delete(choice_tokens).where(choice_tokens.c.token == bindparam("of"))
_KEEP = insert(choice_tokens)


def keep(connection: Connection, tokens: Mapping[str, str]) -> None:
    """Remember values under tokens, instead of what these stood for."""
    now = int(time.time())
    connection.execute(_FORGET, [{"of": token} for token in tokens])
    rows = [{"token": t, "value": v, "offered_at": now} for t, v in tokens.items()]
    connection.execute(_KEEP, rows)


def token_of(kind: str, conversation: str) -> str:
    """Under which something about a conversation is kept, without naming it. Kinds: `@` what it was
    offered, `~` when it was heard, `<` the number of the newest message sent to it."""
    return kind + hashlib.sha256(conversation.encode()).hexdigest()[:40]


class Store:
    """The database, used by the threads of `bot.delivery.threads`."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self.shared = not self._sqlite
        """Whether other processes may work on the same database."""
        self._threads: Threads | None = None

    async def open(self) -> None:
        """Connect and create what is missing."""
        await asyncio.to_thread(self.open_now)

    def open_now(self) -> None:
        """As `open`; blocks."""
        if self._threads is None:
            self._threads = Threads.use(self._url)
        self._threads.wait(partial(create_tables, metadata=metadata))

    def insert(self, table: Table) -> Any:
        """An insert of this database, which knows `on_conflict_do_nothing`."""
        return (sqlite if self._sqlite else postgresql).insert(table)

    async def run(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`work(connection, …)`, whole or not at all, committed when this returns.

        It may be called anew, when what it was to be committed with failed."""
        if self._threads is None:
            raise RuntimeError("the store is not open")
        done: T = await self._threads.run(lambda connection: work(connection, *args, **kwargs))
        return done

    async def close(self) -> None:
        """Finish what runs and disconnect."""
        if self._threads is not None:
            threads, self._threads = self._threads, None
            await asyncio.to_thread(threads.leave)
