"""Whether the bot of the Bot Platform is set up rightly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import httpx

from bot.channels.check import Finding, address, clock
from bot.channels.zalo_bot.api import BotApi
from bot.channels.zalo_bot.webhook import PATH
from bot.delivery.outbox import Later, Never
from bot.settings import Settings

NAME = "zalo_bot"


async def findings(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Token, clock, webhook."""
    api = BotApi(settings, http)
    try:
        seen = await http.get(settings.zalo_bot_api_url)
        me = await api.call("getMe")
    except httpx.HTTPError as error:
        yield Finding(
            NAME,
            f"{settings.zalo_bot_api_url} does not answer ({type(error).__name__}): "
            "is the internet on?",
        )
        return
    except (Later, Never) as error:
        yield Finding(NAME, error.reason)
        return
    yield Finding(NAME, f"token of {me.get('account_name') if isinstance(me, dict) else me}", True)
    yield clock(NAME, seen)
    if settings.zalo_bot_mode == "polling":
        yield Finding(NAME, "polling: no address is needed for texts", ok=True)
        if not settings.public_url.startswith("https://"):
            yield Finding(NAME, "without an https RONG_PUBLIC_URL there is no sound", ok=True)
        return
    async for finding in address(NAME, settings, PATH, settings.zalo_bot_api_url, http):
        yield finding
    wanted, info = settings.public_url.rstrip("/") + PATH, None
    # Without a webhook the answer is an error.
    with suppress(Later, Never):
        info = await api.call("getWebhookInfo")
    if not isinstance(info, dict) or info.get("url") != wanted:
        yield Finding(NAME, f"Zalo does not send to {wanted} yet: start the server once")
