"""Sends one message of the outbox, and tells apart what passes and what never will."""

from __future__ import annotations

import html
import logging
from collections.abc import Awaitable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.staff import Staff
from bot.channels.telegram.layout import Row
from bot.channels.telegram.request import may_have_arrived, unreachable
from bot.channels.telegram.updates import chat_of
from bot.channels.turns import Speaker
from bot.delivery.outbox import Later, Never

TOKEN_REFUSED = "RONG_TELEGRAM_TOKEN is refused; copy it again from @BotFather"

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOKED_AT = 30
"""Numbers after the newest known one at which a message may be that was on its way: those that
others sent and got within the time of a call."""
SAME = "is not modified"
"""What Telegram says of a message that is already what it would be changed into."""


class Sender:
    """Hands bodies of `layout` to a bot; says `no_audio` where a voice can't be made."""

    def __init__(self, bot: Bot, speaker: Speaker | None, no_audio: str = "") -> None:
        self._bot = bot
        self._speaker = speaker
        self._no_audio = no_audio

    async def send(self, conversation: str, body: dict[str, Any]) -> int | None:
        """Send a message; gives its number, None where there was nothing to send.

        Raises `Later` or `Never`."""
        chat = chat_of(conversation)
        if "voice" in body:
            return await self._voice(chat, body)
        return await self._text(chat, body["text"], body["rows"])

    async def find(self, conversation: str, body: dict[str, Any], newest: int) -> int | None:
        """The number of the message, if Telegram has it among those after `newest`. Raises `Later`
        or `Never`.

        A bot can't read what it has sent, but changing a message into what it is already is
        refused in words of its own. Telegram numbers the messages of all private chats of a bot
        together, and this one is the bot's only one in this chat after `newest`, so no other can be
        changed. A voice can't be told from another and is not looked for."""
        if "voice" in body:
            return None
        chat, look = chat_of(conversation), _look(body["text"], body["rows"])
        for number in range(newest + 1, newest + 1 + LOOKED_AT):
            try:
                await reach(self._bot.edit_message_text(chat_id=chat, message_id=number, **look))
            except Never as never:
                if never.conversation_closed:
                    raise
                if SAME not in never.reason:
                    continue
            return number
        return None

    async def _text(self, chat: int, text: str, rows: list[Row]) -> int:
        sent = await reach(self._bot.send_message(chat, **_look(text, rows)))
        return sent.message_id

    async def _voice(self, chat: int, body: dict[str, Any]) -> int | None:
        with suppress(TelegramError):
            await self._bot.send_chat_action(chat, ChatAction.UPLOAD_VOICE)
        audio = await self._audio(body["voice"], body["speed"])
        if audio is None:
            if not self._no_audio:
                return None
            return await self._text(chat, html.escape(self._no_audio, quote=False), [])
        sent = await reach(
            self._bot.send_voice(
                chat,
                audio,
                # Without the name Telegram is told application/octet-stream and shows a file.
                filename="nha-rong.ogg",
                reply_markup=keyboard(body["rows"]),
            )
        )
        return sent.message_id

    async def _audio(self, key: str, speed: str) -> bytes | None:
        if self._speaker is None:
            return None
        try:
            path = await self._speaker.audio(key, "ogg", speed=speed)
            return path.read_bytes()
        except Exception as error:
            # Whatever an engine raises: the text is with the person already.
            log.warning("telegram: no audio: %s", type(error).__name__)
            return None


def _look(text: str, rows: list[Row]) -> dict[str, Any]:
    """How a text is shown."""
    return {
        "text": text,
        "parse_mode": ParseMode.HTML,
        "reply_markup": keyboard(rows),
        "link_preview_options": LinkPreviewOptions(is_disabled=True),
    }


def keyboard(rows: list[Row]) -> InlineKeyboardMarkup | None:
    """The rows of buttons of a body; None for none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


async def reach(call: Awaitable[T]) -> T:
    """Await a call of the Bot API; its errors become `Staff`, `Later` or `Never`.

    BadRequest is a NetworkError in the library, so the lasting ones are named first."""
    try:
        return await call
    except RetryAfter as error:
        wait = error.retry_after
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        raise Later("too many requests", seconds, kind="limit") from None
    except Forbidden as error:
        raise Never(f"Telegram: {error.message[:200]}", conversation_closed=True) from None
    except (BadRequest, ChatMigrated) as error:
        raise Never(f"Telegram: {error.message[:200]}") from None
    except InvalidToken:
        # The token may be set right again; its error quotes the token, so it goes no further.
        raise Staff(TOKEN_REFUSED) from None
    except TelegramError as error:
        kind = "unreachable" if unreachable(error) else "error"
        unsure = may_have_arrived(error)
        raise Later(type(error).__name__, unsure=unsure, kind=kind) from None
