"""A speaker of silence: real OGG Opus, no voice."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np


class SilentSpeaker:
    """Knows every key but `"b" * 64`; notes what was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: list[tuple[str, str, str]] = []

    async def audio(self, key: str, format: str, *, speed: str = "normal") -> Path:
        self.asked.append((key, format, speed))
        if key == "b" * 64:
            raise LookupError("no such prompt")
        path = self._folder / f"{key}.{speed}.{format}"
        silence(path)
        return path


def silence(path: Path, seconds: float = 0.2) -> None:
    """Write silence as OGG Opus."""
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48000)
        samples = np.zeros((1, int(48000 * seconds)), np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 48000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
