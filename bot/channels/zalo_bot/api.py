"""The calls of the Bot Platform that are used. The token is in the address: nothing here logs it.

An error is `{"ok": false, "error_code": …}` with HTTP 200 or with the same status, and 429 may be
a page of HTML.
"""

from __future__ import annotations

from typing import Any

import httpx

from bot.channels.calls import answer_of, client, whole
from bot.channels.staff import Staff
from bot.delivery.outbox import Later, Never
from bot.settings import Settings

POLL_SECONDS = 25
"""How long Zalo holds a call for an update open."""
QUOTA_SECONDS = 30.0
NO_UPDATE = 408


class BotApi:
    """One bot's calls. Raises `Staff`, `Later` or `Never`."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient | None = None) -> None:
        token = settings.zalo_bot_token
        secret = token.get_secret_value() if token else ""
        self._base = f"{settings.zalo_bot_api_url.rstrip('/')}/bot{secret}/"
        self._http = http or client()

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a method."""
        return _result(*await answer_of(self._http.post(self._base + method, json=parameters)))

    async def update(self) -> dict[str, Any] | None:
        """The next update; None when nothing came. It is Zalo's no more once this returns."""
        timeout = httpx.Timeout(10, read=POLL_SECONDS + 10)
        call = self._http.post(
            self._base + "getUpdates", json={"timeout": POLL_SECONDS}, timeout=timeout
        )
        status, data = await answer_of(call)
        if NO_UPDATE in (status, whole(data.get("error_code"), 0)):
            return None
        result = _result(status, data)
        if isinstance(result, list):
            result = result[0] if result else None
        return result if isinstance(result, dict) and result else None


def _result(status: int, data: dict[str, Any]) -> Any:
    if data.get("ok") is True:
        return data.get("result")
    code = whole(data.get("error_code"), status)
    said = f"Zalo {code}: {str(data.get('description') or '')[:200]}"
    if code == 400:
        raise Never(said)
    if code in (401, 404):
        raise Staff(f"{said}: if this stays, RONG_ZALO_BOT_TOKEN is wrong; copy it again")
    if code == 429:
        reason = f"{said} (too fast, or this month's messages are used up)"
        raise Later(reason, QUOTA_SECONDS, kind="limit")
    raise Later(said)
