"""What the running application is made of, and how a request gets at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from bot.channels import base
from bot.settings import Settings


class Assistant(base.Assistant, Protocol):
    """The conversation, and what pages ask besides."""

    async def erase(self, conversation: str, keep_codes: bool = False) -> None:
        """Forget everything about the conversation; codes that were given out stay good for
        their time with `keep_codes`."""

    async def take_over(
        self, code: str, to: str, source: str, capabilities: base.Capabilities
    ) -> base.Reply:
        """Go on in the conversation `to` with what a code stands for.

        Raises `UnknownId` for a code that is wrong or too old, `TooManyTries`."""

    def listens(self) -> list[str]:
        """Languages in which a spoken message is understood here."""

    def languages(self) -> list[dict[str, Any]]:
        """Languages offered: `code`, own `name`, optional `direction` and `audio`."""

    def ui(self, language: str) -> dict[str, Any]:
        """Words of the pages: `ui.…` → `text`, `vi`, `draft`, `audio`.

        Raises `UnknownId` for a language that isn't there."""

    def procedures(self, on: date) -> list[dict[str, Any]]:
        """Procedures that hold on the day: at least `id` and `title`."""

    def procedure(self, id: str, language: str, on: date) -> dict[str, Any]:
        """One procedure in words. Raises `UnknownId`, `NotCovered`."""


class Speaker(Protocol):
    """Finds or makes the sound of a known prompt."""

    async def audio(self, key: str, form: str, speed: str = "normal") -> Path:
        """File of a prompt; raises `AudioUnknown` or `EngineUnavailable` of `voices.errors`."""


@dataclass
class Parts:
    """Held by the application as `app.state.parts`; complete once it has started."""

    settings: Settings
    assistant: Assistant
    speaker: Speaker | None = None
    channels: Sequence[base.Channel] = field(default_factory=list)


def parts(connection: HTTPConnection) -> Parts:
    """The parts of the application that serves this request."""
    found: Parts = connection.app.state.parts
    return found
