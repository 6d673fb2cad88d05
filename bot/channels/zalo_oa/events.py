"""What Zalo sends → what is kept of it until it is answered.

Of a message only its text is kept, identity numbers masked, or the address of its sound: a
photo, a file, a place, or the name and phone number of `user_submit_info` are never stored.
`oa_send_*` are echoes of what we or a person at the account sent, not a citizen's words.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from bot.channels.calls import milliseconds
from bot.channels.plain_channel import Arrived
from bot.channels.spoken import spoken
from bot.channels.turns import UNSUPPORTED, typed

CHANNEL = "zalo_oa"
TAP = "#rong:"
"""Begins the payload of our buttons. A tap comes as a message of the person with that text."""

OLDEST_SECONDS = 2 * 24 * 3600
"""An event older than this was recorded and is played again: Zalo gives up after hours, and what
was seen is remembered for longer."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SAID = re.compile(r"(user|anonymous)_send_(\w+)")


def read(data: dict[str, Any], now: float | None = None) -> Arrived | None:
    """The event, or None when it is of a kind that is not answered."""
    name = data.get("event_name")
    if not isinstance(name, str):
        return None
    now = time.time() if now is None else now
    position = milliseconds(data.get("timestamp"))
    at = position // 1000
    if at and now - at > OLDEST_SECONDS:
        return None
    said = _SAID.fullmatch(name)
    if said:
        body = _of_message(said[2], data.get("message"))
        conversation = _sender(data, anonymous=said[1] == "anonymous")
    elif name == "follow":
        body, conversation = {"choice": "act:start"}, _conversation(data.get("follower"))
    elif name == "user_click_chatnow":
        body = {"choice": "act:start", "only_new": True}
        conversation = _conversation({"id": data.get("user_id")})
    elif name == "unfollow":
        # Silently: nothing can be sent to who has left.
        body = {"choice": "act:write_off", "only_known": True}
        left = _conversation(data.get("follower"))
        return Arrived(_event(data, left), left, body, position) if left else None
    else:
        return None
    if body is None or conversation is None:
        return None
    # Zalo counts its hours from there; its clock may be ahead of this one.
    body["at"] = int(min(at or now, now))
    return Arrived(_event(data, conversation), conversation, body, position)


def _sender(data: dict[str, Any], anonymous: bool) -> str | None:
    if not anonymous:
        return _conversation(data.get("sender"))
    sender = data.get("sender")
    inside = sender if isinstance(sender, dict) else {}
    who = _id(data.get("anonymous_id") or inside.get("anonymous_id") or inside.get("id"))
    where = _id(data.get("conversation_id") or inside.get("conversation_id"))
    return f"{CHANNEL}:anonymous:{who}:{where}" if who and where else None


def recipient(conversation: str) -> dict[str, str]:
    """Whom to send to, as the API wants it."""
    rest = conversation.removeprefix(f"{CHANNEL}:")
    if rest.startswith("anonymous:"):
        _, who, where = rest.split(":")
        return {"anonymous_id": who, "conversation_id": where}
    return {"user_id": rest}


def _conversation(party: object) -> str | None:
    found = _id(party.get("id")) if isinstance(party, dict) else None
    return f"{CHANNEL}:{found}" if found else None


def _id(value: object) -> str | None:
    """An id, which comes as text and may come as a number."""
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    return text if _ID.fullmatch(text) else None


def _of_message(kind: str, message: object) -> dict[str, Any] | None:
    if not isinstance(message, dict):
        return None
    text = message.get("text")
    if kind == "text":
        if isinstance(text, str) and text.startswith(TAP):
            return {"choice": text.removeprefix(TAP)}
        said = typed(text)
        return {"text": said} if said else None
    if kind == "audio":
        sound = next(_payloads(message.get("attachments")), {})
        return spoken(sound.get("url"))
    return {"choice": UNSUPPORTED}


def _payloads(attachments: object) -> Iterator[dict[str, Any]]:
    for attachment in attachments if isinstance(attachments, list) else []:
        payload = attachment.get("payload") if isinstance(attachment, dict) else None
        if isinstance(payload, dict):
            yield payload


def _event(data: dict[str, Any], conversation: str) -> str:
    """The id by which a repeated event is known: an album's pictures are one event."""
    message = data.get("message")
    if isinstance(message, dict):
        album = _album(message.get("attachments"))
        if album:
            return f"album:{album}"
        if found := _id(message.get("msg_id")):
            return found
    return f"{data.get('event_name')}:{str(data.get('timestamp'))[:32]}:{conversation}"


def _album(attachments: object) -> str | None:
    for payload in _payloads(attachments):
        if album := _id(payload.get("album_id")):
            return album
    return None
