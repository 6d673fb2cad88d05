"""Sounds for tests."""

from __future__ import annotations

import io
import math
from array import array

import av

from voices.clip import Clip


def tone(seconds: float = 1.0, rate: int = 24000, loud: float = 0.5) -> Clip:
    """A 300 Hz tone that swells during its first 50 ms."""
    wave = (
        math.sin(2 * math.pi * 300 * n / rate) * min(1.0, n / rate / 0.05)
        for n in range(round(seconds * rate))
    )
    return Clip(array("h", (round(loud * 32767 * x) for x in wave)).tobytes(), rate)


def mp3(clip: Clip) -> bytes:
    """The clip as an MP3 file."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as file:
        stream = file.add_stream("libmp3lame", rate=clip.rate, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(clip.pcm) // 2)
        frame.planes[0].update(clip.pcm)
        frame.sample_rate = clip.rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=clip.rate
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return out.getvalue()
