"""Where conversations rest between turns: one small row each, no history, no typed text.

Only what the next turn needs is kept: the slots, the form, and what was last said (for numbers as
answers and for resuming). So a turn costs the same however long the conversation, and what people
typed is gone once it is answered.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Column, Engine, Float, MetaData, String, Table, Text, create_engine, select
from sqlalchemy import delete as sql_delete
from sqlalchemy import event as sql_event

from bot.database import create_tables

METADATA = MetaData()
CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("id", String(200), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", Float, nullable=False, index=True),
)


def open_database(url: str) -> Engine:
    """A SQLAlchemy engine; SQLite in write-ahead mode, so that readers never wait."""
    database = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if database.dialect.name == "sqlite":

        @sql_event.listens_for(database, "connect")
        def _pragmas(connection: Any, _: Any) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
                connection.execute(f"PRAGMA {pragma}")

    return database


class CompactTrackerStore(TrackerStore):
    """A Rasa tracker store on SQLite or PostgreSQL that keeps the last state only."""

    def __init__(self, domain: Domain, database: Engine) -> None:
        super().__init__(domain)
        self.database = database
        create_tables(database, METADATA)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Replace the conversation's row."""
        state = json.dumps(_state(tracker), ensure_ascii=False)
        await asyncio.to_thread(self._write, tracker.sender_id, state)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as a tracker that stands where it stood; None if there is none."""
        row = await asyncio.to_thread(self._read, sender_id)
        if row is None:
            return None
        events = _events(json.loads(row), self.domain)
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """Ids of all conversations."""

        def read() -> list[str]:
            with self.database.connect() as connection:
                return list(connection.scalars(select(CONVERSATIONS.c.id)))

        return await asyncio.to_thread(read)

    async def delete(self, sender_id: str) -> None:
        """Forget the conversation."""

        def run() -> None:
            with self.database.begin() as connection:
                connection.execute(sql_delete(CONVERSATIONS).where(CONVERSATIONS.c.id == sender_id))

        await asyncio.to_thread(run)

    async def copy(self, sender_id: str, to: str) -> bool:
        """Let `to` stand where `sender_id` stands, whatever it was before; False if there is no
        such conversation. What belongs to single messages is not copied."""

        def run() -> bool:
            row = self._read(sender_id)
            if row is None:
                return False
            state = json.loads(row)
            for name in ("event", "confirm", "agreed", "voice_online"):
                state["slots"].pop(name, None)
            self._write(to, json.dumps(state | {"said": []}, ensure_ascii=False))
            return True

        return await asyncio.to_thread(run)

    async def expire(self, older_than_days: float) -> int:
        """Forget conversations nobody touched for so many days; gives their number."""
        limit = time.time() - older_than_days * 86400

        def run() -> int:
            with self.database.begin() as connection:
                gone = connection.execute(
                    sql_delete(CONVERSATIONS).where(CONVERSATIONS.c.updated_at < limit)
                )
                return gone.rowcount

        return await asyncio.to_thread(run)

    async def touched(self, sender_id: str) -> float | None:
        """When the conversation was last saved, in seconds since 1970."""

        def read() -> float | None:
            with self.database.connect() as connection:
                query = select(CONVERSATIONS.c.updated_at).where(CONVERSATIONS.c.id == sender_id)
                return connection.scalar(query)

        return await asyncio.to_thread(read)

    def _write(self, sender_id: str, state: str) -> None:
        row = {"state": state, "updated_at": time.time()}
        with self.database.begin() as connection:
            updated = connection.execute(
                CONVERSATIONS.update().where(CONVERSATIONS.c.id == sender_id).values(row)
            )
            if updated.rowcount == 0:
                connection.execute(CONVERSATIONS.insert().values(row | {"id": sender_id}))

    def _read(self, sender_id: str) -> str | None:
        with self.database.connect() as connection:
            query = select(CONVERSATIONS.c.state).where(CONVERSATIONS.c.id == sender_id)
            return connection.scalar(query)


def said(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The messages (`Say` as dictionaries) said since the person last wrote, or, right after
    loading, those of the turn before."""
    says: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if event.type_name == "user":
            break
        if isinstance(event, BotUttered) and event.data.get("custom"):
            says.insert(0, event.data["custom"])
    return says


def _state(tracker: DialogueStateTracker) -> dict[str, Any]:
    slots = {
        name: slot.value
        for name, slot in tracker.slots.items()
        if slot.value != slot.initial_value and name not in ("requested_slot", "answer")
    }
    return {"slots": slots, "loop": tracker.active_loop_name, "said": said(tracker)}


def _events(state: dict[str, Any], domain: Domain) -> list[Event]:
    known = {slot.name for slot in domain.slots}
    events: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
    events += [SlotSet(name, value) for name, value in state["slots"].items() if name in known]
    if state["loop"] in domain.form_names:
        form = state["loop"]
        requested = domain.required_slots_for_form(form)[0]
        events += [ActionExecuted(form), ActiveLoop(form), SlotSet("requested_slot", requested)]
    events += [BotUttered(data={"custom": say}) for say in state["said"]]
    return [*events, ActionExecuted("action_listen")]
