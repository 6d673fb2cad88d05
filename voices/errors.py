"""The errors of `voices`.

VoiceError
├── EngineUnavailable   an engine, or every engine that speaks the language, can't speak now
├── NothingToSay        no letter or digit is left in the text to speak
├── AudioUnknown        no prompt has this key, or the format or speed does not exist
├── AudioUnreadable     bytes that can't be decoded, or a clip that can't be encoded
│   └── AudioTooLong    more seconds than are taken
├── RecogniserUnavailable  a recogniser, or every one of the language, can't listen now
├── NothingHeard        no speech in the clip
└── PacksBroken         one or many problems in `voices/packs`, each with path and line

No message holds the text that was to be spoken, or that was heard.
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


class AudioTooLong(AudioUnreadable):
    """More seconds of sound than are taken; it was not decoded to its end."""


class RecogniserUnavailable(VoiceError):
    """Speech can't be understood now; people type or tap instead."""


class NothingHeard(VoiceError):
    """There is no speech in the clip."""


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
