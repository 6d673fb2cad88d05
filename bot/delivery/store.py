"""Tables of the road and the thread that touches them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    false,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.database import create_tables

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
)
"""Messages to send, oldest first within a conversation. A sent one is deleted; one that can never
be sent keeps its `reason` and loses its `body`. After `not_after` (Unix seconds) it is too late."""

choice_tokens = Table(
    "choice_tokens",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("offered_at", BigInteger, nullable=False),
)
"""What a channel looks up later, by token: values of buttons that are too long for a messenger,
what a conversation without buttons was offered last. Forgotten when not renewed for long."""


class Store:
    """The database, used from threads so that the event loop never waits for a disk.

    SQLite gets one thread: it has one writer anyway, and within one thread nothing is locked."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self.shared = not self._sqlite
        """Whether other processes may work on the same database."""
        self._engine: Engine | None = None
        self._threads = ThreadPoolExecutor(1 if self._sqlite else 8, "delivery")

    async def open(self) -> None:
        """Connect and create what is missing."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._open)

    def _open(self) -> None:
        if self._sqlite and self._url.database and self._url.database != ":memory:":
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        # A failed statement is reported without what people wrote.
        self._engine = create_engine(
            self._url, hide_parameters=True, pool_pre_ping=not self._sqlite
        )
        if self._sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
        create_tables(self._engine, metadata)

    def insert(self, table: Table) -> Any:
        """An insert of this database, which knows `on_conflict_do_nothing`."""
        return (sqlite if self._sqlite else postgresql).insert(table)

    async def run(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`work(connection, …)` in one transaction, committed when this returns."""

        def transaction() -> T:
            if self._engine is None:
                raise RuntimeError("the store is not open")
            with self._engine.begin() as connection:
                return work(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)

    async def close(self) -> None:
        """Finish what runs and disconnect."""
        await asyncio.to_thread(self._threads.shutdown)
        if self._engine is not None:
            self._engine.dispose()


def _prepare_sqlite(connection: object, _: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
