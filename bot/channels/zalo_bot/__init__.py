"""Zalo Bot Platform: webhook or long polling, numbered text, voice messages by address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.channels.base import Assistant
from bot.settings import Settings
from knowledge_base.errors import SettingsError

if TYPE_CHECKING:
    from bot.channels.turns import Speaker
    from bot.channels.zalo_bot.channel import ZaloBotChannel

MAKE_SECRET = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'


def connect(
    settings: Settings, assistant: Assistant, speaker: Speaker | None
) -> ZaloBotChannel | None:
    """The bot; None without `RONG_ZALO_BOT_TOKEN`.

    Raises `SettingsError` when webhook mode lacks its secret or a public address."""
    token = settings.zalo_bot_token
    if token is None or not token.get_secret_value():
        return None
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token.get_secret_value()):
        raise SettingsError(
            "RONG_ZALO_BOT_TOKEN: not a bot token (digits, a colon, letters); "
            "copy it again from the message in which Zalo sent it"
        )
    if settings.zalo_bot_mode == "webhook":
        _check_webhook(settings)

    from bot.channels.zalo_bot.channel import ZaloBotChannel

    return ZaloBotChannel(settings, assistant, speaker)


def _check_webhook(settings: Settings) -> None:
    secret = settings.zalo_bot_webhook_secret
    if secret is None or not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
        raise SettingsError(
            "RONG_ZALO_BOT_WEBHOOK_SECRET: webhook mode needs a secret of 16 to 256 letters, "
            f"digits, _ or -, or anyone could write to the bot; make one with: {MAKE_SECRET}"
        )
    if not settings.public_url:
        raise SettingsError(
            "RONG_PUBLIC_URL: webhook mode needs the https address that Zalo reaches; "
            "where there is none, set RONG_ZALO_BOT_MODE=polling"
        )
