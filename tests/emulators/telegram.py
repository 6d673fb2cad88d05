"""The Telegram Bot API and its users, as a server on a free port.

    with TelegramEmulator("42:abc") as emulator:
        mother = emulator.user(1)
        mother.sends("xin chào")
        mother.gets(1)             # waits for one message more than last time
        mother.taps("Ở bệnh viện")

Besides the faults of every emulator: `User.blocks`.
"""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.emulators.base import Emulator, parameters_of
from tests.emulators.faults import broken
from tests.emulators.telegram_api import BotApi
from tests.emulators.telegram_rules import Refused
from tests.emulators.telegram_users import Sent, User

__all__ = ["Sent", "TelegramEmulator", "User"]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class TelegramEmulator(Emulator, BotApi):
    """`api.telegram.org` for one bot."""

    name = "telegram"
    sending = "sendMessage"

    def __init__(self, token: str = "42:abc-DEF_1", port: int = 0) -> None:
        BotApi.__init__(self)
        Emulator.__init__(self, port)
        self.token = token
        self.redelivery_seconds = 0.1

    # --- what tests do

    def user(self, id: int) -> User:
        """The user with this id, who has opened the bot's chat."""
        return self.users.setdefault(id, User(self, id))

    def person(self, id: str) -> User:
        return self.user(int(id))

    def happens(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Something happened; the bot is told by webhook or when it polls."""
        update = {"update_id": 1000 + self.number(), kind: content}
        self.repeats(update)
        return update

    def settings(self, address: str, secret: str = "") -> dict[str, str]:
        found = {"telegram_token": self.token, "telegram_api_url": self.url}
        if secret:
            return found | {"public_url": address, "telegram_webhook_secret": secret}
        return found | {"telegram_mode": "polling"}

    def _tell(self, update: dict[str, Any], forged: bool) -> None:
        allowed = self.webhook.get("allowed_updates")
        if allowed and not set(allowed) & set(update):
            return
        if forged:
            with httpx.Client(timeout=30) as client:
                self._delivered(client, update, {SECRET_HEADER: "not-the-secret"})
        elif self.webhook.get("url"):
            self._pushes.put(update)
        else:
            with self._lock:
                self._pending.append(update)

    # --- the webhook

    def _end_pushing(self) -> None:
        self._pushes.put(None)

    def told(self) -> bool:
        return not self._pending and not self._pushes.unfinished_tasks

    def _push(self) -> None:
        with httpx.Client(timeout=30) as client:
            while (update := self._pushes.get()) is not None:
                while not self._delivered(client, update):
                    if self._pushes.queue and self._pushes.queue[-1] is None:
                        return
                    time.sleep(self.redelivery_seconds)
                self._pushes.task_done()

    def _delivered(
        self,
        client: httpx.Client,
        update: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> bool:
        if headers is None and self.webhook.get("secret_token"):
            headers = {SECRET_HEADER: self.webhook["secret_token"]}
        try:
            response = client.post(self.webhook["url"], json=update, headers=headers)
        except (httpx.HTTPError, KeyError) as error:
            self.webhook["last_error_message"] = type(error).__name__
            return not self.webhook.get("url")
        self.webhook_statuses.append(response.status_code)
        return response.is_success

    # --- the Bot API

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.api_route("/bot{token}/{method}", methods=["GET", "POST"])
        async def call(token: str, method: str, request: Request) -> Response:
            try:
                return await self._call(token, method, request)
            except Refused as refused:
                return JSONResponse(refused.body(), refused.code)

        @app.get("/file/bot{token}/{path:path}")
        async def file(token: str, path: str) -> Response:
            if token != self.token or path not in self._files:
                return JSONResponse(Refused(404, "Not Found").body(), 404)
            return Response(self._files[path], media_type="application/octet-stream")

        return app

    async def _call(self, token: str, method: str, request: Request) -> Response:
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise Refused(404, "Not Found")
        if token != self.token or not self.token_works:
            raise Refused(401, "Unauthorized")
        handler = getattr(self, f"_{method}", None)
        if handler is None or not method[0].isalpha() or "_" in method:
            raise Refused(404, "Not Found: method not found")
        parameters = await parameters_of(request)
        self.calls.append((method, parameters))
        fault = await self.fault(method, request)
        kind = fault.kind if fault else None
        if fault and kind == "status":
            raise Refused(int(fault.value), "Internal Server Error")
        if fault and kind == "flood":
            seconds = int(fault.value)
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if kind == "reset" or (kind == "hang" and await request.is_disconnected()):
            return broken()
        result = handler(parameters)
        if not isinstance(result, (bool, dict, list)):
            result = await result
        return broken() if kind == "lost" else JSONResponse({"ok": True, "result": result})
