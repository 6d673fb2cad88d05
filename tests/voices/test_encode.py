from __future__ import annotations

import io
import os

import av
import pytest

from tests.voices.sounds import mp3, tone
from voices.clip import Clip
from voices.encode import FORMATS, LONGEST, decode, encode, stretch
from voices.engines.espeak_ng import EspeakNgEngine
from voices.errors import AudioUnreadable

CODECS = {"ogg": ("opus", 48000), "m4a": ("aac", 24000), "aac": ("aac", 16000)}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("seconds", [0.02, 1.0, 7.5])
def test_encoded_and_decoded_again(form: str, seconds: float) -> None:
    data = encode(tone(seconds), form)
    with av.open(io.BytesIO(data)) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.name, stream.rate) == CODECS[form]
        assert stream.codec_context.layout.nb_channels == 1
    again = decode(data)
    # AAC adds up to two frames of 1024 samples.
    assert again.duration == pytest.approx(seconds, abs=2 * 1024 / FORMATS[form].rate + 0.01)
    assert seconds < 1 or again.peak == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("form", FORMATS)
def test_a_spoken_sentence_stays_loud(form: str) -> None:
    clip = EspeakNgEngine().synthesise("Xin chào anh chị", "vi", "normal")
    assert decode(encode(clip, form)).peak > 0.2


def test_the_index_of_m4a_comes_first() -> None:
    data = encode(tone(), "m4a")
    assert 0 < data.find(b"moov") < data.find(b"mdat")


@pytest.mark.parametrize("rate", [8000, 22050, 44100])
def test_any_rate_is_taken(rate: int) -> None:
    assert decode(encode(tone(1, rate), "ogg")).duration == pytest.approx(1, abs=0.05)


def test_reads_mp3_and_wav() -> None:
    assert decode(mp3(tone(2))).duration == pytest.approx(2, abs=0.1)
    wav = io.BytesIO()
    with av.open(wav, "w", format="wav") as file:
        stream = file.add_stream("pcm_s16le", rate=16000, layout="stereo")
        frame = av.AudioFrame(format="s16", layout="stereo", samples=16000)
        frame.planes[0].update(bytes(64000))
        frame.sample_rate = 16000
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    clip = decode(wav.getvalue())
    assert (clip.rate, clip.duration) == (16000, 1.0)


BROKEN = {
    "empty": b"",
    "text": b"hello",
    "playlist": b"#EXTM3U\nfile:///etc/passwd\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "noise after OggS": b"OggS" + os.urandom(500),
    "noise after ftyp": b"\0\0\0\x18ftypM4A " + os.urandom(500),
    "half an m4a": encode(tone(), "m4a")[:300],
    "RIFF": b"RIFF\0\0\0\0WAVE",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_not_sound_is_refused(data: bytes) -> None:
    with pytest.raises(AudioUnreadable):
        decode(data)


def test_too_long_is_refused() -> None:
    with pytest.raises(AudioUnreadable, match="longer than"):
        decode(encode(Clip(bytes(int(LONGEST + 60) * 2 * 8000), 8000), "aac"))


def test_nothing_and_unknown_formats_are_refused() -> None:
    with pytest.raises(AudioUnreadable, match="empty"):
        encode(Clip(b"", 8000), "ogg")
    with pytest.raises(AudioUnreadable, match="ogg, m4a, aac"):
        encode(tone(), "mp4")


def test_stretched_is_longer_and_as_loud() -> None:
    slow = stretch(tone(2), 0.8)
    assert slow.duration == pytest.approx(2.5, abs=0.1)
    assert slow.peak == pytest.approx(0.5, abs=0.1)
    with pytest.raises(AudioUnreadable):
        stretch(tone(1), 0)


def test_a_clip_is_whole_samples() -> None:
    with pytest.raises(ValueError, match="odd"):
        Clip(b"123", 8000)
    with pytest.raises(ValueError, match="rate"):
        Clip(b"12", 0)
