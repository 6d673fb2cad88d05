"""One turn of a conversation: guard, Rasa, message ids."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from bot import rasa_import
from bot.delivery.store import Store
from bot.settings import Settings
from bot.taps import numbered, payload, tap
from knowledge_base.errors import EngineError
from knowledge_base.guide import is_question
from knowledge_base.load import KnowledgeBase
from knowledge_base.privacy import mask_identity
from knowledge_base.say import Say

log = logging.getLogger(__name__)

AWAY = 6 * 3600
"""Seconds after which somebody who writes again is told where they were."""
LONGEST_TURN = 5
"""Seconds after which a turn is no longer waited for."""
TURNS_AT_ONCE = 2
"""Turns that are thought about at any time. That is work of this process, so more would end no
sooner, and what else the event loop does, such as taking webhooks, waits for a step of each."""
ANSWERING = frozenset({"inform", "affirm", "deny", "dont_know", "choose", "nlu_fallback"})
"""Intents of what may be an answer."""
LONGEST = 1000
"""Most characters of a message that are read; a spoken minute is about 900."""


@dataclass(frozen=True)
class EngineTurn:
    """What one turn says, and where the conversation then stands."""

    says: tuple[Say, ...]
    procedure: str | None = None
    step: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    language: str = "vi"
    handover: bool = False
    asks: bool = False
    """Whether `step` is a question."""
    slow: bool = False
    erase: bool = False
    entry: str | None = None
    """The procedure that was begun; answers may have led from it to `procedure`."""
    voice_online: bool = False
    """Whether the person agreed that their voice is sent to an online service."""
    may_write: str | None = None
    """Whether the person may be written to first: yes, no, asked; None if never asked."""


class Engine:
    """Rasa's agent with our actions and store. Make one with `Engine.load`."""

    def __init__(self, agent: Any, store: Any, surroundings: Any) -> None:
        self._agent, self._store, self._surroundings = agent, store, surroundings
        self._turning = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._semaphore = asyncio.Semaphore(TURNS_AT_ONCE)
        self._idle = asyncio.Event()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def load(cls, settings: Settings, model: Path, knowledge: KnowledgeBase) -> Engine:
        """Load the trained model at `model`. Raises `EngineError` when it can't be loaded."""
        rasa_import.prepare()
        from rasa.core.agent import Agent

        from actions import all_actions
        from actions.base import NLU_DATA, Surroundings
        from bot.engine.in_process import InProcessActions, spare_rasa_work
        from bot.engine.tracker_store import CompactTrackerStore
        from knowledge_base.answers.words import load_words

        spare_rasa_work()
        surroundings = Surroundings(knowledge, load_words(NLU_DATA), settings.day)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with rasa_import.quiet():
            agent = Agent.load(
                str(model), action_endpoint=InProcessActions(all_actions(surroundings))
            )
            if not agent.is_ready():
                raise EngineError(f"{model} can't be loaded; train it anew: rong train --force")
            store = CompactTrackerStore(agent.domain, Store(settings.database))
            agent.tracker_store = agent.processor.tracker_store = store
        return cls(agent, store, surroundings)

    async def use(self, knowledge: KnowledgeBase) -> None:
        """Answer from another knowledge base, once no turn is under way (or after a while)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_TURN):
                while self._turning:
                    self._idle.clear()
                    await self._idle.wait()
        self._surroundings.knowledge = knowledge

    async def turn(
        self,
        conversation: str,
        text: str | None = None,
        choice: str | None = None,
        language: str | None = None,
        event: str | None = None,
        heard: str | None = None,
        reachable: bool = False,
    ) -> EngineTurn:
        """Answer one message: `text`, `choice`, or what was `heard` in a spoken one, which is
        read back first. Turns of one conversation wait for each other.

        `reachable` is whether this person can be written to first, and may be asked for it.
        `event` is the sender's id of the message: the one answered last is not answered anew.
        Raises `BadRequest` for a choice that was not offered; the conversation is unharmed."""
        async with self._lock(conversation):
            before = await self._store.retrieve(conversation)
            if before is not None and event and before.get_slot("event") == event:
                return self._turn(before)
            offered = self._offered(before)
            if heard is not None:
                message, first = self._heard(heard)
            else:
                message, first = self._message(text, choice, offered)
            away = await self._away(conversation, before)
            if away and await self._is_answer(message):
                message = payload("returned", value=message)
            slots = {"event": event} | ({"reachable": "yes"} if reachable else {})
            if language:
                slots |= {"language": language, "language_chosen": "yes"}
            turn = await self._run(conversation, before, message, slots, offered)
            if turn.erase:
                await self._store.delete(conversation)
            return replace(turn, says=(*first, *turn.says))

    async def answered(self, conversation: str, event: str | None) -> EngineTurn | None:
        """The turn of an event, if that was the one answered last."""
        before = await self._store.retrieve(conversation) if event else None
        return self._turn(before) if before and before.get_slot("event") == event else None

    async def copy(self, conversation: str, to: str) -> bool:
        """Let another conversation stand where this one does; False if there is none."""
        async with self._lock(to):
            copied: bool = await self._store.copy(conversation, to)
            return copied

    async def last(self, conversation: str) -> EngineTurn | None:
        """What was said last and where the conversation stands; None if it does not exist."""
        tracker = await self._store.retrieve(conversation)
        return None if tracker is None else self._turn(tracker)

    async def erase(self, conversation: str) -> None:
        """Forget the conversation."""
        async with self._lock(conversation):
            await self._store.delete(conversation)

    async def expire(self, days: float) -> int:
        """Forget conversations nobody touched for so many days; gives their number."""
        gone: int = await self._store.expire(days)
        return gone

    def _lock(self, conversation: str) -> asyncio.Lock:
        lock = self._locks.get(conversation)
        if lock is None:
            lock = self._locks[conversation] = asyncio.Lock()
        return lock

    def _offered(self, tracker: Any) -> list[str]:
        if tracker is None:
            return []
        says = self._turn(tracker).says
        return [choice.value for say in says for choice in say.choices]

    @staticmethod
    def _message(
        text: str | None, choice: str | None, offered: list[str]
    ) -> tuple[str, tuple[Say, ...]]:
        """The message for Rasa, and what is said before its answer. Typed text never reaches
        Rasa with a leading slash, which it would take for an intent."""
        if choice is not None:
            return tap(choice, offered), ()
        text = text or ""
        if len(text) > LONGEST:
            return payload("notice", value="bot.too_long"), ()
        if not text.strip():
            return payload("notice", value="bot.empty"), ()
        masked = mask_identity(text)
        hidden = (Say("bot.masked", picture="id_card"),) if masked != text else ()
        if hidden and sum(character.isalpha() for character in masked) < 3:
            return payload("notice", value="bot.masked"), ()
        if masked.lstrip().startswith("/"):
            return payload("notice", value="bot.no_commands"), ()
        wanted = numbered(masked, [value for value in offered if value != "act:pick_date"])
        if wanted:
            return tap(wanted, offered), hidden
        if not any(character.isalnum() for character in masked):
            return payload("notice", value="bot.emoji_only"), ()
        return masked, hidden

    @staticmethod
    def _heard(text: str) -> tuple[str, tuple[Say, ...]]:
        """What was heard, to be read back; identity numbers are masked before it is kept."""
        text = text[:LONGEST].strip()
        if not text:
            return payload("notice", value="bot.voice_not_understood"), ()
        masked = mask_identity(text)
        hidden = (Say("bot.masked", picture="id_card"),) if masked != text else ()
        return payload("heard", value=masked), hidden

    async def _away(self, conversation: str, before: Any) -> bool:
        """Whether somebody comes back after hours in the middle of a procedure."""
        if before is None or not before.get_slot("stop"):
            return False
        touched = await self._store.touched(conversation)
        return touched is not None and time.time() - touched >= AWAY

    async def _is_answer(self, message: str) -> bool:
        """Whether a message may be the answer to a question, and not a greeting or a request."""
        if message.startswith("/"):
            return message.startswith(payload("choose"))
        from rasa.core.channels.channel import UserMessage

        parsed = await self._agent.processor.parse_message(UserMessage(message))
        intent = (parsed.get("intent") or {}).get("name")
        return intent in ANSWERING

    async def _run(
        self,
        conversation: str,
        before: Any,
        message: str,
        slots: Mapping[str, str | None],
        offered: list[str],
    ) -> EngineTurn:
        self._turning += 1
        try:
            return await self._answer(conversation, before, message, slots, offered)
        finally:
            self._turning -= 1
            self._idle.set()

    def _slots(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._semaphore = loop, asyncio.Semaphore(TURNS_AT_ONCE)
        return self._semaphore

    async def _answer(
        self,
        conversation: str,
        before: Any,
        message: str,
        slots: Mapping[str, str | None],
        offered: list[str],
    ) -> EngineTurn:
        from rasa.core.channels.channel import CollectingOutputChannel
        from rasa.shared.core.events import SlotSet

        processor = self._agent.processor
        channel = CollectingOutputChannel()
        tracker = before or await processor.get_tracker(conversation)
        async with self._slots():
            await processor._update_tracker_session(tracker, channel)
            for name, value in slots.items():
                tracker.update(SlotSet(name, value), processor.domain)
            tracker = await self._read(message, tracker, channel)
            agreed = tracker.get_slot("agreed")
            if agreed:  # what was heard, or held back, counts now as if it had just been said
                tracker.update(SlotSet("agreed", None), processor.domain)
                choices = [value for value in offered if value not in ("act:confirm", "act:cancel")]
                message = agreed.get("held") or self._message(agreed["heard"], None, choices)[0]
                tracker = await self._read(message, tracker, channel)
        await processor.save_tracker(tracker)
        turn = self._turn(tracker)
        if not turn.says:
            raise EngineError(f"nothing was said after intent '{tracker.latest_message.intent}'")
        return turn

    async def _read(self, message: str, tracker: Any, channel: Any) -> Any:
        from rasa.core.channels.channel import UserMessage

        processor = self._agent.processor
        user = UserMessage(message, channel, tracker.sender_id, input_channel="nha-rong")
        await processor._handle_message_with_tracker(user, tracker)
        tracker = await processor.run_action_extract_slots(channel, tracker)
        await processor._run_prediction_loop(channel, tracker)
        return tracker

    @staticmethod
    def _turn(tracker: Any) -> EngineTurn:
        from bot.engine.tracker_store import said

        slot = tracker.get_slot
        return EngineTurn(
            says=tuple(Say.from_dict(say) for say in said(tracker)),
            procedure=slot("procedure"),
            step=slot("stop"),
            answers=dict(slot("answers") or {}),
            language=slot("language") or "vi",
            handover=bool(slot("handover")),
            asks=is_question(slot("stop")),
            slow=bool(slot("slow")),
            erase=bool(slot("erase")),
            entry=slot("entry"),
            voice_online=bool(slot("voice_online")),
            may_write=slot("may_write"),
        )
