"""Sound files in and out, through PyAV."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
from av.audio.stream import AudioStream
from av.filter import Graph

from voices.clip import SAMPLE_BYTES, Clip
from voices.errors import AudioTooLong, AudioUnreadable

LONGEST = 600.0
"""Seconds of sound that are decoded; anything longer is refused."""
DECODERS = "opus,vorbis,aac,mp3,mp3float,flac,pcm_s16le,pcm_s24le,pcm_u8,pcm_f32le"
"""Decoders that may be used at all. FFmpeg tries every stream of a file to learn what it is, and
a small picture stream can be made to need gigabytes."""


@dataclass(frozen=True)
class Format:
    """A kind of file that is made."""

    mime: str
    container: str
    codec: str
    rate: int
    """Samples a second."""
    bits: int
    """Bits a second, about."""


FORMATS = {
    "ogg": Format("audio/ogg", "ogg", "libopus", 48000, 24000),
    "m4a": Format("audio/mp4", "mp4", "aac", 24000, 48000),
    "aac": Format("audio/aac", "adts", "aac", 16000, 64000),
}
"""Telegram and browsers; browsers without Opus; Zalo Bot's own kind of voice file."""


def encode(clip: Clip, name: str) -> bytes:
    """The clip as a file of format `name`, a key of `FORMATS`. Raises `AudioUnreadable`."""
    form = FORMATS.get(name)
    if form is None:
        raise AudioUnreadable(f"{name!r} is not a format; there are {', '.join(FORMATS)}")
    return _write(clip, name, form)


def flac(clip: Clip) -> bytes:
    """The clip as FLAC, without loss, at its own rate. Raises `AudioUnreadable`."""
    return _write(clip, "flac", Format("audio/flac", "flac", "flac", clip.rate, 0))


def _write(clip: Clip, name: str, form: Format) -> bytes:
    if not clip.pcm:
        raise AudioUnreadable("an empty clip makes no file")
    # A file of its own, because the MP4 index is moved to the front by reading the file again.
    with TemporaryDirectory(prefix="voice-") as folder:
        path = Path(folder) / f"clip.{name}"
        # Bit-exact, so that the same sound is the same file and nothing random goes into it.
        options = {"fflags": "+bitexact"}
        if form.container == "mp4":
            options["movflags"] = "+faststart"
        try:
            with av.open(str(path), "w", format=form.container, options=options) as file:
                stream = file.add_stream(form.codec, rate=form.rate, layout="mono")
                if not isinstance(stream, AudioStream):
                    raise AudioUnreadable(f"{form.codec} is not an audio codec")
                if form.bits:
                    stream.bit_rate = form.bits
                resampler = av.AudioResampler(
                    format=stream.codec_context.format, layout="mono", rate=form.rate
                )
                for frame in (*resampler.resample(_frame(clip)), *resampler.resample(None)):
                    file.mux(stream.encode(frame))
                file.mux(stream.encode(None))
        except (av.FFmpegError, ValueError) as error:
            raise AudioUnreadable(f"{name}: {type(error).__name__}: {error}") from error
        return path.read_bytes()


def decode(
    data: bytes,
    *,
    container: str | None = None,
    longest: float = LONGEST,
    rate: int | None = None,
) -> Clip:
    """MP3, Ogg, AAC, MP4, WebM, FLAC or WAV bytes as a mono clip, at their own rate unless
    another is asked for.

    `container` names the only kind accepted; otherwise the first bytes tell. FFmpeg is never
    left to guess, because some kinds it knows (playlists) open other files. Raises
    `AudioUnreadable`; `AudioTooLong` as soon as `longest` seconds have been decoded."""
    container = container or _container(data)
    pcm = bytearray()
    options = {"codec_whitelist": DECODERS}
    try:
        with av.open(io.BytesIO(data), "r", format=container, options=options) as file:
            if not file.streams.audio:
                raise AudioUnreadable(f"the {container} file has no sound")
            stream = file.streams.audio[0]
            # The option holds while the file is looked at; the decoder itself is chosen after.
            if stream.codec_context.name not in DECODERS.split(","):
                raise AudioUnreadable(f"the {container} file has sound of a kind that is not read")
            rate = rate or stream.rate
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
            for frame in file.decode(stream):
                for piece in resampler.resample(frame):
                    pcm += _bytes(piece)
                if len(pcm) > longest * rate * SAMPLE_BYTES:
                    raise AudioTooLong(f"longer than {longest:.0f} seconds")
            for piece in resampler.resample(None):
                pcm += _bytes(piece)
    except (av.FFmpegError, ValueError) as error:
        raise AudioUnreadable(f"{container}: {type(error).__name__}: {error}") from error
    return Clip(bytes(pcm), rate)


def stretch(clip: Clip, tempo: float) -> Clip:
    """The clip at another tempo (0.8 is slower) and the same pitch. Raises `AudioUnreadable`."""
    try:
        graph = Graph()
        frame = _frame(clip)
        source = graph.add_abuffer(
            format="s16", sample_rate=clip.rate, layout="mono", time_base=frame.time_base
        )
        graph.link_nodes(
            source, graph.add("atempo", str(tempo)), graph.add("abuffersink")
        ).configure()
        graph.push(frame)
        graph.push(None)
        return Clip(b"".join(_pulled(graph)), clip.rate)
    except (av.FFmpegError, ValueError) as error:
        raise AudioUnreadable(f"tempo {tempo}: {type(error).__name__}: {error}") from error


def _pulled(graph: Graph) -> Iterator[bytes]:
    while True:
        try:
            frame = graph.pull()
        except (av.EOFError, av.BlockingIOError):
            return
        if isinstance(frame, av.AudioFrame):
            yield _bytes(frame)


def _container(data: bytes) -> str:
    """What the first bytes say the file is."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp":
        return "mp4"
    starts = {b"OggS": "ogg", b"fLaC": "flac", b"ID3": "mp3", b"\x1aE\xdf\xa3": "matroska"}
    for start, name in starts.items():
        if data.startswith(start):
            return name
    # Both begin a frame with set bits; ADTS has zeros where MP3 tells its layer.
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return "aac" if data[1] & 0xF6 == 0xF0 else "mp3"
    raise AudioUnreadable("not a kind of sound file that is read")


def _frame(clip: Clip) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(clip.pcm) // SAMPLE_BYTES)
    frame.planes[0].update(clip.pcm)
    frame.sample_rate = clip.rate
    frame.time_base = Fraction(1, clip.rate)
    frame.pts = 0
    return frame


def _bytes(frame: av.AudioFrame) -> bytes:
    """The samples of a mono 16-bit frame, without the padding of its buffer."""
    size = frame.samples * SAMPLE_BYTES
    return bytes(frame.planes[0])[:size]
