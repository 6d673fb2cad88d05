"""The Telegram Bot API and its users, as a server on a free port.

    with TelegramEmulator("42:abc") as emulator:
        mother = emulator.user(1)
        mother.sends("xin chào")
        mother.gets(1)             # waits for one message more than last time
        mother.taps("Ở bệnh viện")

Faults on demand: `fails`, `floods`, `resets`, `hangs`, `loses_answer`, `User.blocks`.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import anyio
import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.datastructures import UploadFile

from tests.emulators.server import Server
from tests.emulators.telegram_api import BotApi
from tests.emulators.telegram_rules import Refused
from tests.emulators.telegram_users import Sent, User

__all__ = ["Sent", "TelegramEmulator", "User"]


@dataclass
class _Fault:
    method: str
    kind: str
    times: int
    value: float = 0


class TelegramEmulator(BotApi):
    """`api.telegram.org` for one bot."""

    def __init__(self, token: str = "42:abc-DEF_1") -> None:
        super().__init__()
        self.token = token
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.webhook_statuses: list[int] = []
        self.redelivery_seconds = 0.1
        self._faults: list[_Fault] = []
        self._numbers = itertools.count(1)
        self._server = Server(self._app())
        self._pusher = threading.Thread(target=self._push, daemon=True)

    # --- life

    def __enter__(self) -> TelegramEmulator:
        self._server.start()
        self._pusher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pushes.put(None)
        self._pusher.join(10)
        self._server.stop()

    @property
    def url(self) -> str:
        return self._server.url

    def number(self) -> int:
        return next(self._numbers)

    # --- what tests do

    def user(self, id: int) -> User:
        """The user with this id, who has opened the bot's chat."""
        return self.users.setdefault(id, User(self, id))

    def happens(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Something happened; the bot is told by webhook or when it polls."""
        update = {"update_id": 1000 + self.number(), kind: content}
        self.repeats(update)
        return update

    def repeats(self, update: dict[str, Any]) -> None:
        """Tell the bot of an update, again perhaps."""
        allowed = self.webhook.get("allowed_updates")
        if allowed and not set(allowed) & set(update):
            return
        if self.webhook.get("url"):
            self._pushes.put(update)
        else:
            with self._lock:
                self._pending.append(update)

    def fails(self, method: str, times: int = 1, status: int = 502) -> None:
        """The next calls of a method end with a 5xx."""
        self._faults.append(_Fault(method, "status", times, status))

    def floods(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """The next calls end with 429."""
        self._faults.append(_Fault(method, "flood", times, retry_after))

    def resets(self, method: str, times: int = 1) -> None:
        """The connection breaks within the answer, and nothing was done."""
        self._faults.append(_Fault(method, "reset", times))

    def loses_answer(self, method: str, times: int = 1) -> None:
        """The connection breaks within the answer, after the thing was done."""
        self._faults.append(_Fault(method, "lost", times))

    def hangs(self, method: str, seconds: float, times: int = 1) -> None:
        """The next calls wait, then are answered; nothing is done if the caller left meanwhile."""
        self._faults.append(_Fault(method, "hang", times, seconds))

    def called(self, method: str) -> list[dict[str, Any]]:
        """Parameters of each call of a method."""
        return [parameters for name, parameters in self.calls if name == method]

    def waits_for(self, method: str, count: int = 1, seconds: float = 10) -> None:
        """Wait until a method was called `count` times."""
        deadline = time.monotonic() + seconds
        while len(self.called(method)) < count:
            assert time.monotonic() < deadline, f"{method}: {len(self.called(method))} of {count}"
            time.sleep(0.01)

    # --- the webhook

    def _push(self) -> None:
        with httpx.Client(timeout=5) as client:
            while (update := self._pushes.get()) is not None:
                while not self._delivered(client, update):
                    if self._pushes.queue and self._pushes.queue[-1] is None:
                        return
                    time.sleep(self.redelivery_seconds)

    def _delivered(self, client: httpx.Client, update: dict[str, Any]) -> bool:
        headers = {}
        if self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
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
        if token != self.token:
            raise Refused(401, "Unauthorized")
        handler = getattr(self, f"_{method}", None)
        if handler is None or not method[0].isalpha() or "_" in method:
            raise Refused(404, "Not Found: method not found")
        parameters = await _parameters(request)
        self.calls.append((method, parameters))
        fault = await self._fault(method)
        if fault == "reset" or (fault == "hang" and await request.is_disconnected()):
            return _broken()
        result = handler(parameters)
        if not isinstance(result, (bool, dict, list)):
            result = await result
        return _broken() if fault == "lost" else JSONResponse({"ok": True, "result": result})

    async def _fault(self, method: str) -> str | None:
        with self._lock:
            fault = next((f for f in self._faults if f.method == method and f.times), None)
            if fault is None:
                return None
            fault.times -= 1
        if fault.kind == "status":
            raise Refused(int(fault.value), "Internal Server Error")
        if fault.kind == "flood":
            seconds = int(fault.value)
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        if fault.kind == "hang":
            await anyio.sleep(fault.value)
        return fault.kind


async def _parameters(request: Request) -> dict[str, Any]:
    """Query, form, multipart or JSON, as the Bot API takes them."""
    found: dict[str, Any] = defaultdict(str)
    found.update(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        found.update(await request.json())
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            for name, value in form.items():
                found[name] = await _upload(value) if isinstance(value, UploadFile) else value
    return dict(found)


async def _upload(file: UploadFile) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "data": await file.read(),
    }


def _broken() -> Response:
    """An answer that breaks off: shorter than it says it is."""

    async def nothing() -> Any:
        yield b"{"

    return StreamingResponse(nothing(), headers={"content-length": "1000"})
