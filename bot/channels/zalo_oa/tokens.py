"""The access token and the refresh token that makes the next one.

A refresh token works once. The new pair is in the database before the new access token is used,
and only one process at a time asks for one: it first takes a lease on the row of the pair it read.
A kill between Zalo's answer and the database still loses the pair (nothing can prevent that):
the refresh token is then refused, and staff are told to give consent anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, Text, select, update
from sqlalchemy.exc import IntegrityError

from bot.channels.staff import Staff
from bot.delivery.outbox import Later
from bot.delivery.store import Store, metadata

MARGIN_SECONDS = 3600
"""A token is renewed this long before its end (it is good for 25 hours)."""
LEASE_SECONDS = 30
LOOK_SECONDS = 0.1

CONSENT = (
    "give the application consent anew: rong channels zalo-consent "
    "(docs/operator.md, Zalo Official Account, says how)"
)

pairs = Table(
    "zalo_oa_tokens",
    metadata,
    Column("app_id", String(64), primary_key=True),
    Column("access_token", Text, nullable=False),
    Column("refresh_token", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("given", String(64), nullable=False),
    Column("problem", Text),
)
"""`generation` counts the pairs; `given` is the digest of the refresh token in the settings, from
which this row began; `problem` says why no further pair can be had. Times are Unix seconds."""


@dataclass(frozen=True)
class Pair:
    """What a refresh gives. `refresh_token` is empty where the old one stays good."""

    access_token: str
    refresh_token: str
    seconds: int


class Refused(Exception):
    """The refresh token will never work again."""


@dataclass(frozen=True)
class Access:
    """An access token and which pair it belongs to."""

    token: str
    generation: int


@dataclass(frozen=True)
class _Row:
    access_token: str
    refresh_token: str
    expires_at: int
    generation: int
    lease_until: int
    given: str
    problem: str | None


class Tokens:
    """The tokens of one application. `refresh(refresh_token)` asks Zalo for a pair; it raises
    `Later`, or `Refused`."""

    def __init__(
        self, store: Store, app_id: str, given: str, refresh: Callable[[str], Awaitable[Pair]]
    ) -> None:
        self._store = store
        self._app_id = app_id
        self._given = given
        self._refresh = refresh
        self._lock = asyncio.Lock()
        self._renewing: asyncio.Task[Access] | None = None

    async def open(self) -> None:
        """Begin with the token of the settings where there is none, or a newer consent."""
        await self._store.run(self._open)

    def _open(self, connection: Connection) -> None:
        digest = hashlib.sha256(self._given.encode()).hexdigest()
        fresh = {
            "access_token": "",
            "refresh_token": self._given,
            "expires_at": 0,
            "lease_until": 0,
            "given": digest,
            "problem": None if self._given else f"there is no token yet: {CONSENT}",
        }
        row = self._read(connection)
        if row is None:
            try:
                with connection.begin_nested():
                    new = {"app_id": self._app_id, "generation": 0, **fresh}
                    connection.execute(pairs.insert().values(new))
            except IntegrityError:
                pass  # another process was first, with the same settings
        elif self._given and row.given != digest:
            self._write(connection, row.generation, {**fresh, "generation": row.generation + 1})

    async def close(self) -> None:
        """Let a pair that was asked for be saved."""
        if self._renewing:
            await asyncio.wait([self._renewing], timeout=LEASE_SECONDS / 2)

    async def problem(self) -> str | None:
        """Why no further token can be had, and what to do; None when all is well."""
        row = await self._store.run(self._read)
        return row.problem if row else None

    async def replace(self, pair: Pair) -> None:
        """A pair from a new consent takes the place of whatever there is, also in servers that
        run. Raises `Later` when others change it at the same moment."""
        row = await self._row()
        values = {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_at": int(time.time()) + pair.seconds,
            "generation": row.generation + 1,
            "lease_until": 0,
            "problem": None,
        }
        if not await self._save(row.generation, values):
            raise Later("the token was renewed at this moment; try again")

    async def access(self) -> Access:
        """A token that is good for a while. Raises `Staff` or `Later` when there is none."""
        row = await self._row()
        left = row.expires_at - time.time()
        if row.access_token and left > (0 if row.problem else MARGIN_SECONDS):
            return Access(row.access_token, row.generation)
        try:
            return await self.renew(row.generation)
        except Later:
            if row.access_token and left > 0:
                return Access(row.access_token, row.generation)
            raise

    async def renew(self, generation: int) -> Access:
        """A token newer than that of `generation`, which Zalo refuses or which ends soon."""
        async with self._lock:
            # Goes on when the caller is cancelled: the answer must get into the database.
            self._renewing = asyncio.create_task(self._renew(generation))
            return await asyncio.shield(self._renewing)

    async def _renew(self, generation: int) -> Access:
        deadline = time.time() + LEASE_SECONDS + 5
        while time.time() < deadline:
            row = await self._row()
            if row.generation != generation and row.access_token:
                return Access(row.access_token, row.generation)
            if row.problem:
                raise Staff(row.problem)
            if await self._store.run(self._lease, row.generation):
                return await self._ask(row)
            await asyncio.sleep(LOOK_SECONDS)
        raise Later("another process has been renewing the token for too long")

    async def _ask(self, row: _Row) -> Access:
        try:
            pair = await self._refresh(row.refresh_token)
        except Refused as refused:
            problem = f"{refused}; {CONSENT}"
            await self._save(row.generation, {"problem": problem, "lease_until": 0})
            raise Staff(problem) from None
        except Later:
            await self._save(row.generation, {"lease_until": 0})
            raise
        new = row.generation + 1
        values = {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token or row.refresh_token,
            "expires_at": int(time.time()) + pair.seconds,
            "generation": new,
            "lease_until": 0,
        }
        if not await self._save(row.generation, values):
            # Consent was given anew meanwhile: that token counts.
            raise Later("the token was replaced while it was renewed", 0.1)
        return Access(pair.access_token, new)

    async def _row(self) -> _Row:
        row = await self._store.run(self._read)
        if row is None:
            raise Later("the row of the token is gone")
        return row

    async def _save(self, generation: int, values: dict[str, object]) -> bool:
        return await self._store.run(self._write, generation, values)

    def _read(self, connection: Connection) -> _Row | None:
        columns = [pairs.c[name] for name in _Row.__dataclass_fields__]
        row = connection.execute(select(*columns).where(pairs.c.app_id == self._app_id)).first()
        return _Row(*row) if row else None

    def _write(self, connection: Connection, generation: int, values: dict[str, object]) -> bool:
        """Change the row if it is still that of `generation`."""
        same = (pairs.c.app_id == self._app_id) & (pairs.c.generation == generation)
        return connection.execute(update(pairs).where(same).values(values)).rowcount == 1

    def _lease(self, connection: Connection, generation: int) -> bool:
        now = int(time.time())
        free = (
            (pairs.c.app_id == self._app_id)
            & (pairs.c.generation == generation)
            & (pairs.c.lease_until <= now)
        )
        change = update(pairs).where(free).values(lease_until=now + LEASE_SECONDS)
        return connection.execute(change).rowcount == 1
