"""Rendered messages → plain text for messengers without buttons, as data the outbox can keep.

A body is `{"text": …}`, with `"buttons": [[label, value], …]` where the messenger has a few, or
`{"voice": audio key, "speed": "normal" | "slow"}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.base import Rendered, RenderedChoice, Reply
from bot.channels.menu import Menu
from bot.channels.phrases import LISTEN as LISTEN_WORD
from bot.channels.phrases import OR_TYPE
from bot.channels.phrases import SLOWER as SLOWER_WORD
from bot.channels.text import split, units
from bot.channels.turns import LISTEN, SLOWER
from bot.render.lists import numbered
from knowledge_base.fold import nfc

Body = dict[str, Any]

RULE = "\n———\n"
"""Between a draft and its Vietnamese."""


class PlainLayout:
    """Lays out a reply in messages of at most `limit` characters.

    With `joined` a reply is as few messages as hold it, where each counts against a quota.
    Choices are numbered by the renderer, or are buttons where there are at most `buttons`. To hear
    the reply is one number more where there are numbers, else a word among those of the controls.
    """

    def __init__(
        self,
        phrases: Mapping[str, str],
        limit: int,
        buttons: int = 0,
        audible: bool = False,
        joined: bool = False,
    ) -> None:
        self._listen = phrases.get(LISTEN_WORD, "")
        self._slower = phrases.get(SLOWER_WORD, "")
        self._or_type = phrases.get(OR_TYPE, "{words}")
        self._limit = limit
        self._buttons = buttons
        self._audible = audible
        self._joined = joined

    def reply(self, reply: Reply) -> tuple[list[Body], Menu]:
        """Bodies to send, in order, and what may be typed afterwards."""
        bodies: list[Body] = []
        for message in reply.messages:
            bodies += self._message(message)
        # The last numbers on the screen are the ones that count.
        choosing = next((m for m in reversed(reply.messages) if m.choices), None)
        choices = list(choosing.choices) if choosing else []
        keys = [m.audio_key for m in reply.messages if m.audio_key] if self._audible else []
        shown = list(reply.controls)
        tail = []
        hidden = []
        if keys:
            act = SLOWER if reply.state.slow else LISTEN
            listen = RenderedChoice(self._listen, act + ",".join(keys))
            hidden.append(RenderedChoice(self._slower, SLOWER + ",".join(keys)))
            if choosing is not None and choosing is reply.messages[-1] and not self._taps(choosing):
                choices.append(listen)
                tail.append(f"{len(choices)}. 🔊 {self._listen}")
            else:
                shown.insert(0, listen)
        if shown:
            words = ", ".join(f"“{choice.label}”" for choice in shown)
            tail.append(("\n" if tail else "") + self._or_type.format(words=words))
        if bodies and tail:
            self._append(bodies, "\n".join(tail), right_below=tail[0][0].isdigit())
        if self._joined:
            bodies = self._join(bodies)
        return bodies, Menu.of(choices, [*shown, *hidden])

    def _join(self, bodies: Sequence[Body]) -> list[Body]:
        """As few messages as hold all of the texts."""
        joined: list[Body] = []
        for body in bodies:
            longer = f"{joined[-1]['text']}\n\n{body['text']}" if joined else ""
            if joined and "buttons" not in joined[-1] and units(longer) <= self._limit:
                joined[-1] = body | {"text": longer}
            else:
                joined.append(body)
        return joined

    def _taps(self, message: Rendered) -> bool:
        return 0 < len(message.choices) <= self._buttons

    def _message(self, message: Rendered) -> list[Body]:
        texts = [message.text]
        if message.beneath:
            both = message.text + RULE + message.beneath
            texts = [both] if units(nfc(both)) <= self._limit else [message.text, message.beneath]
        if not self._taps(message):
            return [{"text": part} for text in texts for part in split(nfc(text), self._limit)]
        buttons = [[_label(choice), choice.value] for choice in message.choices]
        # Leaves room for the numbers, should the messenger refuse the buttons.
        room = self._limit - units(as_numbers("", buttons))
        bodies: list[Body] = [{"text": part} for text in texts for part in split(nfc(text), room)]
        if bodies:
            bodies[-1]["buttons"] = buttons
        return bodies

    def _append(self, bodies: list[Body], tail: str, right_below: bool) -> None:
        last = bodies[-1]
        separator = "\n" if right_below and not last.get("buttons") else "\n\n"
        longer = last["text"] + separator + nfc(tail)
        room = self._limit - units(as_numbers("", last.get("buttons", [])))
        if units(longer) <= room:
            last["text"] = longer
        else:
            bodies += [{"text": part} for part in split(nfc(tail), self._limit)]


def voices(keys: Sequence[str], slow: bool) -> list[Body]:
    """The bodies that let the keys be heard."""
    return [{"voice": key, "speed": "slow" if slow else "normal"} for key in keys]


def as_numbers(text: str, buttons: Sequence[Sequence[str]]) -> str:
    """The text with its buttons as numbers."""
    return f"{text}\n{numbered([label for label, _ in buttons])}" if buttons else text


def _label(choice: RenderedChoice) -> str:
    if choice.draft and choice.vi and choice.vi != choice.label:
        return f"{choice.label} · {choice.vi}"
    return choice.label
