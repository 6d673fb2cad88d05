"""Rendered messages → what is sent to Telegram, as plain data that the outbox can keep.

A body is `{"text": html, "buttons": [[label, data], …]}` or
`{"voice": audio key, "speed": "normal" | "slow", "buttons": […]}`.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from typing import Any

from bot.channels.base import Rendered, RenderedChoice
from bot.channels.telegram.text import TEXT_LIMIT, split, units

DATA_LIMIT = 64
"""Most bytes of a button's data."""

LISTEN = "act:listen:"
SLOWER = "act:listen_slower:"
PICK_DATE = "act:pick_date"
"""Opens a calendar on a page; a messenger has none, the date is typed."""
_TOKEN = "#"

Body = dict[str, Any]
Button = list[str]


class Layout:
    """Lays out the messages of one reply; `tokens` then holds the values too long for a button."""

    def __init__(self, listen: str, slower: str) -> None:
        self._listen = f"🔊 {listen}".strip()
        self._slower = f"🐢 {slower}".strip()
        self.tokens: dict[str, str] = {}

    def messages(self, messages: Sequence[Rendered]) -> list[Body]:
        """Bodies to send, in order. The buttons are under the last part of their message."""
        bodies: list[Body] = []
        for message in messages:
            parts = _parts(message)
            bodies += [{"text": part, "buttons": []} for part in parts]
            if parts:
                bodies[-1]["buttons"] = self._buttons(message)
        return bodies

    def voice(self, key: str, slow: bool) -> Body:
        """The voice message of an audio key; after the normal speed the slow one is offered."""
        if slow:
            return {"voice": key, "speed": "slow", "buttons": []}
        button = [self._slower, self._data(SLOWER + key)]
        return {"voice": key, "speed": "normal", "buttons": [button]}

    def _buttons(self, message: Rendered) -> list[Button]:
        buttons = [
            [_label(choice), self._data(choice.value)]
            for choice in message.choices
            if choice.value != PICK_DATE
        ]
        if message.audio_key:
            buttons.append([self._listen, self._data(LISTEN + message.audio_key)])
        return buttons

    def _data(self, value: str) -> str:
        if len(value.encode()) <= DATA_LIMIT and not value.startswith(_TOKEN):
            return value
        token = _TOKEN + hashlib.sha256(value.encode()).hexdigest()[:40]
        self.tokens[token] = value
        return token


def is_token(data: str) -> bool:
    """Whether a button's data stands for a longer value."""
    return data.startswith(_TOKEN)


def _label(choice: RenderedChoice) -> str:
    """A draft label carries its Vietnamese, as a draft text does."""
    if choice.draft and choice.vi and choice.vi != choice.label:
        return f"{choice.label} · {choice.vi}"
    return choice.label


def _parts(message: Rendered) -> list[str]:
    texts = split(message.text)
    parts = [html.escape(part, quote=False) for part in texts]
    if not (message.draft and message.vi):
        return parts
    beneath = split(message.vi)
    quoted = [f"<blockquote>{html.escape(part, quote=False)}</blockquote>" for part in beneath]
    if texts and quoted and units(texts[-1]) + units(beneath[0]) + 2 <= TEXT_LIMIT:
        parts[-1] += "\n\n" + quoted.pop(0)
    return parts + quoted
