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


class Sender:
    """Hands bodies of `layout` to a bot; says `no_audio` where a voice can't be made."""

    def __init__(self, bot: Bot, speaker: Speaker | None, no_audio: str = "") -> None:
        self._bot = bot
        self._speaker = speaker
        self._no_audio = no_audio

    async def send(self, conversation: str, body: dict[str, Any]) -> None:
        """Send a message. Raises `Later` or `Never`."""
        chat = chat_of(conversation)
        if "voice" in body:
            await self._voice(chat, body)
        else:
            await self._text(chat, body["text"], body["rows"])

    async def _text(self, chat: int, text: str, rows: list[Row]) -> None:
        await reach(
            self._bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )

    async def _voice(self, chat: int, body: dict[str, Any]) -> None:
        with suppress(TelegramError):
            await self._bot.send_chat_action(chat, ChatAction.UPLOAD_VOICE)
        audio = await self._audio(body["voice"], body["speed"])
        if audio is None:
            if self._no_audio:
                await self._text(chat, html.escape(self._no_audio, quote=False), [])
            return
        await reach(
            self._bot.send_voice(
                chat,
                audio,
                # Without the name Telegram is told application/octet-stream and shows a file.
                filename="nha-rong.ogg",
                reply_markup=keyboard(body["rows"]),
            )
        )

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
