"""The contract of an engine, run over every engine there is a file for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.voices.google import Google
from voices.clip import Clip
from voices.engine import SPEEDS, Engine, fallbacks, find_engines, speaking_engines
from voices.errors import EngineUnavailable, NothingToSay

GREETING = "Xin chào. Anh chị cần làm giấy khai sinh cho con phải không?"
ENGINES = find_engines()


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest, google: Google) -> Engine:
    found: Engine = request.param
    return found


def test_the_engines_that_ship_are_found() -> None:
    assert [engine.name for engine in ENGINES] == ["gtts", "espeak_ng", "fake"]


def test_the_name_is_that_of_the_file(engine: Engine) -> None:
    assert type(engine).__module__ == f"voices.engines.{engine.name}"


def test_speaks_vietnamese(engine: Engine) -> None:
    clip = engine.synthesise(GREETING, "vi", "normal")
    assert isinstance(clip, Clip)
    assert 0.5 < clip.duration < 20
    assert engine.pretend or clip.peak > 0.1


def test_takes_both_speeds(engine: Engine) -> None:
    normal, slow = (engine.synthesise(GREETING, "vi", speed).duration for speed in SPEEDS)
    assert slow >= normal


def test_a_variety_is_spoken_by_its_language(engine: Engine) -> None:
    assert engine.voice_for("vi-x-gialai") == "vi"
    assert engine.synthesise("chào", "vi-x-gialai", "normal").duration > 0


@pytest.mark.parametrize("language", ["bdq", "bdq-x-gialai", "jra", "xx", "", "VI_../.."])
def test_never_speaks_a_language_it_does_not_list(engine: Engine, language: str) -> None:
    assert engine.voice_for(language) is None
    with pytest.raises(EngineUnavailable):
        engine.synthesise("Hlơi", language, "normal")


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
def test_text_without_a_word(engine: Engine, text: str) -> None:
    with pytest.raises(NothingToSay):
        engine.synthesise(text, "vi", "normal")


@pytest.mark.parametrize("text", ["a\0b", "\ud800 lẻ", "chào " * 400, "[[h@l'oU]] <speak>"])
def test_odd_text_is_spoken_or_refused(engine: Engine, text: str) -> None:
    with suppress(EngineUnavailable, NothingToSay):
        assert engine.synthesise(text, "vi", "normal").duration > 0


def test_several_threads_at_once(engine: Engine) -> None:
    start = threading.Barrier(4)

    def speak(text: str) -> float:
        start.wait(5)
        return engine.synthesise(text, "vi", "normal").duration

    texts = ["một", "hai ba bốn", GREETING, f"{GREETING} {GREETING}"]
    alone = [engine.synthesise(text, "vi", "normal").duration for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(speak, texts)) == pytest.approx(alone, abs=0.1)


def test_fakes_never_speak_to_people() -> None:
    assert [engine.name for engine in speaking_engines()] == ["gtts", "espeak_ng"]
    assert [engine.name for engine in speaking_engines(online=False)] == ["espeak_ng"]


def test_fallbacks() -> None:
    assert fallbacks("bdq-x-gialai") == ("bdq-x-gialai", "bdq")
    assert fallbacks("vi") == ("vi",)


def test_espeak_says_different_things_differently() -> None:
    espeak = next(engine for engine in ENGINES if engine.name == "espeak_ng")
    short, long = (espeak.synthesise(text, "vi", "normal") for text in ("mẹ", "cha và con"))
    assert long.duration > short.duration
