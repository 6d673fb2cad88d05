"""The espeak-ng formant voice, offline: library and data come in the espeakng-loader wheel.

espeak-ng is GPL-3; it is loaded at run time and none of it is in this repository. Constants and
structures are those of its public header `speak_lib.h`.
"""

from __future__ import annotations

import ctypes
from functools import cache
from threading import Lock

from voices.clip import SAMPLE_BYTES, Clip
from voices.engine import Engine, Speed
from voices.errors import EngineUnavailable, NothingToSay

SYNCHRONOUS = 2
DONT_EXIT = 0x8000
UTF8 = 1
BY_CHARACTER = 1
RATE_PARAMETER = 1
WORD_GAP_PARAMETER = 7
WORDS_PER_MINUTE = {"normal": 150, "slow": 110}
WORD_GAP = {"normal": 0, "slow": 1}
"""Pause between words, in units of 10 ms at the default rate."""

# The C library keeps one voice and one callback for the whole process.
_lock = Lock()


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class _Espeak:
    """The loaded library; its methods are called with `_lock` held."""

    def __init__(self) -> None:
        import espeakng_loader

        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.rate = int(self._lib.espeak_Initialize(SYNCHRONOUS, 0, data, DONT_EXIT))
        if self.rate <= 0:
            raise EngineUnavailable("espeak_ng: the library did not start")
        self._pcm = bytearray()
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        # Kept, for the C side holds only a pointer to it.
        self._callback = kind(self._collect)
        self._lib.espeak_SetSynthCallback(self._callback)
        self._lib.espeak_Synth.argtypes = (
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.c_void_p,
            ctypes.c_void_p,
        )
        self._lib.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))

    def _collect(self, samples: object, count: int, events: object) -> int:
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * SAMPLE_BYTES)  # type: ignore[arg-type]
        return 0

    def languages(self) -> frozenset[str]:
        """Every tag of every voice; a voice lists them as (priority byte, text, NUL)…, NUL."""
        tags = set()
        voices = self._lib.espeak_ListVoices(None)
        index = 0
        while voices[index]:
            address = voices[index].contents.languages
            while ctypes.string_at(address, 1) != b"\0":
                tag = ctypes.string_at(address + 1)
                tags.add(tag.decode("utf-8", "replace"))
                address += len(tag) + 2
            index += 1
        return frozenset(tags)

    def speak(self, text: str, tag: str, speed: Speed) -> bytes:
        if self._lib.espeak_SetVoiceByName(tag.encode()) != 0:
            raise EngineUnavailable(f"espeak_ng: has no voice {tag}")
        self._lib.espeak_SetParameter(RATE_PARAMETER, WORDS_PER_MINUTE[speed], 0)
        self._lib.espeak_SetParameter(WORD_GAP_PARAMETER, WORD_GAP[speed], 0)
        self._pcm.clear()
        data = text.replace("\0", " ").encode("utf-8", "ignore")
        status = self._lib.espeak_Synth(data, len(data) + 1, 0, BY_CHARACTER, 0, UTF8, None, None)
        if status != 0:
            raise EngineUnavailable(f"espeak_ng: synthesis failed with status {status}")
        return bytes(self._pcm)


@cache
def _espeak() -> _Espeak:
    try:
        return _Espeak()
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise EngineUnavailable(f"espeak_ng: {type(error).__name__}: {error}") from error


@cache
def _languages() -> frozenset[str]:
    with _lock:
        return _espeak().languages()


class EspeakNgEngine(Engine):
    """Clear but mechanical; answers in milliseconds and needs no network."""

    name = "espeak_ng"
    preference = 30

    def languages(self) -> frozenset[str]:
        try:
            return _languages()
        except EngineUnavailable:
            return frozenset()

    def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
        tag = self.voice_for(language)
        if tag is None:
            raise EngineUnavailable(f"espeak_ng: does not speak {language}")
        if not any(character.isalnum() for character in text):
            raise NothingToSay("espeak_ng: no letter or digit in the text")
        with _lock:
            espeak = _espeak()
            pcm = espeak.speak(text, tag, speed)
        if not pcm:
            raise EngineUnavailable("espeak_ng: no sound came")
        return Clip(pcm, espeak.rate)


engine = EspeakNgEngine
