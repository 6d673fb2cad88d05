"""Which process works at a conversation.

On SQLite there is one process, so nothing is claimed (`Alone`). On PostgreSQL a row of `claims`
is a lease: the owner renews all of its rows with one statement a second, and a process that died
loses them after `LEASE_SECONDS` by the database's clock. What an owner commits it commits together
with a look at its row, so one that was only slow, and was taken for dead, commits nothing.
"""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import (
    Column,
    Connection,
    Double,
    Select,
    String,
    Table,
    and_,
    bindparam,
    delete,
    distinct,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.delivery.store import metadata

LEASE_SECONDS = 6.0
BEAT_SECONDS = 1.0
FORGET_SECONDS = 3600.0

claims = Table(
    "delivery_claims",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("lane", String(8), primary_key=True),
    Column("conversation", String(160), primary_key=True),
    Column("owner", String(32), nullable=False, index=True),
    Column("until", Double, nullable=False),
)
"""Who answers (`lane` in) or sends (out) for a conversation; there is a row only while something
is to be done. `until` is in Unix seconds of the database's clock."""

_now: Any = literal_column("extract(epoch from clock_timestamp())::float8", Double)


# Statements are made once: making one takes longer than running it.
_c = claims.c
_mine = and_(
    _c.channel == bindparam("on"),
    _c.lane == bindparam("side"),
    _c.conversation == bindparam("of"),
    _c.owner == bindparam("me"),
)
_new = insert(claims).values(
    channel=bindparam("on"),
    lane=bindparam("side"),
    conversation=bindparam("of"),
    owner=bindparam("me"),
    until=_now + LEASE_SECONDS,
)
_TAKE = _new.on_conflict_do_update(
    index_elements=[_c.channel, _c.lane, _c.conversation],
    set_={"owner": _new.excluded.owner, "until": _new.excluded.until},
    where=or_(_c.owner == _new.excluded.owner, _c.until < _now),
).returning(_c.owner)
_HOLD = update(claims).where(_mine).values(until=_now + LEASE_SECONDS)
_RELEASE = delete(claims).where(_mine)


class Lost(Exception):
    """Another process has taken the conversation over; what was done here must not count."""


class Claims(Protocol):
    """What the inbox and the outbox ask for. All within the caller's transaction."""

    def take(self, connection: Connection, conversation: str) -> bool:
        """Claim or renew; False when another live process has it. Until the transaction ends
        nobody else can claim it or give it back."""

    def hold(self, connection: Connection, conversation: str) -> None:
        """Raises `Lost` unless it is still ours."""

    def release(self, connection: Connection, conversation: str) -> None:
        """There is nothing left to do."""

    def free(self, query: Select[Any], conversation: Any) -> Select[Any]:
        """The query without the conversations that a live process has."""


class Alone:
    """There is no other process."""

    def take(self, connection: Connection, conversation: str) -> bool:
        return True

    def hold(self, connection: Connection, conversation: str) -> None:
        """It is ours."""

    def release(self, connection: Connection, conversation: str) -> None:
        """Nobody waits for it."""

    def free(self, query: Select[Any], conversation: Any) -> Select[Any]:
        return query


class Leases:
    """Claims of one process, `owner`, for one lane of a channel."""

    def __init__(self, channel: str, lane: str, owner: str) -> None:
        self._channel, self._lane, self._owner = channel, lane, owner

    def _of(self, conversation: str) -> dict[str, str]:
        return {
            "on": self._channel,
            "side": self._lane,
            "of": conversation,
            "me": self._owner,
        }

    def take(self, connection: Connection, conversation: str) -> bool:
        return connection.execute(_TAKE, self._of(conversation)).first() is not None

    def hold(self, connection: Connection, conversation: str) -> None:
        if connection.execute(_HOLD, self._of(conversation)).rowcount == 0:
            raise Lost

    def release(self, connection: Connection, conversation: str) -> None:
        connection.execute(_RELEASE, self._of(conversation))

    def free(self, query: Select[Any], conversation: Any) -> Select[Any]:
        c = claims.c
        taken = select(c.owner).where(
            c.channel == self._channel,
            c.lane == self._lane,
            c.conversation == conversation,
            c.until >= _now,
        )
        return query.where(~taken.exists())


def renew(connection: Connection, channel: str, owner: str) -> int:
    """Renew everything `owner` has; gives the number of processes that are sending now."""
    connection.execute(
        update(claims).where(claims.c.owner == owner).values(until=_now + LEASE_SECONDS)
    )
    sending = select(func.count(distinct(claims.c.owner))).where(
        claims.c.channel == channel, claims.c.lane == "out", claims.c.until >= _now
    )
    return connection.execute(sending).scalar_one()


def give_back(connection: Connection, owner: str) -> None:
    """Let others have at once what `owner` has, and forget what dead processes left long ago."""
    connection.execute(
        delete(claims).where(or_(claims.c.owner == owner, claims.c.until < _now - FORGET_SECONDS))
    )
