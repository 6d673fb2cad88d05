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
import json
import queue
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import anyio
import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.datastructures import UploadFile

from tests.emulators import telegram_rules as rules
from tests.emulators.server import Server
from tests.emulators.telegram_rules import Refused, bad

BOT = {"id": 42, "is_bot": True, "first_name": "Nhà Rông", "username": "nha_rong_bot"}


@dataclass
class Sent:
    """A message a user got. `text` as shown; `rows` of (label, data); `file` of a voice."""

    message_id: int
    text: str
    rows: list[list[tuple[str, str]]]
    html: str = ""
    kind: str = "text"
    file: bytes = b""
    filename: str = ""
    content_type: str = ""
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        return [label for row in self.rows for label, _ in row]


@dataclass
class _Fault:
    method: str
    kind: str
    times: int
    value: float = 0


class User:
    """A person with Telegram."""

    def __init__(self, emulator: TelegramEmulator, id: int) -> None:
        self._emulator = emulator
        self._seen = 0
        self.id = id
        self.blocked = False
        self.inbox: list[Sent] = []

    @property
    def profile(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "A", "language_code": "vi"}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": "A"}

    def message(self, **content: Any) -> dict[str, Any]:
        """A message of this user as Telegram describes it."""
        text = content.get("text", "")
        if text.startswith("/"):
            length = len(text.split()[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return {
            "message_id": self._emulator.number(),
            "from": self.profile,
            "chat": self.chat,
            "date": int(time.time()),
            **content,
        }

    def sends(self, text: str | None = None, **content: Any) -> dict[str, Any]:
        """Send text, or anything else: `sends(photo=[…])`. Returns the update."""
        if text is not None:
            content["text"] = text
        return self._emulator.happens("message", self.message(**content))

    def edits(self, text: str) -> dict[str, Any]:
        """Edit a message sent before."""
        message = self.message(text=text, edit_date=int(time.time()))
        return self._emulator.happens("edited_message", message)

    def taps(self, label: str) -> dict[str, Any]:
        """Tap the newest button whose label is or contains `label`."""
        for sent in reversed(self.inbox):
            for found, data in itertools.chain.from_iterable(sent.rows):
                if label in found:
                    return self.presses(data, sent)
        raise AssertionError(f"no button {label!r}; there are: {self.inbox[-1:]}")

    def presses(self, data: str, sent: Sent | None = None) -> dict[str, Any]:
        """Send a button's data, offered or forged."""
        query = {
            "id": str(10**18 + self._emulator.number()),
            "from": self.profile,
            "chat_instance": "-123",
            "message": (sent.raw if sent else self.message(text="?")),
            "data": data,
        }
        self._emulator.open_queries.add(query["id"])
        return self._emulator.happens("callback_query", query)

    def gets(self, count: int = 1, seconds: float = 10) -> list[Sent]:
        """Wait for the next `count` messages and return them; fails when they don't come."""
        deadline = time.monotonic() + seconds
        while len(self.inbox) < self._seen + count:
            assert time.monotonic() < deadline, f"{count} awaited, got {self.inbox[self._seen :]}"
            time.sleep(0.01)
        found = self.inbox[self._seen : self._seen + count]
        self._seen += count
        return found

    def gets_nothing(self, seconds: float = 0.5) -> None:
        """Fails when another message comes within the time."""
        time.sleep(seconds)
        assert not self.inbox[self._seen :], self.inbox[self._seen :]

    def blocks(self) -> None:
        self.blocked = True


class TelegramEmulator:
    """`api.telegram.org` for one bot."""

    def __init__(self, token: str = "42:abc-DEF_1") -> None:
        self.token = token
        self.users: dict[int, User] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.commands: list[dict[str, str]] = []
        self.answered_queries: list[str] = []
        self.open_queries: set[str] = set()
        self.webhook: dict[str, Any] = {}
        self.webhook_statuses: list[int] = []
        self.redelivery_seconds = 0.1
        self._pending: list[dict[str, Any]] = []
        self._pushes: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._faults: list[_Fault] = []
        self._files: dict[str, bytes] = {}
        self._polls = 0
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
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
        """The next calls do nothing for a while and are then answered."""
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
        if fault == "reset":
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

    def _getMe(self, p: dict[str, Any]) -> dict[str, Any]:
        return BOT | {
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _setWebhook(self, p: dict[str, Any]) -> bool:
        secret = rules.secret_token(p.get("secret_token", ""))
        allowed = p.get("allowed_updates") or "[]"
        self.webhook = {
            "url": p.get("url", ""),
            "secret_token": secret,
            "max_connections": int(p.get("max_connections", 40)),
            "allowed_updates": json.loads(allowed) if isinstance(allowed, str) else allowed,
        }
        if self.webhook["url"]:
            with self._lock:
                waiting, self._pending = self._pending, []
            for update in waiting:
                self._pushes.put(update)
        return True

    def _deleteWebhook(self, p: dict[str, Any]) -> bool:
        self.webhook = {}
        if p.get("drop_pending_updates") in ("true", "True", True):
            self._pending.clear()
        return True

    def _getWebhookInfo(self, p: dict[str, Any]) -> dict[str, Any]:
        shown = {k: v for k, v in self.webhook.items() if k != "secret_token" and v}
        return {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending) + self._pushes.qsize(),
            **shown,
        }

    async def _getUpdates(self, p: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._polls += 1
        this = self._polls
        offset, limit = int(p.get("offset", 0)), int(p.get("limit", 100))
        with self._lock:
            self._pending = [u for u in self._pending if u["update_id"] >= offset]
        deadline = time.monotonic() + float(p.get("timeout", 0))
        while not self._pending and time.monotonic() < deadline:
            await anyio.sleep(0.01)
            if this != self._polls:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        return self._pending[:limit]

    def _receiver(self, p: dict[str, Any]) -> User:
        try:
            user = self.users[int(p["chat_id"])]
        except (KeyError, ValueError):
            raise bad("chat not found") from None
        if user.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return user

    def _sendMessage(self, p: dict[str, Any]) -> dict[str, Any]:
        user = self._receiver(p)
        if "text" not in p:
            raise bad("message text is empty")
        text = rules.plain(p["text"], p.get("parse_mode", ""))
        return self._gives(user, p, Sent(0, text, [], html=p["text"]), {"text": text})

    def _sendVoice(self, p: dict[str, Any]) -> dict[str, Any]:
        user = self._receiver(p)
        upload = p.get("voice")
        if not isinstance(upload, dict):
            raise bad("there is no voice in the request")
        kind = rules.voice(upload["filename"], upload["content_type"], upload["data"])
        file_id = f"file{self.number()}"
        path = f"{kind}/{file_id}.oga"
        self._files[path] = upload["data"]
        description = {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(upload["data"]),
            "mime_type": upload["content_type"],
        }
        if kind == "voice":
            description["duration"] = int(p.get("duration", 1))
        sent = Sent(
            0,
            "",
            [],
            kind=kind,
            file=upload["data"],
            filename=upload["filename"],
            content_type=upload["content_type"],
        )
        return self._gives(user, p, sent, {kind: description})

    def _gives(
        self, user: User, p: dict[str, Any], sent: Sent, content: dict[str, Any]
    ) -> dict[str, Any]:
        rows = rules.buttons(p.get("reply_markup"))
        sent.rows = [[(b["text"], b["callback_data"]) for b in row] for row in rows]
        message = {
            "message_id": self.number(),
            "date": int(time.time()),
            "chat": user.chat,
            "from": BOT,
            **content,
        }
        if rows:
            message["reply_markup"] = {"inline_keyboard": rows}
        sent.message_id, sent.raw = message["message_id"], message
        user.inbox.append(sent)
        return message

    def _sendChatAction(self, p: dict[str, Any]) -> bool:
        self._receiver(p)
        return True

    def _answerCallbackQuery(self, p: dict[str, Any]) -> bool:
        if p.get("callback_query_id") not in self.open_queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.open_queries.discard(p["callback_query_id"])
        self.answered_queries.append(p["callback_query_id"])
        return True

    def _setMyCommands(self, p: dict[str, Any]) -> bool:
        found = json.loads(p["commands"]) if isinstance(p["commands"], str) else p["commands"]
        for command in found:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = found
        return True

    def keeps(self, kind: str, data: bytes) -> dict[str, Any]:
        """A file a user uploads: what a message says of it; `getFile` then finds it."""
        file_id = f"file{self.number()}"
        self._files[f"{kind}/{file_id}.oga"] = data
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data)}

    def _getFile(self, p: dict[str, Any]) -> dict[str, Any]:
        for path, data in self._files.items():
            if f"/{p.get('file_id')}." in path:
                return {
                    "file_id": p["file_id"],
                    "file_unique_id": f"u{p['file_id']}",
                    "file_size": len(data),
                    "file_path": path,
                }
        raise bad("invalid file_id")


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
