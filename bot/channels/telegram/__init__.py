"""Telegram, with python-telegram-bot: webhook or long polling, buttons, voice on request.

The library is imported only where a token is set: it costs a second and 20 MB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.base import Assistant
from bot.channels.bot_settings import check_webhook, has_token
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.turns import Speaker


def connect(
    settings: Settings, assistant: Assistant, speaker: Speaker | None
) -> TelegramChannel | None:
    """The Telegram channel; None without `RONG_TELEGRAM_TOKEN`.

    Raises `SettingsError` when webhook mode lacks its secret or a public address."""
    if not has_token("RONG_TELEGRAM_TOKEN", settings.telegram_token, "@BotFather"):
        return None
    if settings.telegram_mode == "webhook":
        check_webhook(settings, "RONG_TELEGRAM", settings.telegram_webhook_secret, "Telegram")

    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(settings, assistant, speaker)
