"""The contract of a recogniser, run over every one there is a file for."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.voices.ears import SAID, Ears, heard
from tests.voices.sounds import tone
from voices.clip import Clip
from voices.errors import NothingHeard, RecogniserUnavailable
from voices.recogniser import RATE, Heard, Recogniser, find_recognisers, listening_recognisers

NAMES = ["vosk", "faster_whisper", "google", "fake"]
SPEECH = tone(2.0, RATE)
SILENT = Clip(bytes(RATE * 2), RATE)


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ears:
    return Ears(monkeypatch, tmp_path)


@pytest.fixture(params=NAMES)
def recogniser(request: pytest.FixtureRequest, ears: Ears) -> Recogniser:
    return next(one for one in find_recognisers(ears.models) if one.name == request.param)


def named(name: str, models: Path | None = None) -> Recogniser:
    return next(one for one in find_recognisers(models) if one.name == name)


def test_every_recogniser_is_under_contract() -> None:
    assert [one.name for one in find_recognisers()] == NAMES


def test_the_name_is_that_of_the_file(recogniser: Recogniser) -> None:
    assert type(recogniser).__module__ == f"voices.recognisers.{recogniser.name}"


def test_hears_vietnamese(recogniser: Recogniser) -> None:
    found = recogniser.recognise(SPEECH, "vi", ())
    assert found.text == SAID
    assert found.confidence is None or 0 < found.confidence <= 1


def test_a_variety_is_heard_by_its_language(recogniser: Recogniser) -> None:
    assert recogniser.ear_for("vi-x-gialai") == "vi"
    assert recogniser.recognise(SPEECH, "vi-x-gialai", ()).text == SAID


@pytest.mark.parametrize("language", ["bdq", "bdq-x-gialai", "jra", "", "VI_../.."])
def test_never_hears_a_language_it_does_not_list(recogniser: Recogniser, language: str) -> None:
    assert recogniser.ear_for(language) is None
    with pytest.raises(RecogniserUnavailable):
        recogniser.recognise(SPEECH, language, ())


@pytest.mark.parametrize("clip", [SILENT, Clip(b"", RATE)], ids=["silence", "empty"])
def test_no_speech(recogniser: Recogniser, clip: Clip) -> None:
    with pytest.raises(NothingHeard):
        recogniser.recognise(clip, "vi", ("có", "không"))


def test_likely_answers_are_no_hindrance(recogniser: Recogniser) -> None:
    assert recogniser.recognise(SPEECH, "vi", ("Ở nhà", "Bệnh viện")).text == SAID


def test_several_threads_at_once(recogniser: Recogniser, ears: Ears) -> None:
    start = threading.Barrier(4)

    def listen(_: int) -> str:
        start.wait(5)
        return recogniser.recognise(SPEECH, "vi", ()).text

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(listen, range(4))) == [SAID] * 4
    assert len(ears.loaded) == len(set(ears.loaded)), "a model is read once"


def test_without_packages_or_models_only_the_online_one_listens() -> None:
    heard_by = {one.name: one.languages() for one in listening_recognisers()}
    assert heard_by["google"] == {"vi", "en", "km"}
    assert not heard_by["vosk"] | heard_by["faster_whisper"]


def test_without_its_package_google_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from voices.recognisers import google

    monkeypatch.setattr(google, "_package", lambda: None)
    assert named("google").languages() == frozenset()
    with pytest.raises(RecogniserUnavailable):
        named("google").recognise(SPEECH, "vi", ())


def test_offline_only_and_fakes() -> None:
    assert [one.name for one in listening_recognisers()] == ["vosk", "faster_whisper", "google"]
    offline = listening_recognisers(online=False)
    assert [one.name for one in offline] == ["vosk", "faster_whisper"]


def test_google_is_asked_by_tls_in_time_in_vietnamese(ears: Ears) -> None:
    named("google").recognise(SPEECH, "vi", ())
    asked = ears.google.asked[0]
    assert (asked["scheme"], asked["lang"], asked["rate"]) == ("https", "vi-VN", RATE)
    assert 0 < asked["timeout"] < 10


def test_of_googles_alternatives_a_likely_answer_is_taken(ears: Ears) -> None:
    ears.google.answer = heard(("ở nhã", 0.8), ("ở nhà", None))
    assert named("google").recognise(SPEECH, "vi", ["Ở nhà"]) == Heard("ở nhà")
    assert named("google").recognise(SPEECH, "vi", []) == Heard("ở nhã", 0.8)


@pytest.mark.parametrize(
    "answer",
    [403, 500, TimeoutError(), ConnectionResetError(), b"", b"<html>", b'{"other": 1}',
     b'{"result": 3}', b'{"result":[{"alternative":[{}]}]}', b"\xff\xfe"],
    ids=repr,
)  # fmt: skip
def test_whatever_google_answers(ears: Ears, answer: bytes | int | Exception) -> None:
    ears.google.answer = answer
    with pytest.raises((RecogniserUnavailable, NothingHeard)) as raised:
        named("google").recognise(SPEECH, "vi", [])
    assert answer == b"" or raised.type is RecogniserUnavailable


def test_vosk_hears_a_likely_answer_first(ears: Ears) -> None:
    vosk = named("vosk", ears.models)
    assert vosk.recognise(SPEECH, "vi", [SAID.title(), "Ở nhà", "Ở nhà"]) == Heard(SAID, 0.75)
    assert ears.grammars == [f'["{SAID}", "ở nhà", "[unk]"]']


def test_a_broken_model_is_told(ears: Ears) -> None:
    (ears.models / "vosk" / "vi" / "am").rmdir()
    with pytest.raises(RecogniserUnavailable):
        named("vosk", ears.models).recognise(SPEECH, "vi", [])


def test_nothing_heavy_is_imported_by_looking() -> None:
    sys.modules.pop("vosk", None)
    find_recognisers()
    assert "vosk" not in sys.modules
    assert "faster_whisper" not in sys.modules
