"""A speaker whose every known prompt is the same short sound."""

from __future__ import annotations

from pathlib import Path

from voices.clip import Clip
from voices.encode import encode
from voices.errors import AudioUnknown, EngineUnavailable

RATE = 16000
SECONDS = 0.3


class FakeSpeaker:
    """Knows keys that begin with `fake-`; `personal` ones with `pfake-`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str, str]] = []
        self.silent = False

    async def audio(self, key: str, form: str, speed: str = "normal") -> Path:
        """A file with silence."""
        self.asked.append((key, form, speed))
        if not key.startswith(("fake-", "pfake-")):
            raise AudioUnknown(f"no prompt {key}")
        if self.silent:
            raise EngineUnavailable("no engine")
        path = self.folder / f"silence.{form}"
        if not path.exists():
            path.write_bytes(encode(Clip(b"\0\0" * int(RATE * SECONDS), RATE), form))
        return path
