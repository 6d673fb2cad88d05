"""A person with a messenger: what they sent and what they see."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar


@dataclass
class Message:
    """A message a person got. `buttons` are labels; `file` is a sound, or `link` its address."""

    text: str
    kind: str = "text"
    file: bytes = field(default=b"", repr=False)
    link: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)

    @property
    def labels(self) -> list[str]:
        return []


M = TypeVar("M", bound=Message)


class Person(ABC, Generic[M]):
    """What is alike for every messenger. `settle` waits until the bot has nothing left to do."""

    def __init__(self, settle: Callable[[], None]) -> None:
        self._settle = settle
        self._seen = 0
        self.inbox: list[M] = []
        self.said: list[tuple[float, str]] = []

    @abstractmethod
    def sends(self, text: str) -> Any:
        """Send text; returns the event."""

    @abstractmethod
    def speaks(self, sound: bytes, end: str = "aac") -> Any:
        """Send a spoken message; `end` of the file's name. Returns the event."""

    def taps(self, label: str) -> Any:
        """Tap the newest button whose label is or contains `label`."""
        raise AssertionError("this messenger has no buttons")

    def notes(self, text: str) -> None:
        """Remember what the person did, for the transcript."""
        self.said.append((time.monotonic(), text))

    def gets(self, count: int = 1, seconds: float = 30) -> list[M]:
        """Wait for the next `count` messages and return them; fails when they don't come."""
        deadline = time.monotonic() + seconds
        while len(self.inbox) < self._seen + count:
            assert time.monotonic() < deadline, f"{count} awaited, got {self.inbox[self._seen :]}"
            time.sleep(0.005)
        found = self.inbox[self._seen : self._seen + count]
        self._seen += count
        return found

    @property
    def read(self) -> int:
        """How many messages were read by `gets`."""
        return self._seen

    def gets_nothing(self) -> None:
        """Fails when another message comes before the bot has nothing left to do."""
        self._settle()
        assert not self.inbox[self._seen :], self.inbox[self._seen :]

    def transcript(self) -> list[dict[str, Any]]:
        """What was said on both sides, in order."""
        said = [(at, {"who": "person", "text": text}) for at, text in self.said]
        got = [
            (
                message.at,
                {
                    "who": "bot",
                    "text": message.text,
                    "buttons": message.labels,
                    "sound": message.link or (index if message.file else None),
                },
            )
            for index, message in enumerate(self.inbox)
        ]
        return [line for _, line in sorted([*said, *got], key=lambda found: found[0])]
