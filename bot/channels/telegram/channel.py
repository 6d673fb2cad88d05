"""The channel: updates in, answers out."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.channels.base import Assistant, Capabilities, Incoming, Rendered, Reply
from bot.channels.phrases import ERROR, NO_AUDIO, commands, load_phrases
from bot.channels.phrases import LISTEN as LISTEN_WORD
from bot.channels.phrases import SLOWER as SLOWER_WORD
from bot.channels.spoken import listened
from bot.channels.staff import Trouble
from bot.channels.telegram.connection import Connection, PlainBot
from bot.channels.telegram.layout import Layout, is_token
from bot.channels.telegram.quiet import quiet
from bot.channels.telegram.request import AioRequest
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.updates import read
from bot.channels.telegram.webhook import webhook_router
from bot.channels.turns import Speaker, ask_again, heard, take_turn
from bot.delivery.courier import Courier
from bot.delivery.inbox import Accepted, Answer
from bot.delivery.outbox import Later
from bot.delivery.pace import Pace
from bot.fetching import fetch
from bot.listening import MOST_BYTES
from bot.settings import Settings
from knowledge_base.errors import FetchFailed, FetchRefused

log = logging.getLogger(__name__)

CHAT_PER_SECOND = 1.0
CHAT_BURST = 5
"""Telegram wants one message a second in a chat and bears short bursts; a reply has up to five."""


class TelegramChannel:
    """Telegram as `bot.channels.base.Channel`."""

    name = "telegram"
    capabilities = Capabilities(
        # Longer texts are split here, so the renderer need not know the limit.
        buttons=20,
        text_length=100_000,
        label_length=60,
        voice_formats=("ogg",),
        voice_in=True,
        links=True,
        writes_first=True,
    )

    def __init__(
        self,
        settings: Settings,
        assistant: Assistant,
        speaker: Speaker | None,
        phrases: Mapping[str, str] | None = None,
    ) -> None:
        assert settings.telegram_token is not None  # noqa: S101 - connect() looked
        quiet()
        secret = settings.telegram_webhook_secret if settings.telegram_mode == "webhook" else None
        self._phrases = load_phrases() if phrases is None else phrases
        self._assistant = assistant
        api = settings.telegram_api_url.rstrip("/")
        self._bot = PlainBot(
            settings.telegram_token.get_secret_value(),
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=AioRequest(),
            get_updates_request=AioRequest(),
        )
        self._file_hosts = (urlsplit(api).hostname or "",)
        self._trouble = Trouble(self.name)
        self._sender = Sender(self._bot, speaker, self._phrases.get(NO_AUDIO, ""))
        self.courier = Courier(
            settings.database,
            self.name,
            answer=self._answer,
            apologise=self._apologise,
            send=self._send,
            token_days=settings.session_days,
            pace=Pace(settings.telegram_per_second, CHAT_PER_SECOND, CHAT_BURST),
            find=self._find,
        )
        self._connection = Connection(
            self._bot,
            settings.public_url.rstrip("/"),
            secret.get_secret_value() if secret else None,
            commands(self._phrases),
            self._accept,
            self._trouble,
        )
        self.router = webhook_router(secret.get_secret_value() if secret else None, self._accept)

    async def start(self) -> None:
        """Go on with what is unanswered or unsent, and connect; does not wait for Telegram."""
        await self.courier.start()
        self._connection.open()

    async def stop(self) -> None:
        """Take no more updates, finish what was accepted, close connections."""
        await self._connection.stop_polling()
        await self.courier.stop()
        await self._connection.close()

    async def reachable_until(self, conversation: str) -> float:
        """Telegram sets no end."""
        return math.inf

    async def notify(self, conversation: str, reply: Reply, not_after: int, once: str) -> bool:
        answer = self._lay_out(reply)
        for token, value in (answer.tokens or {}).items():
            await self.courier.inbox.keep(token, value)
        return await self.courier.post(
            conversation, *answer.messages, not_after=not_after, once=once
        )

    @property
    def problem(self) -> str | None:
        """What staff must do before messages can be sent, in words; None when all is well."""
        return self._trouble.problem

    async def undelivered(self) -> list[tuple[str, str]]:
        """Conversation and reason of each message that was given up."""
        return await self.courier.outbox.undelivered()

    async def _accept(self, data: dict[str, Any]) -> None:
        arrived = read(data, self._bot)
        if arrived:
            # Telegram counts its updates.
            position = int(arrived.event)
            await self.courier.accept(arrived.event, arrived.conversation, arrived.body, position)

    async def _send(self, conversation: str, body: dict[str, Any]) -> int | None:
        async with self._reached():
            return await self._sender.send(conversation, body)

    async def _find(self, conversation: str, body: dict[str, Any], newest: int) -> int | None:
        async with self._reached():
            return await self._sender.find(conversation, body, newest)

    @asynccontextmanager
    async def _reached(self) -> AsyncIterator[None]:
        """Once Telegram is there; staff are told what stands in the way. Raises `Later`."""
        await self._connection.made()
        try:
            yield
        except Later as later:
            self._trouble.note(later)
            raise
        self._trouble.over()

    async def _answer(self, accepted: Accepted) -> Answer:
        query = accepted.body.get("query")
        if query is None:
            return await self._turn(accepted)
        # The button's clock stops turning while the answer is made.
        acknowledging = asyncio.create_task(self._acknowledge(query))
        try:
            return await self._turn(accepted)
        finally:
            await acknowledging

    async def _acknowledge(self, query: str) -> None:
        # Only an ornament, and too late after a restart: its failure changes nothing.
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query)

    async def _turn(self, accepted: Accepted) -> Answer:
        conversation, body = accepted.conversation, accepted.body
        choice = body.get("choice")
        incoming = Incoming(
            conversation, text=body.get("text"), choice=choice, event=accepted.event
        )
        if voice := body.get("voice"):
            incoming = await listened(incoming, accepted.attempts, lambda: self._sound(voice))
        if choice is not None and is_token(choice):
            choice = await self.courier.inbox.value(choice)
            if choice is None:
                return self._lay_out(await ask_again(self._assistant, incoming, self.capabilities))
            incoming = replace(incoming, choice=choice)
        if choice is not None and (wanted := heard(choice)):
            layout = self._layout()
            keys, slow = wanted
            return Answer([layout.voice(key, slow) for key in keys], layout.tokens)
        return self._lay_out(await take_turn(self._assistant, incoming, self.capabilities))

    async def _sound(self, file_id: str) -> bytes:
        try:
            file = await self._bot.get_file(file_id)
        except (BadRequest, Forbidden, InvalidToken) as error:
            raise FetchRefused(type(error).__name__) from None
        except TelegramError as error:
            raise FetchFailed(type(error).__name__) from None
        return await fetch(file.file_path or "", self._file_hosts, MOST_BYTES)

    async def _apologise(self, accepted: Accepted) -> Answer:
        text = self._phrases.get(ERROR)
        messages = [Rendered(ERROR, text, "vi")] if text else []
        return Answer(self._layout().messages(messages))

    def _lay_out(self, reply: Reply) -> Answer:
        layout = self._layout()
        return Answer(layout.messages(reply.messages, reply.controls), layout.tokens)

    def _layout(self) -> Layout:
        words = self._phrases
        return Layout(words.get(LISTEN_WORD, ""), words.get(SLOWER_WORD, ""))
