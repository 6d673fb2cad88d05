"""What Telegram sends → what is kept of it until it is answered.

Only private chats are read, and of a message only its text, identity numbers masked, or the id of
its sound: a photo, a contact or a place is never stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from telegram import Bot, Chat, Message, Update
from telegram.constants import ChatType

from bot.channels.spoken import spoken
from bot.channels.turns import UNSUPPORTED, typed
from bot.linking import code_in

EDITED = "act:edited"

ALLOWED_UPDATES = ["message", "edited_message", "callback_query"]

MOST = 2**53
"""Telegram numbers what it sends, chats too, below this."""

COMMANDS = {
    "start": "act:start",
    "help": "act:help",
    "language": "act:language",
    "ngonngu": "act:language",
    "clerk": "act:clerk",
    "canbo": "act:clerk",
    "delete": "act:delete",
    "xoa": "act:delete",
    "back": "act:back",
    "next": "act:next",
    "again": "act:repeat",
    "repeat": "act:repeat",
    "restart": "act:restart",
}
"""Commands and the choices they stand for; any other is text like any text."""

_COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:@\w+)?(?:\s|$)")

_MEDIA = (
    "animation",
    "contact",
    "dice",
    "document",
    "game",
    "location",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
)


@dataclass(frozen=True)
class Arrived:
    """An update that wants an answer. `body` has `text`, `choice` or `voice` (a file's id),
    and `query` for a tap."""

    event: str
    conversation: str
    body: dict[str, Any]


def conversation_of(chat_id: int) -> str:
    """The conversation id of a private chat."""
    return f"telegram:{chat_id}"


def chat_of(conversation: str) -> int:
    """The private chat of a conversation id."""
    return int(conversation.removeprefix("telegram:"))


def read(data: dict[str, Any], bot: Bot) -> Arrived | None:
    """The update, or None when it is of a kind or from a chat that is not answered.

    Raises `ValueError` when `data` is not an update at all."""
    number = data.get("update_id")
    if type(number) is not int or not 0 <= number < MOST:
        raise ValueError("an update has a whole number as update_id")
    try:
        update = Update.de_json(data, bot)
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError, OSError):
        return None
    found = _read(update)
    if found is None:
        return None
    chat, body = found
    return Arrived(str(update.update_id), conversation_of(chat.id), body)


def _read(update: Update) -> tuple[Chat, dict[str, Any]] | None:
    if update.callback_query:
        query = update.callback_query
        if query.message is None or not _private(query.message.chat) or not query.data:
            return None
        return query.message.chat, {"choice": query.data, "query": query.id}
    if update.edited_message and _private(update.edited_message.chat):
        return update.edited_message.chat, {"choice": EDITED}
    if update.message and _private(update.message.chat):
        body = _of_message(update.message)
        return (update.message.chat, body) if body else None
    return None


def _private(chat: Chat | None) -> bool:
    # The library leaves out what it can't read, also where its types say it is always there.
    if chat is None or chat.type != ChatType.PRIVATE or type(chat.id) is not int:
        return False
    return 0 < chat.id < MOST


def _of_message(message: Message) -> dict[str, Any] | None:
    if isinstance(message.text, str) and message.text.strip():
        command = _COMMAND.match(message.text)
        choice = COMMANDS.get(command[1].lower()) if command else None
        code = code_in(message.text[command.end() :]) if choice == "act:start" and command else None
        if code:  # a link of ours, t.me/<bot>?start=<code>
            return {"text": code}
        return {"choice": choice} if choice else {"text": typed(message.text)}
    sound = message.voice or message.audio
    if sound:
        about = sound.to_dict()  # its attribute `duration` warns that it changes one day
        return spoken(about.get("file_id"), about.get("duration"), about.get("file_size"))
    if any(getattr(message, kind) for kind in _MEDIA):
        return {"choice": UNSUPPORTED}
    return None
