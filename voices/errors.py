"""The errors of `voices`.

VoiceError
├── EngineUnavailable   an engine, or every engine that speaks the language, can't speak now
├── NothingToSay        no letter or digit is left in the text to speak
├── AudioUnknown        no prompt has this key, or the format or speed does not exist
├── AudioUnreadable     bytes that can't be decoded, or a clip that can't be encoded
└── PacksBroken         one or many problems in `voices/packs`, each with path and line

No message holds the text that was to be spoken.
"""

from __future__ import annotations

from dataclasses import dataclass


class VoiceError(Exception):
    """Base of every error that `voices` raises on purpose."""


class EngineUnavailable(VoiceError):
    """Speech could not be made now; the text goes out alone."""


class NothingToSay(VoiceError):
    """The text holds nothing that can be spoken."""


class AudioUnknown(VoiceError):
    """No prompt was registered under this key, or the format or speed does not exist."""


class AudioUnreadable(VoiceError):
    """Bytes that are not audio we read, or a clip no encoder takes."""


@dataclass(frozen=True, order=True)
class PackProblem:
    """One thing wrong in one place of one file of a pack."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class PacksBroken(VoiceError):
    """All problems of all packs, at once, in the order of path and line."""

    def __init__(self, problems: list[PackProblem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))
