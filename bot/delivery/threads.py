"""The threads that touch a database, so that the event loop never waits for a disk.

SQLite has one writer anyway, so a file gets one thread, whoever in this process asks. What waits
for that thread is committed together, because a commit waits for the disk and little else takes
time. Not so with a server: processes whose pieces are committed together come to wait for each
other, and a message that was sent is noted so late that a kill has it sent again (measured).
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

Work = Callable[[Connection], Any]
_Job = tuple[Work, "asyncio.Future[Any] | Future[Any]"]
_Outcome = tuple[Any, BaseException | None]

BATCH = 64
"""Most pieces of work that SQLite commits together."""
THREADS = 8
"""Connections of a process to a database server."""
IDLE_SECONDS = 3.0
"""After so long a connection is tried before it is used."""


class Threads:
    """The threads of one database. Get them with `use`, end each use with `leave`."""

    _all: dict[URL, Threads] = {}  # noqa: RUF012 - one file, one writer, whoever asks
    _choosing = threading.Lock()

    def __init__(self, url: URL) -> None:
        self._url = url
        self._sqlite = url.get_backend_name() == "sqlite"
        self._users = 0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.engine = self._connect()
        self._running = [
            threading.Thread(target=self._run, name=f"database_{number}", daemon=True)
            for number in range(1 if self._sqlite else THREADS)
        ]
        for thread in self._running:
            thread.start()

    @classmethod
    def use(cls, url: URL) -> Threads:
        """The threads of this database, started if nobody uses it yet."""
        with cls._choosing:
            found = cls._all.get(url)
            if found is None:
                found = cls._all[url] = cls(url)
            found._users += 1
            return found

    def leave(self) -> None:
        """Finish what waits, if this was the last user; blocks."""
        with self._choosing:
            self._users -= 1
            if self._users:
                return
            del self._all[self._url]
        for _ in self._running:
            self._jobs.put(None)
        for thread in self._running:
            thread.join()
        self.engine.dispose()

    def _connect(self) -> Engine:
        if self._sqlite and self._url.database and self._url.database != ":memory:":
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        # A failed statement is reported without what people wrote.
        engine = create_engine(self._url, hide_parameters=True)
        if not self._sqlite:
            event.listen(engine, "checkin", _note_use)
            event.listen(engine, "checkout", _see_whether_it_lives)
        else:
            event.listen(engine, "connect", _prepare_sqlite)
            # Not later, at the first write: another writer in between would make that fail.
            event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    async def run(self, work: Work) -> Any:
        """The result of `work(connection)`, once it is committed."""
        done = asyncio.get_running_loop().create_future()
        self._jobs.put((work, done))
        return await done

    def wait(self, work: Work) -> Any:
        """As `run`, for who has no event loop; blocks."""
        done: Future[Any] = Future()
        self._jobs.put((work, done))
        return done.result()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            batch = [job]
            # An empty queue, or the end, ends a batch.
            with suppress(queue.Empty):
                while len(batch) < (BATCH if self._sqlite else 1):
                    job = self._jobs.get_nowait()
                    if job is None:
                        self._jobs.put(None)
                        break
                    batch.append(job)
            batch = [(work, done) for work, done in batch if not done.cancelled()]
            _tell(batch, self._together([work for work, _ in batch]))

    def _together(self, works: list[Work]) -> list[_Outcome]:
        """All in one transaction; where something fails, each in its own."""
        try:
            with self.engine.begin() as connection:
                return [(work(connection), None) for work in works]
        except BaseException as error:
            # Whatever it is: without this thread nothing goes on.
            if len(works) == 1:
                return [(None, error)]
        return [outcome for work in works for outcome in self._together([work])]


def _tell(batch: list[_Job], outcomes: list[_Outcome]) -> None:
    """Hand the results over, to each event loop in one go."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], _Outcome]]] = {}
    for (_, done), outcome in zip(batch, outcomes, strict=True):
        if isinstance(done, Future):
            _settle(done, outcome)
        else:
            loops.setdefault(done.get_loop(), []).append((done, outcome))
    for loop, told in loops.items():
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_settle_all, told)


def _settle_all(told: list[tuple[asyncio.Future[Any], _Outcome]]) -> None:
    for done, outcome in told:
        _settle(done, outcome)


def _settle(done: asyncio.Future[Any] | Future[Any], outcome: _Outcome) -> None:
    result, error = outcome
    if done.cancelled():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)


def _note_use(_: object, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _see_whether_it_lives(connection: Any, record: Any, _: object) -> None:
    """A connection that was idle may have been closed by the server or on the way; one that works
    all the time need not be asked before each piece of work."""
    if time.monotonic() - record.info.get("used", time.monotonic()) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Transactions begin and end where SQLAlchemy says so, not where the driver thinks.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
