"""Zalo Official Account (OpenAPI v3): webhook, numbered text, sound by link.

What is known of the API, and where sources disagree, is told beside the code that minds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.base import Assistant
from bot.settings import Settings
from knowledge_base.errors import SettingsError

if TYPE_CHECKING:
    from bot.channels.turns import Speaker
    from bot.channels.zalo_oa.channel import ZaloOaChannel


def connect(
    settings: Settings, assistant: Assistant, speaker: Speaker | None
) -> ZaloOaChannel | None:
    """The Official Account; None without `RONG_ZALO_OA_APP_ID`.

    Raises `SettingsError` when a key is missing."""
    if not settings.zalo_oa_app_id:
        return None
    if not settings.zalo_oa_app_id.isdecimal():
        raise SettingsError(
            "RONG_ZALO_OA_APP_ID: the number of the application, digits only; "
            "it stands on the first page of the application at developers.zalo.me"
        )
    needed = {
        "RONG_ZALO_OA_APP_SECRET": (settings.zalo_oa_app_secret, "the application's secret key"),
        "RONG_ZALO_OA_SECRET_KEY": (
            settings.zalo_oa_secret_key,
            "the OA Secret Key of the webhook page, with which Zalo signs what it sends",
        ),
    }
    for name, (value, meaning) in needed.items():
        if value is None or not value.get_secret_value():
            raise SettingsError(f"{name}: missing; it is {meaning}")

    from bot.channels.zalo_oa.channel import ZaloOaChannel

    return ZaloOaChannel(settings, assistant, speaker)
