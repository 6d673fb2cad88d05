"""The seam between speech recognition and the rest: one file of `voices/recognisers` is one
recogniser."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from voices.clip import Clip
from voices.engine import fallbacks

RATE = 16000
"""Samples a second that every recogniser takes."""


@dataclass(frozen=True)
class Heard:
    """What was understood. `confidence` is 0 to 1, None where the recogniser tells none."""

    text: str
    confidence: float | None = None


class Recogniser(ABC):
    """Turns speech into text. A module of `voices.recognisers` holds one as `recogniser` (the
    class).

    Heavy imports belong inside the methods; creating a recogniser opens nothing. `models` is the
    folder where models were put, `<models>/<name>/…`; None where there is none."""

    name: ClassVar[str]
    """The module's name; letters, digits and underscores."""
    online: ClassVar[bool] = False
    """True when the sound leaves the machine; people are asked before it does."""
    preference: ClassVar[int] = 50
    """Lower is asked first: 10 a model of one language, 15 one of many, 20 an online service."""
    pretend: ClassVar[bool] = False
    """True for a fake, which never listens to people."""

    def __init__(self, models: Path | None = None) -> None:
        self.models = models / self.name if models else None

    @abstractmethod
    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        """Understand a clip of `RATE`, blocking until done; called from several threads at once.

        `hints` are answers that are likely, in that language. Raises `NothingHeard` when there is
        no speech in it, `RecogniserUnavailable` for anything else that keeps it from listening
        (network, quota, missing library or model, language)."""

    def languages(self) -> frozenset[str]:
        """Language tags it understands here; empty when its library or model is missing."""
        return frozenset()

    def ear_for(self, language: str) -> str | None:
        """The tag it hears `language` with: itself, or the language of a regional variety."""
        heard = self.languages()
        return next((tag for tag in fallbacks(language) if tag in heard), None)


def find_recognisers(models: Path | None = None) -> list[Recogniser]:
    """One of each recogniser there is a file for, fakes too, best first."""
    package = importlib.import_module("voices.recognisers")
    found: list[Recogniser] = [
        importlib.import_module(f"voices.recognisers.{module.name}").recogniser(models)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    return sorted(found, key=lambda one: (one.preference, one.name))


def listening_recognisers(models: Path | None = None, *, online: bool = True) -> list[Recogniser]:
    """Those that listen to people, best first; without the online ones if so asked."""
    return [r for r in find_recognisers(models) if not r.pretend and (online or not r.online)]
