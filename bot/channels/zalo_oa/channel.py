"""The channel: events in, answers out."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from bot.channels.base import Assistant
from bot.channels.phrases import LISTEN, NO_AUDIO, SLOWER
from bot.channels.plain import as_numbers
from bot.channels.plain_channel import PlainChannel
from bot.channels.staff import Staff
from bot.channels.turns import Speaker
from bot.channels.zalo_oa.api import OpenApi
from bot.channels.zalo_oa.errors import NOT_SUPPORTED, RENEW, check
from bot.channels.zalo_oa.events import CHANNEL, TAP, read, recipient
from bot.channels.zalo_oa.tokens import Tokens
from bot.channels.zalo_oa.webhook import webhook_router
from bot.delivery.outbox import Later
from bot.delivery.store import Store
from bot.settings import Settings

log = logging.getLogger(__name__)

BUTTONS = 5
TITLE_LIMIT = 100
PAYLOAD_LIMIT = 1000

FREE_SECONDS = 48 * 3600
BILLED_SECONDS = 7 * 24 * 3600
"""After what a person did, messages are free for 48 hours, billed until 7 days, then refused."""

RENEW_EVERY_SECONDS = 3600.0
"""How often the token is looked at, so that it lives on where nobody writes for months."""

BUTTONS_REFUSED = "!zalo_oa:buttons"
"""Remembers that buttons were refused; after `session_days` they are tried again."""


class ZaloOaChannel(PlainChannel):
    """The Official Account as `bot.channels.base.Channel`."""

    name = CHANNEL
    voice_form = "m4a"

    def __init__(self, settings: Settings, assistant: Assistant, speaker: Speaker | None) -> None:
        buttons = BUTTONS if settings.zalo_oa_buttons else 0
        super().__init__(settings, assistant, speaker, settings.zalo_oa_api_url, buttons)
        keys = (settings.zalo_oa_secret_key, settings.zalo_oa_app_secret)
        secrets = [key.get_secret_value() for key in keys if key and key.get_secret_value()]
        given = settings.zalo_oa_refresh_token
        self._open_seconds = BILLED_SECONDS if settings.zalo_oa_billed else FREE_SECONDS
        self._api = OpenApi(settings)
        self._store = Store(settings.database)
        self._tokens = Tokens(
            self._store,
            settings.zalo_oa_app_id,
            given.get_secret_value() if given else "",
            self._api.refresh,
        )
        self._keeping: asyncio.Task[None] | None = None
        self.router = webhook_router(secrets, self._accept)

    async def start(self) -> None:
        await self._store.open()
        await self._tokens.open()
        await self._look_at_token()
        await self.courier.start()
        if await self.courier.inbox.value(BUTTONS_REFUSED):
            self.without_buttons()
        self._keeping = asyncio.create_task(self._keep_token())

    async def stop(self) -> None:
        if self._keeping:
            self._keeping.cancel()
        await self.courier.stop()
        await self._tokens.close()
        await self._api.close()
        await self._store.close()

    async def reachable_until(self, conversation: str) -> float:
        heard_at = await self.last_heard(conversation)
        return 0.0 if heard_at is None else heard_at + self._open_seconds

    async def _accept(self, data: dict[str, Any]) -> None:
        await self.accept(read(data))

    async def _keep_token(self) -> None:
        while True:
            try:
                await self._tokens.access()
                await self._look_at_token()
            except Later as later:
                self.trouble.note(later)
            except Exception as error:
                log.error("zalo_oa: looking at the token failed: %s", type(error).__name__)
            await asyncio.sleep(RENEW_EVERY_SECONDS)

    async def _send(self, conversation: str, body: dict[str, Any]) -> None:
        try:
            await self._say(conversation, body)
        except Later as later:
            self.trouble.note(later)
            raise
        self.trouble.over()

    async def _look_at_token(self) -> None:
        """A token that works for some hours more may have no successor already."""
        if problem := await self._tokens.problem():
            self.trouble.note(Staff(problem))
        else:
            self.trouble.over()

    async def _say(self, conversation: str, body: dict[str, Any]) -> None:
        if "voice" in body:
            return check(*await self._call(conversation, {"text": await self._sound(body)}))
        buttons = body.get("buttons", [])
        numbered = {"text": as_numbers(body["text"], buttons)}
        if not self.capabilities.buttons or not _sendable(buttons):
            return check(*await self._call(conversation, numbered))
        with_buttons = {"text": body["text"], "attachment": _attachment(buttons)}
        code, message = await self._call(conversation, with_buttons)
        if code not in NOT_SUPPORTED:
            return check(code, message)
        check(*await self._call(conversation, numbered))
        # What is refused with buttons and taken without is refused for them.
        log.warning("zalo_oa: buttons are refused (%d): choices are numbers from now on", code)
        self.without_buttons()
        await self.courier.inbox.keep(BUTTONS_REFUSED, str(code))

    async def _call(self, conversation: str, message: dict[str, Any]) -> tuple[int, str]:
        body = {"recipient": recipient(conversation), "message": message}
        access = await self._tokens.access()
        code, said = await self._api.send(access.token, body)
        if code in RENEW:
            access = await self._tokens.renew(access.generation)
            code, said = await self._api.send(access.token, body)
        return code, said

    async def _sound(self, body: dict[str, Any]) -> str:
        """Addresses of the sound, at both speeds. It is made before its address is sent."""
        key = body["voice"]
        try:
            if self.speaker is None:
                raise LookupError("nothing speaks")
            await self.speaker.audio(key, self.voice_form, speed=body["speed"])
        except Exception as error:
            # Whatever an engine raises: the text is with the person already.
            log.warning("zalo_oa: no audio: %s", type(error).__name__)
            return self.phrases.get(NO_AUDIO, "…")
        slow = f"🐢 {self.phrases.get(SLOWER, '')}: {self.links.link(key, self.voice_form, True)}"
        if body["speed"] == "slow":
            return slow
        return f"🔊 {self.phrases.get(LISTEN, '')}: {self.links.link(key, self.voice_form)}\n{slow}"


def _sendable(buttons: list[list[str]]) -> bool:
    return 0 < len(buttons) <= BUTTONS and all(
        len(label) <= TITLE_LIMIT and len(TAP + value) <= PAYLOAD_LIMIT for label, value in buttons
    )


def _attachment(buttons: list[list[str]]) -> dict[str, Any]:
    """`oa.query.hide` sends the payload as a message of the person that the chat doesn't show."""
    shown = [
        {"title": label, "type": "oa.query.hide", "payload": TAP + value}
        for label, value in buttons
    ]
    return {"type": "template", "payload": {"buttons": shown}}
