"""Where conversations rest between turns: one small row each, no history, no typed text.

Only what the next turn needs is kept: the slots, the form, and what was last said (for numbers as
answers and for resuming). So a turn costs the same however long the conversation, and what people
typed is gone once it is answered.
"""

from __future__ import annotations

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
from sqlalchemy import Column, Connection, Float, String, Table, Text, bindparam, select

from bot.delivery.store import Store, metadata

OF_A_MESSAGE = ("event", "confirm", "agreed")
AGREED = ("voice_online", "reachable", "may_write")
"""Slots that no copy takes along: what a person agreed to stays where it was said."""

CONVERSATIONS = Table(
    "conversations",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at", Float, nullable=False, index=True),
)

_this = CONVERSATIONS.c.id == bindparam("this")
_STATE = select(CONVERSATIONS.c.state).where(_this)
_TOUCHED = select(CONVERSATIONS.c.updated_at).where(_this)
_UPDATE = CONVERSATIONS.update().where(_this)
_DELETE = CONVERSATIONS.delete().where(_this)


class CompactTrackerStore(TrackerStore):
    """A Rasa tracker store on SQLite or PostgreSQL that keeps the last state only."""

    def __init__(self, domain: Domain, store: Store) -> None:
        """`store` is opened here."""
        super().__init__(domain)
        self._store = store
        store.open_now()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Replace the conversation's row."""
        state = json.dumps(_state(tracker), ensure_ascii=False)
        await self._store.run(_write, tracker.sender_id, state)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as a tracker that stands where it stood; None if there is none."""
        row = await self._store.run(_read, sender_id)
        if row is None:
            return None
        events = _events(json.loads(row), self.domain)
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """Ids of all conversations."""
        query = select(CONVERSATIONS.c.id)
        return await self._store.run(lambda connection: list(connection.scalars(query)))

    async def delete(self, sender_id: str) -> None:
        """Forget the conversation."""
        await self._store.run(lambda connection: connection.execute(_DELETE, {"this": sender_id}))

    async def copy(self, sender_id: str, to: str) -> bool:
        """Let `to` stand where `sender_id` stands, whatever it was before; False if there is no
        such conversation. What belongs to single messages is not copied."""
        return await self._store.run(_copy, sender_id, to)

    async def expire(self, older_than_days: float) -> int:
        """Forget conversations nobody touched for so many days; gives their number."""
        old = CONVERSATIONS.c.updated_at < time.time() - older_than_days * 86400
        query = CONVERSATIONS.delete().where(old)
        return await self._store.run(lambda connection: connection.execute(query).rowcount)

    async def touched(self, sender_id: str) -> float | None:
        """When the conversation was last saved, in seconds since 1970."""
        return await self._store.run(
            lambda connection: connection.scalar(_TOUCHED, {"this": sender_id})
        )


def _read(connection: Connection, id: str) -> str | None:
    return connection.scalar(_STATE, {"this": id})


def _write(connection: Connection, id: str, state: str) -> None:
    row = {"state": state, "updated_at": time.time()}
    if connection.execute(_UPDATE, {"this": id, **row}).rowcount == 0:
        connection.execute(CONVERSATIONS.insert(), row | {"id": id})


def _copy(connection: Connection, id: str, to: str) -> bool:
    row = _read(connection, id)
    if row is None:
        return False
    state = json.loads(row)
    for name in (*OF_A_MESSAGE, *AGREED):
        state["slots"].pop(name, None)
    before = json.loads(_read(connection, to) or '{"slots": {}}')["slots"]
    state["slots"] |= {name: before[name] for name in AGREED if name in before}
    _write(connection, to, json.dumps(state | {"said": []}, ensure_ascii=False))
    return True


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
