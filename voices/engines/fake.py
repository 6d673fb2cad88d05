"""Silence as long as the text would take: for tests, and for running without a voice."""

from __future__ import annotations

from voices.clip import SAMPLE_BYTES, Clip
from voices.engine import Engine, Speed
from voices.errors import EngineUnavailable, NothingToSay

RATE = 16000
SECONDS_PER_CHARACTER = {"normal": 0.06, "slow": 0.09}


class FakeEngine(Engine):
    """Deterministic: 60 ms a character, 90 ms when slow."""

    name = "fake"
    preference = 99
    pretend = True

    def languages(self) -> frozenset[str]:
        return frozenset({"vi", "en", "km"})

    def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
        if self.voice_for(language) is None:
            raise EngineUnavailable(f"fake: does not speak {language}")
        if not any(character.isalnum() for character in text):
            raise NothingToSay("fake: no letter or digit in the text")
        samples = round(len(text) * SECONDS_PER_CHARACTER[speed] * RATE)
        return Clip(bytes(samples * SAMPLE_BYTES), RATE)


engine = FakeEngine
