"""Codes that carry a conversation to another device or to the counter.

A code says nothing about anybody: it is random. What is kept of it is a keyed hash, so that who
reads the database can't use it, and the conversation it stands for. A short code is for saying
aloud and typing; a long one is for links and QR pictures. Guessing is stopped by counting wrong
tries: of one source, of one conversation, and of short codes altogether.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)

from bot.delivery.store import Store, metadata
from bot.links import link_secret
from bot.settings import Settings
from bot.tries import Tries
from knowledge_base.errors import UnknownId

Purpose = Literal["carry", "counter", "clerk"]
"""To another device; for the citizen to say at the counter; for the clerk's page meanwhile."""

ALPHABET = "23456789CDFHJKMNPQRTVWX"
"""No look-alikes, and no vowel: a code is never a word, nor (for want of 0 and 1) a date."""
SHORT, LONG = 6, 12
"""Characters: 27 bits and 54 bits."""
GOOD_FOR = {"carry": 10 * 60, "counter": 12 * 3600, "clerk": 12 * 3600}
"""Seconds."""
MOST_SHORT_TRIES = 300
"""Wrong short codes of everybody together in `tries.WINDOW`; with ten codes about, one in 50,000
such windows would see a right guess."""

_CODE = re.compile(r"^\s*(?:mã|ma|code)?[\s:]*([2-9a-z][2-9a-z\s-]{4,30}[2-9a-z])[\s.!]*$", re.I)

link_codes = Table(
    "link_codes",
    metadata,
    Column("mac", String(64), primary_key=True),
    Column("pair", String(32), nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("conversation", String(200), nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_by", String(64)),
)
"""Short and long code of one `pair`; `used_by` is a hash of the conversation that took it over."""

EVERYBODY = "every short code"


@dataclass(frozen=True)
class Issued:
    """A new code. `pair` names what is kept for it, `replaced` what was kept for others that it
    takes the place of."""

    short: str
    long: str
    pair: str
    replaced: Sequence[str] = ()

    @property
    def spoken(self) -> str:
        """The short code in two groups."""
        return f"{self.short[:3]}-{self.short[3:]}"


@dataclass(frozen=True)
class Link:
    """What a code stands for."""

    conversation: str
    pair: str


def code_in(text: str | None) -> str | None:
    """The code a text consists of, as it was given out; None for any other text."""
    found = _CODE.match(text or "")
    code = re.sub(r"[\s-]", "", found[1]).upper() if found else ""
    return code if len(code) in (SHORT, LONG) and set(code) <= set(ALPHABET) else None


class Links:
    """The codes of one installation; several processes may share them."""

    def __init__(self, database: str, secret: str) -> None:
        self._store = Store(database)
        self._secret = secret.encode()
        self._opening: asyncio.Task[None] | None = None
        self.tries = Tries(self._store, self._secret)

    @classmethod
    def of(cls, settings: Settings) -> Links:
        """The codes that these settings keep."""
        return cls(settings.database, link_secret(settings))

    async def open(self) -> None:
        """Connect, which otherwise happens at the first use."""
        await self._open()

    async def close(self) -> None:
        """Disconnect."""
        await self._store.close()

    async def issue(self, conversation: str, purpose: Purpose) -> Issued:
        """A new code of a conversation; the one it had for this purpose is good no more, except
        that several clerks may look at one case."""
        issued = Issued(_random(SHORT), _random(LONG), secrets.token_hex(12))
        row = {
            "pair": issued.pair,
            "purpose": purpose,
            "conversation": conversation,
            "expires_at": int(time.time()) + GOOD_FOR[purpose],
        }
        rows = [row | {"mac": self._mac(f"code {code}")} for code in (issued.short, issued.long)]

        def run(connection: Connection) -> list[str]:
            c = link_codes.c
            mine = (c.conversation == conversation) & (c.purpose == purpose)
            old = [] if purpose == "clerk" else _delete(connection, mine)
            connection.execute(insert(link_codes), rows)
            return old

        await self._open()
        return replace(issued, replaced=await self._store.run(run))

    async def take(self, code: str, by: str, sources: Sequence[str]) -> Link:
        """What the code stands for, once; the same taker may repeat itself.

        Raises `UnknownId` for a code that is wrong, used or too old, `TooManyTries`."""
        return await self._try(code, sources, self._mac(f"by {by}"))

    async def look(self, code: str, sources: Sequence[str]) -> Link:
        """What the code stands for, of any purpose, without using it up. Raises as `take`."""
        return await self._try(code, sources, None)

    async def forget(self, conversation: str) -> list[str]:
        """Drop the codes of a conversation; gives their pairs."""
        return await self._drop(link_codes.c.conversation == conversation)

    async def expire(self) -> list[str]:
        """Drop codes and tries that are too old; gives the pairs of those codes."""
        now = int(time.time())
        gone = await self._drop(link_codes.c.expires_at <= now)
        await self.tries.expire()
        return gone

    async def _try(self, code: str, sources: Sequence[str], taker: str | None) -> Link:
        await self._open()
        limits = {EVERYBODY: MOST_SHORT_TRIES} if len(code) == SHORT else None
        async with self.tries.one(sources, limits):
            link = await self._store.run(
                _look if taker is None else _take, self._mac(f"code {code}"), taker
            )
            if link is None:
                raise UnknownId("this code is wrong, was used, or is too old")
        return link

    async def _drop(self, which: ColumnElement[bool]) -> list[str]:
        await self._open()
        return await self._store.run(_delete, which)

    async def _open(self) -> None:
        if self._opening is None:
            self._opening = asyncio.create_task(self._store.open())
        await asyncio.shield(self._opening)

    def _mac(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _delete(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    """Deletes codes; gives their pairs."""
    pairs = connection.execute(select(link_codes.c.pair).where(which)).scalars()
    gone = list(dict.fromkeys(pairs))
    if gone:
        connection.execute(delete(link_codes).where(link_codes.c.pair.in_(gone)))
    return gone


def _take(connection: Connection, mac: str, taker: str | None) -> Link | None:
    c, now = link_codes.c, int(time.time())
    pair = select(c.pair).where(c.mac == mac, c.purpose == "carry").scalar_subquery()
    # Written first: of two processes only one finds it unused.
    connection.execute(
        update(link_codes)
        .where(c.pair == pair, c.used_by.is_(None), c.expires_at > now)
        .values(used_by=taker)
    )
    row = connection.execute(
        select(c.conversation, c.pair).where(
            c.mac == mac, c.purpose == "carry", c.used_by == taker, c.expires_at > now
        )
    ).first()
    return Link(*row) if row else None


def _look(connection: Connection, mac: str, _: str | None) -> Link | None:
    c = link_codes.c
    row = connection.execute(
        select(c.conversation, c.pair).where(
            c.mac == mac,
            c.expires_at > int(time.time()),
            or_(c.purpose != "carry", c.used_by.is_(None)),
        )
    ).first()
    return Link(*row) if row else None


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
