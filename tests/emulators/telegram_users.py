"""People with Telegram, and what they see on their phones."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.emulators.people import Message, Person


class Network(Protocol):
    """What connects them with the bot."""

    open_queries: set[str]

    def number(self) -> int: ...
    def settle(self) -> None: ...
    def keeps(self, kind: str, data: bytes) -> dict[str, Any]: ...
    def happens(self, kind: str, content: dict[str, Any]) -> dict[str, Any]: ...


@dataclass
class Sent(Message):
    """A message a user got. `text` as shown; `rows` of (label, data); `file` of a voice."""

    message_id: int = 0
    rows: list[list[tuple[str, str]]] = field(default_factory=list)
    html: str = ""
    filename: str = ""
    content_type: str = ""

    @property
    def labels(self) -> list[str]:
        return [label for row in self.rows for label, _ in row]


class User(Person[Sent]):
    """A person with Telegram."""

    def __init__(self, emulator: Network, id: int) -> None:
        super().__init__(emulator.settle)
        self._emulator = emulator
        self.id = id
        self.blocked = False

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
        self.notes(text if text is not None else f"({', '.join(content)})")
        return self._emulator.happens("message", self.message(**content))

    def speaks(self, sound: bytes, end: str = "oga") -> dict[str, Any]:
        about = {"duration": 2, "mime_type": "audio/ogg"}
        return self.sends(voice=self._emulator.keeps("voice", sound) | about)

    def edits(self, text: str) -> dict[str, Any]:
        """Edit a message sent before."""
        message = self.message(text=text, edit_date=int(time.time()))
        return self._emulator.happens("edited_message", message)

    def taps(self, label: str) -> dict[str, Any]:
        """Tap the newest button whose label is or contains `label`."""
        for sent in reversed(self.inbox):
            for found, data in itertools.chain.from_iterable(sent.rows):
                if label in found:
                    self.notes(f"[{found}]")
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

    def blocks(self) -> None:
        self.blocked = True
