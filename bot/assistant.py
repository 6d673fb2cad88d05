"""The assistant: the engine's turns, worded for one channel. What channels and the API talk to."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import date
from typing import Any

from bot.channels.base import Capabilities, Incoming, Rendered, RenderedChoice, Reply, State
from bot.engine import Engine, EngineTurn
from bot.procedure_view import procedure_view
from bot.render import Renderer
from bot.settings import Settings
from knowledge_base.catalogs import load_catalogs
from knowledge_base.languages import Languages, load_languages
from knowledge_base.load import KnowledgeBase, load
from knowledge_base.say import Say
from voices.library import Library

log = logging.getLogger(__name__)

CONTROLS = ("back", "repeat", "why", "help", "clerk", "change", "language")
"""What can be tapped at any time while something is under way; `why` only at a question."""
IDLE_CONTROLS = ("help", "clerk", "language")
HOUR = 3600


class Guided:
    """Implements `bot.channels.base.Assistant`, and what the pages ask besides."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        knowledge: KnowledgeBase,
        renderer: Renderer,
        languages: Languages,
        speaker: Library,
    ) -> None:
        self.settings, self.engine, self.knowledge = settings, engine, knowledge
        self.renderer, self._languages, self.speaker = renderer, languages, speaker
        self._expiring: asyncio.Task[None] | None = None

    async def handle(self, incoming: Incoming, capabilities: Capabilities) -> Reply:
        """Answer one event; an event that was answered last is given the same answer again.

        Raises `BadRequest` for a choice that was not offered, `UnknownId` for a language."""
        language = self._languages.resolve(incoming.language) if incoming.language else None
        turn = await self.engine.turn(
            incoming.conversation, incoming.text, incoming.choice, language, incoming.event
        )
        return self._reply(turn, capabilities)

    async def resume(self, conversation: str, capabilities: Capabilities) -> Reply | None:
        """The last messages again and the state; None for a conversation that does not exist."""
        turn = await self.engine.last(conversation)
        return None if turn is None else self._reply(turn, capabilities)

    async def erase(self, conversation: str) -> None:
        """Forget everything about the conversation."""
        await self.engine.erase(conversation)

    async def start(self) -> None:
        """Begin to erase old conversations."""
        self._expiring = asyncio.create_task(self._keep_expiring())

    async def close(self) -> None:
        """Stop what runs beside the turns."""
        if self._expiring:
            self._expiring.cancel()
        self.speaker.close()

    async def _keep_expiring(self) -> None:
        while True:
            try:
                gone = await self.engine.expire(self.settings.session_days)
                await asyncio.to_thread(self._tidy_sound)
                log.info("erased %d conversations older than their time", gone)
            except Exception:
                log.exception("old conversations could not be erased; trying again in an hour")
            await asyncio.sleep(HOUR)

    def _tidy_sound(self) -> None:
        self.speaker.purge()
        self.speaker.evict()

    def languages(self) -> list[dict[str, Any]]:
        """The languages offered, each by its own name."""
        return self.renderer.language_names()

    def ui(self, language: str) -> dict[str, dict[str, Any]]:
        """The words of the pages."""
        return self.renderer.page_words(self._languages.resolve(language))

    def procedures(self, on: date) -> list[dict[str, Any]]:
        """The procedures of which something holds on `on`."""
        return [
            {"id": p.id, "title": p.title, "short": p.short, "picture": p.picture, "entry": p.entry}
            for p in self.knowledge.procedures.values()
            if any(period.covers(on) for period in p.periods.values())
        ]

    def procedure(self, procedure_id: str, language: str, on: date) -> dict[str, Any]:
        """The procedure as it holds on `on`. Raises `UnknownId` and `NotCovered`."""
        code = self._languages.resolve(language)
        return procedure_view(self.knowledge, self.renderer, procedure_id, code, on)

    def _reply(self, turn: EngineTurn, capabilities: Capabilities) -> Reply:
        messages = [self._render(say, turn.language, capabilities) for say in turn.says]
        state = State(turn.procedure, turn.step, dict(turn.answers), turn.language, turn.handover)
        return Reply(messages, state, self._controls(turn))

    def _render(self, say: Say, language: str, capabilities: Capabilities) -> Rendered:
        shown = tuple(c for c in say.choices if capabilities.pictures or c.value != "act:pick_date")
        return self.renderer.render(replace(say, choices=shown), language, capabilities)

    def _controls(self, turn: EngineTurn) -> list[RenderedChoice]:
        names = CONTROLS if turn.step else IDLE_CONTROLS
        offered = {choice.value for say in turn.says for choice in say.choices}
        controls = []
        for name in names:
            value = f"act:{name}"
            if value in offered or (name == "why" and not turn.asks):
                continue
            phrase = self.renderer.phrase(f"bot.choice.{name}", turn.language)
            label = RenderedChoice(phrase.text, value, None, phrase.audio, phrase.vi, phrase.draft)
            controls.append(label)
        return controls


async def build(settings: Settings) -> Guided:
    """The assistant on the project's own files; trains the model if it is missing or stale.

    Raises `ProblemsFound` for a knowledge base that can't be read."""
    from bot.training import ensure_model

    knowledge, languages = load(), load_languages()
    model = await asyncio.to_thread(ensure_model)
    engine = Engine.load(settings, model.path, knowledge)
    speaker = Library.open(settings.audio_cache, online=settings.voice_online)
    renderer = Renderer(knowledge, load_catalogs(), languages, speaker, settings.publish)
    assistant = Guided(settings, engine, knowledge, renderer, languages, speaker)
    await assistant.start()
    return assistant
