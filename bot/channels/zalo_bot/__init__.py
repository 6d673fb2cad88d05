"""Zalo Bot Platform: webhook or long polling, numbered text, voice messages by address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.base import Assistant
from bot.channels.bot_settings import check_webhook, has_token
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.turns import Speaker
    from bot.channels.zalo_bot.channel import ZaloBotChannel


def connect(
    settings: Settings, assistant: Assistant, speaker: Speaker | None
) -> ZaloBotChannel | None:
    """The bot; None without `RONG_ZALO_BOT_TOKEN`.

    Raises `SettingsError` when webhook mode lacks its secret or a public address."""
    if not has_token(
        "RONG_ZALO_BOT_TOKEN", settings.zalo_bot_token, "the message in which Zalo sent it"
    ):
        return None
    if settings.zalo_bot_mode == "webhook":
        check_webhook(settings, "RONG_ZALO_BOT", settings.zalo_bot_webhook_secret, "Zalo")

    from bot.channels.zalo_bot.channel import ZaloBotChannel

    return ZaloBotChannel(settings, assistant, speaker)
