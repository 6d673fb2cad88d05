"""Sound as this package passes it around."""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass

SAMPLE_BYTES = 2


@dataclass(frozen=True)
class Clip:
    """Mono sound: signed 16-bit little-endian samples, `rate` of them a second."""

    pcm: bytes
    rate: int

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError(f"a clip's sample rate is above 0 Hz, found {self.rate}")
        if len(self.pcm) % SAMPLE_BYTES:
            raise ValueError("a clip holds whole 16-bit samples, found an odd number of bytes")

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.pcm) / SAMPLE_BYTES / self.rate

    @property
    def peak(self) -> float:
        """Loudest sample, 0 (silence) to 1."""
        samples = array("h", self.pcm)
        if sys.byteorder == "big":
            samples.byteswap()
        return max((abs(sample) for sample in samples), default=0) / 32768
