"""The Zalo Bot Platform for one bot, as a server on a free port.

    with ZaloBotEmulator() as emulator:
        mother = emulator.person("6ede9afa66b88fe6d6a9")
        mother.sends("xin chào")   # waits until a webhook is set or the bot polls
        mother.gets(1)

Where sources disagree, attributes choose: `wraps` the webhook's body, `idle` how a poll ends
without an update, `errors_in_status` whether an error has its own HTTP status.
"""

from __future__ import annotations

import json
import re
import threading
import time
import unicodedata
from typing import Any, Literal
from urllib.parse import urlsplit

import anyio
import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.emulators.base import Emulator, parameters_of
from tests.emulators.faults import broken
from tests.emulators.pushing import LADDER, Pusher
from tests.emulators.zalo_people import BotPerson, Sent

__all__ = ["BotPerson", "ZaloBotEmulator"]

TEXT_LIMIT = 2000
HERE = ("127.0.0.1", "localhost")


class Refused(Exception):
    """An error of the API."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code

    def body(self) -> dict[str, Any]:
        return {"ok": False, "description": str(self), "error_code": self.code}


class ZaloBotEmulator(Emulator):
    """`bot-api.zaloplatforms.com` for one bot."""

    name = "zalo_bot"
    sending = "sendMessage"

    def __init__(
        self, token: str = "12345689:abc-xyz", port: int = 0, scale: float = 1 / 300
    ) -> None:
        super().__init__(port)
        self.token = token
        self.people: dict[str, BotPerson] = {}
        self.webhook: dict[str, Any] = {}
        self.wraps = False
        self.idle: Literal["status", "ok", "empty"] = "status"
        self.errors_in_status = True
        self.actions: list[tuple[str, str]] = []
        self._pending: list[dict[str, Any]] = []
        self._handed_out = False
        self._lock = threading.Lock()
        self.pusher = Pusher(scale)

    # --- what tests do

    def person(self, id: str) -> BotPerson:
        return self.people.setdefault(id, BotPerson(self, id))

    def happens(self, update: dict[str, Any]) -> dict[str, Any]:
        """Something happened; the bot is told by webhook or when it polls."""
        self.repeats(update)
        return update

    def settings(self, address: str, secret: str = "") -> dict[str, str]:
        found = {
            "public_url": address,
            "zalo_bot_token": self.token,
            "zalo_bot_api_url": self.url,
        }
        if secret:
            return found | {"zalo_bot_webhook_secret": secret}
        return found | {"zalo_bot_mode": "polling"}

    def _tell(self, update: dict[str, Any], forged: bool) -> None:
        with self._lock:
            if not self.webhook.get("url"):
                if not forged:
                    self._pending.append(update)
                return
        repetitions = 0 if forged else len(LADDER)
        self.pusher.push(lambda: self._request(update, forged), repetitions)

    def _request(self, update: dict[str, Any], forged: bool) -> tuple[str, bytes, dict[str, str]]:
        body = {"ok": True, "result": update} if self.wraps else update
        secret = "not-the-secret" if forged else self.webhook.get("secret_token", "")
        headers = {"content-type": "application/json", "X-Bot-Api-Secret-Token": secret}
        return self.webhook.get("url", ""), json.dumps(body).encode(), headers

    def told(self) -> bool:
        return self.pusher.idle and not self._pending and not self._handed_out

    def _push(self) -> None:
        self.pusher.run()

    def _end_pushing(self) -> None:
        self.pusher.close()

    # --- the API

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.api_route("/bot{token}/{method}", methods=["GET", "POST"])
        async def call(token: str, method: str, request: Request) -> Response:
            try:
                return await self._call(token, method, request)
            except Refused as refused:
                status = refused.code if self.errors_in_status else 200
                return JSONResponse(refused.body(), status)

        return app

    async def _call(self, token: str, method: str, request: Request) -> Response:
        if token != self.token or not self.token_works:
            raise Refused(401, "Unauthorized")
        handler = getattr(self, f"_{method}", None)
        if not re.fullmatch(r"(get|set|send|delete)[A-Z]\w+", method) or handler is None:
            raise Refused(400, "Bad request: API name is invalid")
        parameters = await parameters_of(request)
        self.calls.append((method, parameters))
        fault = await self.fault(method, request)
        kind = fault.kind if fault else None
        if fault and kind == "status":
            return Response("<html>", int(fault.value), media_type="text/html")
        if kind == "flood":
            # A page of nginx, not the API's JSON.
            return Response("<html>429</html>", 429, media_type="text/html")
        if kind == "reset" or (kind == "hang" and await request.is_disconnected()):
            return broken()
        if method == "getUpdates":
            answer = await self._getUpdates(parameters, request)
        elif method == "sendVoice":
            answer = await self._sendVoice(parameters)
        else:
            answer = handler(parameters)
        return broken() if kind == "lost" else JSONResponse(answer)

    def _getMe(self, p: dict[str, Any]) -> dict[str, Any]:
        result = {
            "id": "1459232241454765289",
            "account_name": "bot.VDKyGxQvc",
            "account_type": "BASIC",
            "can_join_groups": False,
        }
        return {"ok": True, "result": result}

    def _setWebhook(self, p: dict[str, Any]) -> dict[str, Any]:
        url, secret = str(p.get("url", "")), str(p.get("secret_token", ""))
        address = urlsplit(url)
        if address.scheme != "https" and address.hostname not in HERE:
            raise Refused(400, "Bad request: The url is invalid")
        if not 8 <= len(secret) <= 256:
            raise Refused(400, "Bad request: The secret_token is invalid")
        with self._lock:
            self.webhook = {
                "url": url,
                "secret_token": secret,
                "updated_at": int(time.time() * 1000),
            }
            waiting, self._pending = self._pending, []
        for update in waiting:
            self.repeats(update)
        return {"ok": True, "result": self._shown()}

    def _shown(self) -> dict[str, Any]:
        found = {"url": "", "updated_at": int(time.time() * 1000), **self.webhook}
        found.pop("secret_token", None)
        return found

    def _deleteWebhook(self, p: dict[str, Any]) -> dict[str, Any]:
        self.webhook = {}
        return {"ok": True, "result": self._shown()}

    def _getWebhookInfo(self, p: dict[str, Any]) -> dict[str, Any]:
        if not self.webhook:
            raise Refused(404, "Not Found")
        return {"ok": True, "result": self._shown(), "error_code": 0}

    async def _getUpdates(self, p: dict[str, Any], request: Request) -> dict[str, Any]:
        if self.webhook:
            raise Refused(400, "Bad request: a webhook is set")
        # Who asks for more has stored what it got before.
        self._handed_out = False
        deadline = time.monotonic() + float(p.get("timeout") or 0)
        while not await request.is_disconnected():
            with self._lock:
                if self._pending:
                    # There is no offset: what is handed out is gone.
                    self._handed_out = True
                    return {"ok": True, "result": self._pending.pop(0)}
            if time.monotonic() >= deadline:
                break
            await anyio.sleep(0.01)
        timeout = Refused(408, "Request timeout")
        if self.idle == "status":
            raise timeout
        return timeout.body() if self.idle == "ok" else {"ok": True, "result": {}}

    def _receiver(self, p: dict[str, Any]) -> BotPerson:
        if not p.get("chat_id"):
            raise Refused(400, "Bad request: The chat_id must not be empty")
        person = self.people.get(str(p["chat_id"]))
        if person is None or person.blocked:
            raise Refused(400, "Bad request: The chat_id is invalid")
        return person

    def _gives(self, p: dict[str, Any], sent: Sent) -> dict[str, Any]:
        sent.raw = p
        self._receiver(p).inbox.append(sent)
        result = {"message_id": f"{self.number():020x}", "date": int(time.time() * 1000)}
        return {"ok": True, "result": result}

    def _sendMessage(self, p: dict[str, Any]) -> dict[str, Any]:
        text = str(p.get("text", ""))
        if not 1 <= len(unicodedata.normalize("NFC", text)) <= TEXT_LIMIT:
            raise Refused(400, "Bad request: The text must be from 1 to 2000 characters")
        return self._gives(p, Sent(text))

    def _sendPhoto(self, p: dict[str, Any]) -> dict[str, Any]:
        if len(str(p.get("caption", ""))) > TEXT_LIMIT:
            raise Refused(400, "Bad request: The caption is too long")
        return self._gives(p, Sent(str(p.get("caption", "")), "photo", link=str(p.get("photo"))))

    def _sendSticker(self, p: dict[str, Any]) -> dict[str, Any]:
        return self._gives(p, Sent("", "sticker"))

    def _sendChatAction(self, p: dict[str, Any]) -> dict[str, Any]:
        person = self._receiver(p)
        if p.get("action") not in ("typing", "upload_photo"):
            raise Refused(400, "Bad request: The action is invalid")
        self.actions.append((person.id, p["action"]))
        return {"ok": True}

    async def _sendVoice(self, p: dict[str, Any]) -> dict[str, Any]:
        """Fetches the sound, as Zalo does."""
        self._receiver(p)
        link = str(p.get("voice_url", ""))
        address = urlsplit(link)
        if not address.path.endswith(".aac"):
            raise Refused(400, "Bad request: The voice_url must end in .aac")
        if address.scheme != "https" and address.hostname not in HERE:
            raise Refused(400, "Bad request: The voice_url is invalid")
        try:
            async with httpx.AsyncClient() as client:
                found = await client.get(link)
        except httpx.HTTPError:
            raise Refused(400, "Bad request: The voice_url can't be fetched") from None
        if found.status_code != 200:
            raise Refused(400, "Bad request: The voice_url can't be fetched")
        return self._gives(p, Sent("", "voice", file=found.content, link=link))
