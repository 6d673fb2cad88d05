"""A speaker of silence: real sound files, no voice."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np


class SilentSpeaker:
    """Knows every key but `"b" * 64`; notes what was asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: list[tuple[str, str, str]] = []

    async def audio(self, key: str, format: str, speed: str = "normal") -> Path:
        self.asked.append((key, format, speed))
        if key == "b" * 64:
            raise LookupError("no such prompt")
        path = self._folder / f"{key}.{speed}.{format}"
        silence(path)
        return path


FORMS = {
    "ogg": ("ogg", "libopus", 48000),
    "aac": ("adts", "aac", 16000),
    "m4a": ("mp4", "aac", 16000),
}
"""Container, codec and samples a second by the end of a file's name."""


def silence(path: Path, seconds: float = 0.2) -> None:
    """Write silence in the form that the file's name says."""
    container_format, codec, rate = FORMS[path.suffix[1:]]
    with av.open(str(path), "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = "mono"
        samples = np.zeros((1, int(rate * seconds)), np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format, "mono", rate)
        for piece in resampler.resample(frame):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
