"""Counting wrong tries of codes and passwords, so that guessing is slow; kept in the database, so
that a restart or another process forgives nothing. Sources are kept as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from bot.delivery.store import Store, metadata
from knowledge_base.errors import NhaRongError, TooManyTries

WINDOW = 15 * 60
"""Seconds in which wrong tries are counted."""
MOST = 10
"""Wrong tries of one source; then right ones are refused too until the window has passed."""

wrong_tries = Table(
    "wrong_tries",
    metadata,
    Column(
        "id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    Column("source", String(64), nullable=False, index=True),
    Column("tried_at", BigInteger, nullable=False, index=True),
)


class Tries:
    """The wrong tries of one installation."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store = store
        self._secret = secret

    @asynccontextmanager
    async def one(
        self, sources: Sequence[str], limits: Mapping[str, int] | None = None
    ) -> AsyncIterator[None]:
        """Surrounds one try: it was wrong if an error of ours leaves the block.

        `limits` are sources with a limit of their own. Raises `TooManyTries` instead of letting
        a source try that has had its tries."""
        given = dict.fromkeys(sources, MOST) | dict(limits or {})
        most = {self._mac(source): limit for source, limit in given.items()}
        # Counted before and forgiven afterwards, so that many at once gain nothing.
        await self._store.run(_count, list(most))
        if await self._store.run(_locked, most):
            raise TooManyTries("too many wrong tries; wait 15 minutes")
        try:
            yield
        except NhaRongError:
            raise
        except BaseException:
            await self._store.run(_forgive, list(most))
            raise
        await self._store.run(_forgive, list(most))

    async def expire(self) -> None:
        """Drop what is too old to count."""
        query = delete(wrong_tries).where(wrong_tries.c.tried_at < time.time() - WINDOW)
        await self._store.run(lambda connection: connection.execute(query))

    def _mac(self, source: str) -> str:
        return hmac.new(self._secret, f"source {source}".encode(), hashlib.sha256).hexdigest()


def _locked(connection: Connection, most: Mapping[str, int]) -> bool:
    """Whether a source has had its tries, not counting the one under way."""
    c, since = wrong_tries.c, int(time.time()) - WINDOW
    query = select(c.source, func.count()).where(c.source.in_(most), c.tried_at >= since)
    found = connection.execute(query.group_by(c.source)).all()
    return any(number > most[source] for source, number in found)


def _count(connection: Connection, sources: list[str]) -> None:
    rows = [{"source": source, "tried_at": int(time.time())} for source in sources]
    connection.execute(insert(wrong_tries), rows)


def _forgive(connection: Connection, sources: list[str]) -> None:
    c = wrong_tries.c
    for source in sources:
        newest = select(func.max(c.id)).where(c.source == source).scalar_subquery()
        connection.execute(delete(wrong_tries).where(c.id == newest))
