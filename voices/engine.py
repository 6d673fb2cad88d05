"""The seam between a speech engine and the rest: one file of `voices/engines` is one engine."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from voices.clip import Clip

Speed = Literal["normal", "slow"]
SPEEDS: tuple[Speed, ...] = ("normal", "slow")


class Engine(ABC):
    """Turns text into sound. A module of `voices.engines` holds one as `engine` (the class).

    Heavy imports belong inside the methods; creating an engine opens nothing."""

    name: ClassVar[str]
    """The module's name; letters, digits and underscores."""
    online: ClassVar[bool] = False
    """True when the text leaves the machine; such an engine never gets personal text."""
    preference: ClassVar[int] = 50
    """Lower is asked first: 10 a local neural voice, 20 an online one, 30 a formant one."""
    pretend: ClassVar[bool] = False
    """True for a fake, which is never chosen to speak to people."""

    @abstractmethod
    def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
        """Speak `text`, blocking until done; called from several threads at once.

        Raises `NothingToSay` for text without a word, `EngineUnavailable` for anything else
        that keeps it from speaking (network, quota, missing library, language)."""

    def languages(self) -> frozenset[str]:
        """Language tags it speaks here; empty when its library is not installed."""
        return frozenset()

    def voice_for(self, language: str) -> str | None:
        """The tag it speaks `language` with: itself, or the language of a regional variety."""
        spoken = self.languages()
        return next((tag for tag in fallbacks(language) if tag in spoken), None)


def fallbacks(language: str) -> tuple[str, ...]:
    """`bdq-x-gialai` → `("bdq-x-gialai", "bdq")`."""
    base = language.split("-", 1)[0]
    return (language,) if base == language else (language, base)


def find_engines() -> list[Engine]:
    """One of each engine there is a file for, fakes too, best first."""
    package = importlib.import_module("voices.engines")
    found: list[Engine] = [
        importlib.import_module(f"voices.engines.{module.name}").engine()
        for module in pkgutil.iter_modules(package.__path__)
    ]
    return sorted(found, key=lambda engine: (engine.preference, engine.name))


def speaking_engines(*, online: bool = True) -> list[Engine]:
    """The engines that speak to people, best first; without the online ones if so asked."""
    return [e for e in find_engines() if not e.pretend and (online or not e.online)]
