"""Whether Telegram is set up rightly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx

from bot.channels.check import Finding, address, clock
from bot.channels.telegram.webhook import PATH
from bot.settings import Settings

NAME = "telegram"


async def findings(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    """Token, clock, webhook."""
    token = settings.telegram_token
    base = settings.telegram_api_url.rstrip("/")
    url = f"{base}/bot{token.get_secret_value() if token else ''}"
    try:
        response = await http.post(f"{url}/getMe")
        me = _result(response)
        info = _result(await http.post(f"{url}/getWebhookInfo"))
    except (httpx.HTTPError, ValueError) as error:
        yield Finding(NAME, f"{base} does not answer ({type(error).__name__}): is the internet on?")
        return
    if response.status_code in (401, 404):
        yield Finding(NAME, "RONG_TELEGRAM_TOKEN is refused: copy it again from @BotFather")
        return
    yield Finding(NAME, f"token of @{me.get('username')}", ok=True)
    yield clock(NAME, response)
    if settings.telegram_mode == "polling":
        yield Finding(NAME, "polling: no address is needed", ok=True)
        return
    async for finding in address(NAME, settings, PATH, settings.telegram_api_url, http):
        yield finding
    wanted = settings.public_url.rstrip("/") + PATH
    if info.get("url") != wanted:
        yield Finding(NAME, f"Telegram does not send to {wanted} yet: start the server once")
    elif info.get("last_error_message"):
        yield Finding(NAME, f"Telegram could not deliver: {info['last_error_message']}")


def _result(response: httpx.Response) -> dict[str, Any]:
    found = response.json()
    result = found.get("result") if isinstance(found, dict) else None
    return result if isinstance(result, dict) else {}
