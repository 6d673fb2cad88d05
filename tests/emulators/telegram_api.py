"""The methods of the Bot API, as `TelegramEmulator` serves them. Their names are Telegram's."""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from abc import ABC, abstractmethod
from typing import Any

import anyio

from tests.emulators import telegram_rules as rules
from tests.emulators.telegram_rules import Refused, bad
from tests.emulators.telegram_users import Sent, User

BOT = {"id": 42, "is_bot": True, "first_name": "Nhà Rông", "username": "nha_rong_bot"}


class BotApi(ABC):
    """State of one bot, and a method `_<name>(parameters)` for each method of the API."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.commands: list[dict[str, str]] = []
        self.answered_queries: list[str] = []
        self.open_queries: set[str] = set()
        self.webhook: dict[str, Any] = {}
        self._pending: list[dict[str, Any]] = []
        self._pushes: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._files: dict[str, bytes] = {}
        self._polls = 0
        self._lock = threading.RLock()

    @abstractmethod
    def number(self) -> int: ...

    @abstractmethod
    def settle(self) -> None: ...

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
        return self._gives(user, p, Sent(text, html=p["text"]), {"text": text})

    def _editMessageText(self, p: dict[str, Any]) -> dict[str, Any]:
        user = self._receiver(p)
        text, rows = rules.plain(p["text"], p.get("parse_mode", "")), shown_rows(p)
        found = [sent for sent in user.inbox if sent.message_id == int(p["message_id"])]
        if not found:
            raise bad("message to edit not found")
        sent = found[0]
        if sent.kind != "text":
            raise bad("there is no text in the message to edit")
        if (sent.html, sent.rows) == (p["text"], rows):
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        sent.text, sent.html, sent.rows = text, p["text"], rows
        sent.raw |= {"text": text, "edit_date": int(time.time())}
        return sent.raw

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
            "",
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
        sent.rows = shown_rows(p)
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


def shown_rows(p: dict[str, Any]) -> list[list[tuple[str, str]]]:
    """The buttons of a message: label and data."""
    rows = rules.buttons(p.get("reply_markup"))
    return [[(button["text"], button["callback_data"]) for button in row] for row in rows]
