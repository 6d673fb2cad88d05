"""Google Translate's voice through the gTTS package: online, no key, unofficial, throttled.

What the package does not do for us (gTTS 2.5.4):
- it waits for ever unless told a timeout;
- it does not verify TLS, so whoever sits between can read the text and answer anything: personal
  text is never given to an online engine, and the answer is decoded as MP3 and as nothing else;
- long text is several requests, and one may fail, or answer 200 with no sound and no error:
  the parts are counted and only a whole answer is used.
"""

from __future__ import annotations

import logging
from functools import cache

from voices.clip import Clip
from voices.encode import decode
from voices.engine import Engine, Speed
from voices.errors import AudioUnreadable, EngineUnavailable, NothingToSay

TIMEOUT = (3.0, 5.0)
"""Seconds to connect, seconds between two pieces of an answer."""


@cache
def _languages() -> frozenset[str]:
    try:
        from gtts.lang import tts_langs
    except ImportError:
        return frozenset()
    return frozenset(tts_langs())


class GttsEngine(Engine):
    """Speaks every language gTTS lists, `vi` and `km` among them."""

    name = "gtts"
    online = True
    preference = 20

    def languages(self) -> frozenset[str]:
        return _languages()

    def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
        tag = self.voice_for(language)
        if tag is None:
            raise EngineUnavailable(f"gtts: does not speak {language}")
        return _clip(self._parts(text, tag, slow=speed == "slow"))

    def _parts(self, text: str, tag: str, *, slow: bool) -> list[bytes]:
        from gtts import gTTS, gTTSError

        # Its debug lines print the text.
        logging.getLogger("gtts").setLevel(logging.INFO)
        try:
            request = gTTS(text, lang=tag, slow=slow, timeout=TIMEOUT)
            wanted = len(request.get_bodies())
        except AssertionError as error:
            raise NothingToSay("gtts: nothing to speak in the text") from error
        try:
            parts = list(request.stream())
        except (gTTSError, ValueError, OSError) as error:
            # A broken base64 or UTF-8 answer is a ValueError, a network fault an OSError.
            raise EngineUnavailable(f"gtts: {type(error).__name__}: {error}") from error
        if len(parts) != wanted or not all(parts):
            raise EngineUnavailable(f"gtts: {len(parts)} of {wanted} parts came")
        return parts


def _clip(parts: list[bytes]) -> Clip:
    """The parts one after the other; each is an MP3 stream of its own."""
    try:
        clips = [decode(part, container="mp3") for part in parts]
    except AudioUnreadable as error:
        raise EngineUnavailable(f"gtts: the answer is not MP3: {error}") from error
    if len({clip.rate for clip in clips}) != 1:
        raise EngineUnavailable("gtts: the parts differ in sample rate")
    clip = Clip(b"".join(clip.pcm for clip in clips), clips[0].rate)
    if not clip.pcm:
        raise EngineUnavailable("gtts: the answer holds no sound")
    return clip


engine = GttsEngine
