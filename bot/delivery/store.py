"""Tables of the road and the thread that touches them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
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

BATCH = 64
"""Most pieces of work that SQLite commits together."""

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

    SQLite gets one thread: it has one writer anyway. What waits for that thread is committed
    together, because a commit waits for the disk and little else takes time."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self.shared = not self._sqlite
        """Whether other processes may work on the same database."""
        self._engine: Engine | None = None
        self._threads = ThreadPoolExecutor(1 if self._sqlite else 8, "delivery")
        self._waiting: deque[tuple[Callable[[Connection], Any], Future[Any]]] = deque()

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
            # Not later, at the first write: another writer in between would make that fail.
            event.listen(self._engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
        create_tables(self._engine, metadata)

    def insert(self, table: Table) -> Any:
        """An insert of this database, which knows `on_conflict_do_nothing`."""
        return (sqlite if self._sqlite else postgresql).insert(table)

    async def run(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`work(connection, …)`, whole or not at all, committed when this returns."""
        done: Future[T] = Future()
        self._waiting.append((lambda connection: work(connection, *args, **kwargs), done))
        self._threads.submit(self._work)
        return await asyncio.wrap_future(done)

    def _work(self) -> None:
        batch = []
        for _ in range(BATCH if self._sqlite else 1):
            with suppress(IndexError):
                work, done = self._waiting.popleft()
                if done.set_running_or_notify_cancel():
                    batch.append((work, done))
        if not batch:
            return
        try:
            results = self._transaction([work for work, _ in batch])
        except BaseException as error:
            for _, done in batch:
                done.set_exception(error)
            return
        for (_, done), (result, failed) in zip(batch, results, strict=True):
            if failed:
                done.set_exception(failed)
            else:
                done.set_result(result)

    def _transaction(
        self, works: list[Callable[[Connection], Any]]
    ) -> list[tuple[Any, Exception | None]]:
        if self._engine is None:
            raise RuntimeError("the store is not open")
        results: list[tuple[Any, Exception | None]] = []
        with self._engine.begin() as connection:
            if len(works) == 1:
                return [(works[0](connection), None)]
            for work in works:
                try:
                    with connection.begin_nested():
                        results.append((work(connection), None))
                except Exception as error:
                    results.append((None, error))
        return results

    async def close(self) -> None:
        """Finish what runs and disconnect."""
        await asyncio.to_thread(self._threads.shutdown)
        if self._engine is not None:
            self._engine.dispose()


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Transactions begin and end where SQLAlchemy says so, not where the driver thinks.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
