"""Rendered messages → what is sent to Telegram, as plain data that the outbox can keep.

A body is `{"text": html, "rows": [[[label, data], …], …]}` or
`{"voice": audio key, "speed": "normal" | "slow", "rows": […]}`; `rows` are rows of buttons.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from typing import Any

from bot.channels.base import Rendered, RenderedChoice
from bot.channels.telegram.text import TEXT_LIMIT, split, units
from bot.channels.turns import LISTEN, SLOWER

DATA_LIMIT = 64
"""Most bytes of a button's data."""

_TOKEN = "#"

Body = dict[str, Any]
Row = list[list[str]]

CONTROLS_IN_A_ROW = 2


class Layout:
    """Lays out the messages of one reply; `tokens` then holds the values too long for a button."""

    def __init__(self, listen: str, slower: str) -> None:
        self._listen = f"🔊 {listen}".strip()
        self._slower = f"🐢 {slower}".strip()
        self.tokens: dict[str, str] = {}

    def messages(
        self, messages: Sequence[Rendered], controls: Sequence[RenderedChoice] = ()
    ) -> list[Body]:
        """Bodies to send, in order. The buttons are under the last part of their message, the
        controls under the last message."""
        bodies: list[Body] = []
        for message in messages:
            parts = _parts(message)
            bodies += [{"text": part, "rows": []} for part in parts]
            if parts:
                bodies[-1]["rows"] = self._rows(message)
        if bodies:
            bodies[-1]["rows"] += self._controls(controls)
        return bodies

    def voice(self, key: str, slow: bool) -> Body:
        """The voice message of an audio key; after the normal speed the slow one is offered."""
        if slow:
            return {"voice": key, "speed": "slow", "rows": []}
        button = [self._slower, self._data(SLOWER + key)]
        return {"voice": key, "speed": "normal", "rows": [[button]]}

    def _rows(self, message: Rendered) -> list[Row]:
        """One answer a row: labels are sentences and thumbs are wide."""
        rows = [[self._button(choice)] for choice in message.choices]
        if message.audio_key:
            rows.append([[self._listen, self._data(LISTEN + message.audio_key)]])
        return rows

    def _controls(self, controls: Sequence[RenderedChoice]) -> list[Row]:
        buttons = [self._button(control) for control in controls]
        starts = range(0, len(buttons), CONTROLS_IN_A_ROW)
        return [buttons[start : start + CONTROLS_IN_A_ROW] for start in starts]

    def _button(self, choice: RenderedChoice) -> list[str]:
        return [_label(choice), self._data(choice.value)]

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
    if message.beneath is None:
        return parts
    beneath = split(message.beneath)
    quoted = [f"<blockquote>{html.escape(part, quote=False)}</blockquote>" for part in beneath]
    if texts and quoted and units(texts[-1]) + units(beneath[0]) + 2 <= TEXT_LIMIT:
        parts[-1] += "\n\n" + quoted.pop(0)
    return parts + quoted
