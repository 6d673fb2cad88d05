"""An engine that does as a test tells it, and a prompt that is registered."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.voices.sounds import tone
from voices.clip import Clip
from voices.engine import Engine, Speed
from voices.library import Library

Make = Callable[..., Library]
HELLO = ("vi", "bot.hello", "Xin chào anh chị")


class Scripted(Engine):
    """Counts what it is asked; fails as told."""

    def __init__(
        self,
        name: str = "scripted",
        *,
        online: bool = False,
        preference: int = 1,
        error: BaseException | None = None,
        wait: float = 0.0,
    ) -> None:
        self.name, self.online, self.preference = name, online, preference  # type: ignore[misc]
        self.error, self.wait = error, wait
        self.asked: list[tuple[str, str, str]] = []

    def languages(self) -> frozenset[str]:
        return frozenset({"vi", "en"})

    def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
        self.asked.append((text, language, speed))
        time.sleep(self.wait)
        if self.error:
            raise self.error
        return tone(0.3)


def registered(library: Library, *prompt: str, personal: bool = False) -> str:
    key = library.register(*(prompt or HELLO), personal=personal)
    assert key is not None
    return key
