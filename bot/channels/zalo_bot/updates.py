"""What Zalo sends → what is kept of it until it is answered.

The documents show an update wrapped in `{"ok": true, "result": …}`, what arrives is flat: both are
read. Only private chats are answered. Of a message only its text is kept,
identity numbers masked, or the address of its sound.
"""

from __future__ import annotations

import re
from typing import Any

from bot.channels.calls import milliseconds
from bot.channels.plain_channel import Arrived
from bot.channels.spoken import spoken
from bot.channels.turns import UNSUPPORTED, typed

CHANNEL = "zalo_bot"

MEDIA = (
    "message.image.received",
    "message.sticker.received",
    "message.unsupported.received",
)

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read(data: dict[str, Any]) -> Arrived | None:
    """The update, or None when it is of a kind or from a chat that is not answered."""
    if "event_name" not in data and isinstance(data.get("result"), dict):
        data = data["result"]
    name, message = data.get("event_name"), data.get("message")
    if not isinstance(name, str) or not isinstance(message, dict):
        return None
    chat, sender = message.get("chat"), message.get("from")
    if not isinstance(chat, dict) or str(chat.get("chat_type", "PRIVATE")).upper() != "PRIVATE":
        return None
    if isinstance(sender, dict) and sender.get("is_bot") is True:
        return None
    chat_id, message_id = _id(chat.get("id")), _id(message.get("message_id"))
    body = _body(name, message)
    if chat_id is None or message_id is None or body is None:
        return None
    event, position = f"{name}:{message_id}", milliseconds(message.get("date"))
    return Arrived(event, f"{CHANNEL}:{chat_id}", body, position)


def chat_of(conversation: str) -> str:
    """The chat of a conversation id."""
    return conversation.removeprefix(f"{CHANNEL}:")


def _body(name: str, message: dict[str, Any]) -> dict[str, Any] | None:
    if name == "message.text.received":
        text = typed(message.get("text"))
        return {"text": text} if text else None
    if name == "message.voice.received":
        return spoken(message.get("voice_url"))
    return {"choice": UNSUPPORTED} if name in MEDIA else None


def _id(value: object) -> str | None:
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    return text if _ID.fullmatch(text) else None
