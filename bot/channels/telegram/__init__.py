"""Telegram, with python-telegram-bot: webhook or long polling, buttons, voice on request.

The library is imported only where a token is set: it costs a second and 20 MB.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.channels.base import Assistant
from bot.settings import Settings
from knowledge_base.errors import SettingsError

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.turns import Speaker

MAKE_SECRET = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'


def connect(
    settings: Settings, assistant: Assistant, speaker: Speaker | None
) -> TelegramChannel | None:
    """The Telegram channel; None without `RONG_TELEGRAM_TOKEN`.

    Raises `SettingsError` when webhook mode lacks its secret or a public address."""
    if settings.telegram_token is None or not settings.telegram_token.get_secret_value():
        return None
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", settings.telegram_token.get_secret_value()):
        raise SettingsError(
            "RONG_TELEGRAM_TOKEN: not a bot token (digits, a colon, letters); "
            "copy it again from @BotFather"
        )
    if settings.telegram_mode == "webhook":
        _check_webhook(settings)

    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(settings, assistant, speaker)


def _check_webhook(settings: Settings) -> None:
    secret = settings.telegram_webhook_secret
    if secret is None or not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
        raise SettingsError(
            "RONG_TELEGRAM_WEBHOOK_SECRET: webhook mode needs a secret of 16 to 256 letters, "
            f"digits, _ or -, or anyone could write to the bot; make one with: {MAKE_SECRET}"
        )
    if not settings.public_url:
        raise SettingsError(
            "RONG_PUBLIC_URL: webhook mode needs the https address that Telegram reaches; "
            "where there is none, set RONG_TELEGRAM_MODE=polling"
        )
