"""The calls of the OpenAPI that are used. Application errors come with HTTP 200."""

from __future__ import annotations

from typing import Any

import httpx

from bot.channels.calls import answer_of, client, whole
from bot.channels.zalo_oa.errors import LIMIT
from bot.channels.zalo_oa.tokens import Pair, Refused
from bot.delivery.outbox import Later
from bot.settings import Settings

SEND = "/v3.0/oa/message/cs"
SEND_ANONYMOUS = "/v2.0/oa/message"
"""The v2 address still serves people who are not logged in."""
ACCOUNT = "/v2.0/oa/getoa"
OAUTH = "/v4/oa/access_token"
ACCESS_SECONDS = 25 * 3600


class OpenApi:
    """One application's calls."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient | None = None) -> None:
        secret = settings.zalo_oa_app_secret
        self._api = settings.zalo_oa_api_url.rstrip("/")
        self._oauth = settings.zalo_oa_oauth_url.rstrip("/") + OAUTH
        self._app_id = settings.zalo_oa_app_id
        self._secret = secret.get_secret_value() if secret else ""
        self._http = http or client()

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, token: str, body: dict[str, Any]) -> tuple[int, str]:
        """Send a message; error number (0: sent) and Zalo's words. Raises `Later`."""
        path = SEND_ANONYMOUS if "anonymous_id" in body["recipient"] else SEND
        call = self._http.post(self._api + path, json=body, headers={"access_token": token})
        return _outcome(*await answer_of(call))

    async def account(self, token: str) -> tuple[int, str]:
        """Whether the token works: error number and words, the account's name when 0."""
        call = self._http.get(self._api + ACCOUNT, headers={"access_token": token})
        status, data = await answer_of(call)
        code, message = _outcome(status, data)
        found = data.get("data")
        name = found.get("name") if code == 0 and isinstance(found, dict) else None
        return code, str(name) if name else message

    async def refresh(self, refresh_token: str) -> Pair:
        """A new pair. Raises `Refused` when the refresh token is used up, `Later` for what passes.

        The numbers are in no official table: whatever is neither 0 nor the limit is final."""
        return await self._pair({"refresh_token": refresh_token, "grant_type": "refresh_token"})

    async def consent(self, code: str, verifier: str) -> Pair:
        """The first pair of a consent, from the code in the address to which Zalo sent the
        browser; it is good for ten minutes, once. Raises `Refused` or `Later`."""
        form = {"code": code, "grant_type": "authorization_code"}
        return await self._pair(form | ({"code_verifier": verifier} if verifier else {}))

    async def _pair(self, form: dict[str, str]) -> Pair:
        form = {**form, "app_id": self._app_id}
        headers = {"secret_key": self._secret}
        status, data = await answer_of(self._http.post(self._oauth, data=form, headers=headers))
        code = whole(data.get("error"), 0)
        if code == LIMIT:
            raise Later(f"Zalo {code} while asking for a token")
        if code:
            words = str(data.get("error_name") or data.get("message") or "")[:200]
            raise Refused(f"Zalo gives no token ({code} {words})")
        access = data.get("access_token")
        if not isinstance(access, str) or not access:
            raise Later(f"HTTP {status} and no token")
        # One source saw answers without a new refresh token: the old one then stays.
        renewed = data.get("refresh_token")
        seconds = whole(data.get("expires_in"), ACCESS_SECONDS)
        return Pair(access, renewed if isinstance(renewed, str) else "", seconds)


def _outcome(status: int, data: dict[str, Any]) -> tuple[int, str]:
    code = whole(data.get("error"), 0)
    message = str(data.get("message") or "")
    if code == 0 and status >= 400:
        raise Later(f"HTTP {status} without an error number")
    return code, message
