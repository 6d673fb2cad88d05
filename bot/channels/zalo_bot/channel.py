"""The channel: updates in, answers out."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from bot.channels.base import Assistant
from bot.channels.phrases import NO_AUDIO
from bot.channels.plain_channel import PlainChannel
from bot.channels.quiet import redact_tokens
from bot.channels.staff import Staff
from bot.channels.turns import Speaker
from bot.channels.zalo_bot.api import BotApi
from bot.channels.zalo_bot.updates import CHANNEL, chat_of, read
from bot.channels.zalo_bot.webhook import PATH, webhook_router
from bot.delivery.outbox import Later, Never, pause
from bot.settings import Settings

log = logging.getLogger(__name__)


class ZaloBotChannel(PlainChannel):
    """A bot of the Bot Platform as `bot.channels.base.Channel`."""

    name = CHANNEL
    voice_form = "aac"
    """ADTS: an address that ends otherwise is refused."""
    offers_slower = True
    joins = True
    """The free package we know of has 3,000 messages a month."""

    def __init__(self, settings: Settings, assistant: Assistant, speaker: Speaker | None) -> None:
        redact_tokens()
        super().__init__(settings, assistant, speaker, settings.zalo_bot_api_url)
        secret = settings.zalo_bot_webhook_secret if settings.zalo_bot_mode == "webhook" else None
        self._secret = secret.get_secret_value() if secret else None
        self._address = settings.public_url.rstrip("/") + PATH
        self._api = BotApi(settings)
        self._connecting: asyncio.Task[None] | None = None
        self.router = webhook_router(self._secret, self._accept)

    async def start(self) -> None:
        await self.courier.start()
        self._connecting = asyncio.create_task(self._connect())

    async def stop(self) -> None:
        if self._connecting:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self._connecting
        await self.courier.stop()
        await self._api.close()

    async def _accept(self, data: dict[str, Any]) -> None:
        await self.accept(read(data))

    async def _connect(self) -> None:
        attempts = 0
        while True:
            try:
                await self._register()
                break
            except (Later, Never) as error:
                self.trouble.note(error)
                log.warning("zalo_bot: not connected yet: %s", error.reason)
            await asyncio.sleep(pause(attempts))
            attempts += 1
        self.trouble.over()
        if self._secret is None:
            await self._poll()

    async def _register(self) -> None:
        await self._api.call("getMe")
        if self._secret is None:
            # Zalo hands out no updates while a webhook is set. Where there is none it may say 404.
            with suppress(Never, Staff):
                await self._api.call("deleteWebhook")
        else:
            await self._api.call("setWebhook", url=self._address, secret_token=self._secret)

    async def _poll(self) -> None:
        """Zalo forgets an update when it hands it out, so it is stored before the next call."""
        attempts = 0
        while True:
            try:
                update = await self._api.update()
                if update is not None:
                    # Stored even when the channel is stopped meanwhile: Zalo has it no more.
                    await asyncio.shield(self._accept(update))
                attempts = 0
            except Exception as error:
                # Whatever it is (network, database), it must not end the polling.
                self.trouble.note(error)
                log.warning("zalo_bot: polling failed: %s", type(error).__name__)
                await asyncio.sleep(pause(attempts))
                attempts += 1

    async def _send(self, conversation: str, body: dict[str, Any]) -> None:
        chat = chat_of(conversation)
        try:
            if "voice" in body:
                await self._voice(chat, body)
            else:
                await self._api.call("sendMessage", chat_id=chat, text=body["text"])
        except Later as later:
            self.trouble.note(later)
            raise
        self.trouble.over()

    async def _voice(self, chat: str, body: dict[str, Any]) -> None:
        with suppress(Later, Never):
            await self._api.call("sendChatAction", chat_id=chat, action="typing")
        key, speed = body["voice"], body["speed"]
        try:
            if self.speaker is None:
                raise LookupError("nothing speaks")
            await self.speaker.audio(key, self.voice_form, speed=speed)
        except Exception as error:
            # Whatever an engine raises: the text is with the person already.
            log.warning("zalo_bot: no audio: %s", type(error).__name__)
            await self._api.call("sendMessage", chat_id=chat, text=self.phrases.get(NO_AUDIO, "…"))
            return
        link = self.links.link(key, self.voice_form, speed == "slow")
        await self._api.call("sendVoice", chat_id=chat, voice_url=link)
