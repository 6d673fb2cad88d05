"""A messenger of plain text: what its adapters have in common."""

from __future__ import annotations

import hashlib
import math
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter

from bot.channels.base import Assistant, Capabilities, Incoming, Reply
from bot.channels.menu import Menu
from bot.channels.phrases import ERROR, OR_TYPE, SLOWER, load_phrases
from bot.channels.plain import PlainLayout, voices
from bot.channels.spoken import listened
from bot.channels.staff import Trouble
from bot.channels.turns import Speaker, heard, take_turn
from bot.delivery.courier import Courier
from bot.delivery.inbox import Accepted, Answer
from bot.delivery.pace import Pace
from bot.delivery.store import token_of
from bot.fetching import HERE, fetch
from bot.links import audio_links
from bot.listening import MOST_BYTES
from bot.settings import Settings

TEXT_LIMIT = 2000
"""Most characters of a message, for both of Zalo's platforms."""

MEDIA_HOSTS = (".zdn.vn", ".zadn.vn", ".dlfl.vn", ".dlmd.me")
"""Where Zalo keeps what people sent; their files are there for anybody, for some time."""

PER_SECOND = 4000 / 60
"""Calls an application of Zalo's may make: 4,000 a minute."""


@dataclass(frozen=True)
class Arrived:
    """An event that wants an answer. `body` has `text`, `choice` or `voice` (an address);
    with `only_new` it is only answered when nothing was said in this conversation yet; with
    `only_known` when something was, and the answer is not sent. `at` is
    when it happened, in Unix seconds, where the messenger counts from there. `position` is when it
    happened by the messenger's clock, in milliseconds: its place among the others."""

    event: str
    conversation: str
    body: dict[str, Any]
    position: int | None = None


class PlainChannel(ABC):
    """Accepts events, has them answered as numbered text, remembers what was offered."""

    name: str
    router: APIRouter
    voice_form: str
    joins = False
    """Whether a reply is as few messages as hold it."""
    offers_slower = False
    """Whether a voice is followed by the word that has it spoken slower."""

    def __init__(
        self,
        settings: Settings,
        assistant: Assistant,
        speaker: Speaker | None,
        api_url: str,
        buttons: int = 0,
    ) -> None:
        self.phrases = load_phrases()
        self.speaker = speaker
        self.links = audio_links(settings)
        here = urlsplit(api_url).hostname or ""
        self._media_hosts = (*MEDIA_HOSTS, here) if here in HERE else MEDIA_HOSTS
        self.trouble = Trouble(self.name)
        audible = self.links.available and speaker is not None
        self.capabilities = Capabilities(
            buttons=buttons,
            # Longer texts are split here, so the renderer need not know the limit.
            text_length=100_000,
            label_length=100,
            voice_formats=(self.voice_form,) if audible else (),
            voice_in=True,
            links=True,
            writes_first=True,
        )
        self._assistant = assistant
        self.courier = Courier(
            settings.database,
            self.name,
            answer=self._answer,
            apologise=self._apologise,
            send=self._send,
            token_days=settings.session_days,
            pace=Pace(PER_SECOND),
        )

    @abstractmethod
    async def _send(self, conversation: str, body: dict[str, Any]) -> None:
        """Hand one message over. Raises `Later` or `Never`."""

    @abstractmethod
    async def start(self) -> None:
        """Go on with what is unanswered or unsent, and connect; does not wait for Zalo."""

    @abstractmethod
    async def stop(self) -> None:
        """Take no more events, finish what was accepted, close connections."""

    async def accept(self, arrived: Arrived | None) -> None:
        """Store an event and have it answered soon."""
        if arrived:
            # An id of any length and alphabet becomes one the database takes.
            event = arrived.event
            if len(event) > 100 or not event.isascii() or not event.isprintable():
                event = hashlib.sha256(event.encode("utf-8", "replace")).hexdigest()
            position = arrived.position or int(time.time() * 1000)
            await self.courier.accept(event, arrived.conversation, arrived.body, position)

    async def reachable_until(self, conversation: str) -> float:
        """No end is known."""
        return math.inf

    async def notify(self, conversation: str, reply: Reply, not_after: int, once: str) -> bool:
        """What was offered before stays what numbers and words mean; sound comes unasked."""
        bodies, _ = PlainLayout(self.phrases, TEXT_LIMIT).reply(reply)
        if self.capabilities.voice_formats:
            keys = [message.audio_key for message in reply.messages if message.audio_key]
            bodies += voices(keys, reply.state.slow)
        return await self.courier.post(conversation, *bodies, not_after=not_after, once=once)

    @property
    def problem(self) -> str | None:
        """What staff must do before messages can be sent, in words; None when all is well."""
        return self.trouble.problem

    async def undelivered(self) -> list[tuple[str, str]]:
        """Conversation and reason of each message that was given up."""
        return await self.courier.outbox.undelivered()

    def without_buttons(self) -> None:
        """From now on choices are numbers."""
        self.capabilities = replace(self.capabilities, buttons=0)

    async def last_heard(self, conversation: str) -> int | None:
        """When this person last did something here, in Unix seconds; None when not known."""
        kept = await self.courier.inbox.value(token_of("~", conversation))
        return int(kept) if kept else None

    async def _answer(self, accepted: Accepted) -> Answer:
        answer = await self._turn(accepted)
        at = accepted.body.get("at")
        if at is None:
            return answer
        heard_at = {token_of("~", accepted.conversation): str(at)}
        return replace(answer, tokens={**(answer.tokens or {}), **heard_at})

    async def _turn(self, accepted: Accepted) -> Answer:
        conversation, body = accepted.conversation, accepted.body
        text, choice = body.get("text"), body.get("choice")
        if "only_new" in body or "only_known" in body:
            known = await self._assistant.resume(conversation, self.capabilities) is not None
            if known != ("only_known" in body):
                return Answer()
        if text is not None:
            menu = Menu.load(await self.courier.inbox.value(token_of("@", conversation)))
            choice = menu.find(text)
            text = text if choice is None else None
        if choice is not None and (wanted := heard(choice)):
            return Answer([*voices(*wanted), *self._slower(wanted[1])])
        incoming = Incoming(conversation, text=text, choice=choice, event=accepted.event)
        if voice := body.get("voice"):
            incoming = await listened(
                incoming, accepted.attempts, lambda: fetch(voice, self._media_hosts, MOST_BYTES)
            )
        reply = await take_turn(self._assistant, incoming, self.capabilities)
        return Answer() if "only_known" in body else self._lay_out(conversation, reply)

    def _slower(self, slow: bool) -> list[dict[str, Any]]:
        if slow or not self.offers_slower:
            return []
        words = self.phrases.get(OR_TYPE, "{words}").format(words=f"“{self.phrases.get(SLOWER)}”")
        return [{"text": f"🐢 {words}"}]

    async def _apologise(self, accepted: Accepted) -> Answer:
        text = self.phrases.get(ERROR)
        return Answer([{"text": text}] if text else [])

    def _lay_out(self, conversation: str, reply: Reply) -> Answer:
        capabilities = self.capabilities
        layout = PlainLayout(
            self.phrases,
            TEXT_LIMIT,
            capabilities.buttons,
            audible=bool(capabilities.voice_formats),
            joined=self.joins,
        )
        bodies, menu = layout.reply(reply)
        return Answer(bodies, {token_of("@", conversation): menu.dump()})
