"""The assistant: the engine's turns, worded for one channel. What channels and the API talk to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from bot.carrying import Carrier
from bot.channels.base import (
    Capabilities,
    Channel,
    Incoming,
    Rendered,
    RenderedChoice,
    Reply,
    State,
    WritesFirst,
)
from bot.content import Content, Watch, read
from bot.documents.desk import Desk
from bot.engine import Engine, EngineTurn
from bot.linking import Links, code_in
from bot.listening import Listener, spoken_turn
from bot.procedure_view import procedure_view
from bot.reminders import Hours, Reminders
from bot.render import Renderer
from bot.settings import Settings
from knowledge_base.errors import NotCovered, RenderError, UnknownId
from knowledge_base.fold import fold, strip_marks
from knowledge_base.guide import journey
from knowledge_base.languages import Languages
from knowledge_base.load import KnowledgeBase
from knowledge_base.say import Say
from voices.library import Library

log = logging.getLogger(__name__)

CONTROLS = ("back", "repeat", "why", "help", "clerk", "change", "language")
"""What can be tapped at any time while something is under way; `why` only at a question."""
IDLE_CONTROLS = ("help", "clerk", "language")
TYPED = ("write_off", "write_on")
"""Choices whose labels may be typed at any time."""
LABEL = 60
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
        listener: Listener | None = None,
    ) -> None:
        self.settings, self.engine, self.knowledge = settings, engine, knowledge
        self.renderer, self._languages, self.speaker = renderer, languages, speaker
        self._listener = listener or Listener.of(settings)
        self.carrier = Carrier(settings, engine, Links.of(settings))
        self.reminders = Reminders(
            settings.database, Hours(settings.write_from, settings.write_until)
        )
        self._beside: list[asyncio.Task[None]] = []
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """Where documents are made of what is known now."""
        if self._desk is None or self._desk.knowledge is not self.knowledge:
            self._desk = Desk(self.knowledge, self.renderer, self._languages)
        return self._desk

    async def use(self, content: Content) -> None:
        """Answer from other content, from the next turn on."""
        speaker, publish = self.speaker, self.settings.publish
        knowledge, languages = content.knowledge, content.languages
        renderer = Renderer(knowledge, content.catalogs, languages, speaker, publish)
        await self.engine.use(knowledge)
        self.knowledge, self.renderer, self._languages = knowledge, renderer, languages
        self.__dict__.pop("_labels", None)

    async def handle(self, incoming: Incoming, capabilities: Capabilities) -> Reply:
        """Answer one event; an event that was answered last is given the same answer again.

        Raises `BadRequest` for a choice that was not offered, `UnknownId` for a language."""
        language = self._languages.resolve(incoming.language) if incoming.language else None
        conversation, code = incoming.conversation, code_in(incoming.text)
        first = capabilities.writes_first
        if incoming.voice is not None:
            hints = self._likely
            turn = await spoken_turn(self.engine, self._listener, incoming, language, hints)
        elif code:
            turn = await self.carrier.turn(incoming, code, language)
        else:
            text, choice = self._as_label(incoming)
            turn = await self.engine.turn(
                conversation, text, choice, language, incoming.event, reachable=first
            )
        if turn.erase:
            await self.carrier.forget(conversation)
        await self._follow(conversation, turn)
        return await self._reply(conversation, turn, capabilities)

    def _as_label(self, incoming: Incoming) -> tuple[str | None, str | None]:
        """Text and choice of a message; a label that may be typed at any time is its choice."""
        text = incoming.text
        choice = self._labels.get(fold(text)) if text and len(text) < LABEL else None
        return (None, choice) if choice else (text, incoming.choice)

    async def _follow(self, conversation: str, turn: EngineTurn) -> None:
        """Keep the reminder of who agreed to one; forget it with the rest, or if unwanted."""
        if turn.erase or turn.may_write == "no":
            await self.reminders.forget(conversation)
        elif turn.may_write == "yes" and turn.entry:
            on = self.settings.day()
            try:
                under_way = journey(self.knowledge, turn.entry, turn.answers, on)
            except (UnknownId, NotCovered):
                return
            await self.reminders.follow(
                conversation,
                under_way.deadline,
                under_way.procedure.id,
                turn.language,
                known=bool(under_way.asked),
            )

    def unasked(self, say: Say, language: str, capabilities: Capabilities) -> Reply:
        """A message that answers nothing, with the way to have no more of them."""
        message = self._render(say, language, capabilities)
        return Reply([message], State(language=language), [self._control("write_off", language)])

    def use_channels(self, channels: Sequence[Channel]) -> None:
        """Remind people by these messengers from now on."""
        found = {one.name: one for one in channels if isinstance(one, WritesFirst)}
        self._beside.append(asyncio.create_task(self.reminders.run(found, self.unasked)))

    async def resume(self, conversation: str, capabilities: Capabilities) -> Reply | None:
        """The last messages again and the state; None for a conversation that does not exist."""
        turn = await self.engine.last(conversation)
        if turn is None:
            return None
        try:
            return await self._reply(conversation, turn, capabilities)
        except (UnknownId, RenderError):  # what was said last has left the knowledge base since
            again = await self.engine.turn(conversation, choice="act:repeat")
            return await self._reply(conversation, again, capabilities)

    async def erase(self, conversation: str, keep_codes: bool = False) -> None:
        """Forget everything about the conversation; with `keep_codes` (a kiosk whose visitor has
        left) a code that was given out stays good for its time."""
        await self.engine.erase(conversation)
        await self.reminders.forget(conversation)
        if not keep_codes:
            await self.carrier.forget(conversation)

    async def take_over(self, code: str, to: str, source: str, capabilities: Capabilities) -> Reply:
        """Go on in the conversation `to` with what a code stands for.

        Raises `UnknownId` for a code that is wrong or too old, `TooManyTries`."""
        await self.carrier.take(code, to, [source])
        turn = await self.engine.turn(to, choice="act:linked")
        return await self._reply(to, turn, capabilities)

    async def start(self, watch: Watch | None = None) -> None:
        """Begin to erase old conversations, and to look for changed content."""
        self._beside.append(asyncio.create_task(self._keep_expiring()))
        if watch and self.settings.reload_seconds:
            running = watch.run(self.settings.reload_seconds)
            self._beside.append(asyncio.create_task(running))

    async def close(self) -> None:
        """Stop what runs beside the turns."""
        for task in self._beside:
            task.cancel()
        self._listener.close()
        await self.carrier.links.close()
        await self.reminders.close()
        self.speaker.close()

    async def _keep_expiring(self) -> None:
        while True:
            try:
                gone = await self.engine.expire(self.settings.session_days)
                await self.carrier.expire()
                await self.reminders.expire()
                await asyncio.to_thread(self._tidy_sound)
                log.info("erased %d conversations older than their time", gone)
            except Exception:
                log.exception("old conversations could not be erased; trying again in an hour")
            await asyncio.sleep(HOUR)

    def _tidy_sound(self) -> None:
        self.speaker.purge()
        self.speaker.evict()

    def listens(self) -> list[str]:
        """Languages in which a spoken message is understood here, asked for or not."""
        offered = self._languages.offered()
        return [code for code in offered if self._listener.refusal(code, agreed=True) is None]

    def languages(self) -> list[dict[str, Any]]:
        """The languages offered, each by its own name."""
        return self.renderer.language_names()

    def ui(self, language: str) -> dict[str, dict[str, Any]]:
        """The words of the pages."""
        return self.renderer.page_words(self._languages.resolve(language))

    def phrases(self, prefix: str) -> dict[str, str]:
        """The Vietnamese phrases whose ids begin like that, by id."""
        return {id: text for id, text in self.knowledge.texts.items() if id.startswith(prefix)}

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

    def _likely(self, last: EngineTurn, language: str) -> list[str]:
        """What people may say to what was said last: the labels of its choices."""
        choices = [choice for say in last.says for choice in say.choices]
        labels = [self.renderer.phrase(c.say, language, c.params).text for c in choices]
        return labels + [control.label for control in self._controls(last)]

    async def _reply(
        self, conversation: str, turn: EngineTurn, capabilities: Capabilities
    ) -> Reply:
        turn = await self.carrier.with_codes(conversation, turn, capabilities)
        messages = [self._render(say, turn.language, capabilities) for say in turn.says]
        state = State(
            procedure=turn.procedure,
            step=turn.step,
            answers=dict(turn.answers),
            language=turn.language,
            handover=turn.handover,
            slow=turn.slow,
        )
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
            controls.append(self._control(name, turn.language))
        return controls

    def _control(self, name: str, language: str) -> RenderedChoice:
        phrase = self.renderer.phrase(f"bot.choice.{name}", language)
        return RenderedChoice(
            phrase.text, f"act:{name}", None, phrase.audio, phrase.vi, phrase.draft
        )

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Folded labels of what may be typed at any time, in every language."""
        codes = self._languages.offered()
        controls = [self._control(name, code) for name in TYPED for code in codes]
        found = {fold(control.label): control.value for control in controls}
        return {strip_marks(label): value for label, value in found.items()} | found


async def build(settings: Settings) -> Guided:
    """The assistant on the project's own files; trains the model if it is missing or stale.

    Raises `ProblemsFound` for a knowledge base that is not sound."""
    from bot.training import ensure_model

    content = read(settings.commune)
    knowledge, languages = content.knowledge, content.languages
    model = await asyncio.to_thread(ensure_model)
    engine = Engine.load(settings, model.path, knowledge)
    speaker = Library.open(settings.audio_cache, online=settings.voice_online)
    renderer = Renderer(knowledge, content.catalogs, languages, speaker, settings.publish)
    assistant = Guided(settings, engine, knowledge, renderer, languages, speaker)
    await assistant.start(Watch(content, assistant.use, settings.commune))
    return assistant
