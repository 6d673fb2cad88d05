"""A small conversation for the channels' tests."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

from bot.channels.base import Capabilities, Incoming, Rendered, RenderedChoice, Reply, State
from bot.render.lists import numbered
from knowledge_base.errors import BadRequest

LONG_VALUE = "answer:" + "rất_dài_" * 12
LONG_TEXT = "Đây là một câu 👨‍👩‍👧 có <chữ> & dấu. " * 250

GREETING = Rendered(
    "bot.greet",
    "Xin chào anh/chị.",
    "vi",
    choices=(
        RenderedChoice("Khai sinh", "start:birth_registration"),
        RenderedChoice("Cán bộ", "act:clerk"),
    ),
    audio_key="a" * 64,
)
QUESTION = Rendered(
    "birth_registration.question.place",
    "Sinh ở <đâu>?",
    "vi",
    choices=(
        RenderedChoice("Bệnh viện", "answer:hospital"),
        RenderedChoice("Ở nhà", "answer:home"),
        RenderedChoice("Nơi khác", LONG_VALUE),
    ),
)
DRAFT = Rendered(
    "bot.yes",
    "Chữ nháp",
    "bdq",
    draft=True,
    vi="Tiếng <Việt>",
    choices=(RenderedChoice("Ơ", "act:next", vi="Tiếp", draft=True),),
)


CONTROLS = tuple(RenderedChoice(name, f"act:{name}") for name in ("back", "repeat", "clerk"))


class SmallAssistant:
    """Answers by a table; `chậm` takes `slow_seconds`, which may change meanwhile; `lỗi` fails.
    Each event handled is a line of `journal`, where there is one."""

    def __init__(self, slow_seconds: float = 0.3, journal: Path | None = None) -> None:
        self.handled: list[Incoming] = []
        self.slow_seconds = slow_seconds
        self._journal = journal
        self._last: dict[str, Rendered] = {}

    async def handle(self, incoming: Incoming, capabilities: Capabilities) -> Reply:
        self.handled.append(incoming)
        self._note(f"begin {incoming.event}")
        last = self._last.get(incoming.conversation)
        said = incoming.text or incoming.choice or ""
        if said.isdigit() and last and 0 < int(said) <= len(last.choices):
            said = last.choices[int(said) - 1].value
        if said == "chậm":
            began = time.monotonic()
            while time.monotonic() - began < self.slow_seconds:  # noqa: ASYNC110 - of another thread
                await asyncio.sleep(0.01)
        if said == "lỗi":
            raise RuntimeError("broken while reading: lỗi")
        if said.startswith("answer:") and (
            last is None or said not in [choice.value for choice in last.choices]
        ):
            raise BadRequest(f"{said} is not offered")
        messages = self._messages(said)
        if messages:
            self._last[incoming.conversation] = messages[-1]
        self._note(f"end {incoming.event}")
        shown = [fit(message, capabilities) for message in messages]
        return Reply(shown, State(), CONTROLS if said == "act:help" else ())

    def _messages(self, said: str) -> list[Rendered]:
        if said in ("xin chào", "act:start"):
            return [GREETING]
        if said == "start:birth_registration":
            return [Rendered("bot.start_procedure", "Mình bắt đầu.", "vi"), QUESTION]
        if said == "dài":
            return [Rendered("bot.long", LONG_TEXT, "vi", choices=QUESTION.choices)]
        if said == "nháp":
            return [DRAFT]
        return [Rendered("bot.echo", f"Đã nghe: {said}", "vi")]

    def _note(self, line: str) -> None:
        if self._journal:
            with self._journal.open("a") as file:
                file.write(line + "\n")

    async def resume(self, conversation: str, capabilities: Capabilities) -> Reply | None:
        last = self._last.get(conversation)
        return Reply([fit(last, capabilities)], State()) if last else None

    async def erase(self, conversation: str) -> None:
        self._last.pop(conversation, None)


def fit(message: Rendered, capabilities: Capabilities) -> Rendered:
    """As the renderer does: numbers where there are no buttons, sound where it can be played."""
    key = message.audio_key if capabilities.voice_formats else None
    if len(message.choices) <= capabilities.buttons:
        return replace(message, audio_key=key)
    numbers = numbered([choice.label for choice in message.choices])
    beneath = numbered([choice.vi or choice.label for choice in message.choices])
    vi = f"{message.vi}\n{beneath}" if message.vi else None
    return replace(message, text=f"{message.text}\n{numbers}", vi=vi, audio_key=key)
