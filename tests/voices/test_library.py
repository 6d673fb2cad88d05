from __future__ import annotations

import asyncio
import logging
import threading
import time
from pathlib import Path

import pytest

from tests.voices.scripted import HELLO, Make, Scripted, registered
from tests.voices.sounds import tone
from voices.clip import Clip
from voices.encode import FORMATS, decode
from voices.engines.fake import FakeEngine
from voices.errors import AudioUnknown, EngineUnavailable, NothingToSay
from voices.library import LONGEST_TEXT
from voices.packs import load_packs
from voices.store import PROMPT, voice_of

# -- registering ----------------------------------------------------------------------------------


def test_the_same_prompt_has_the_same_key_in_every_process(library: Make) -> None:
    assert registered(library(FakeEngine())) == registered(library(FakeEngine()))


@pytest.mark.parametrize(
    "other", [("en", *HELLO[1:]), ("vi", "bot.bye", HELLO[2]), (*HELLO[:2], "Xin chào")]
)
def test_another_prompt_has_another_key(library: Make, other: tuple[str, str, str]) -> None:
    one = library(FakeEngine())
    assert registered(one) != registered(one, *other)


def test_another_voice_has_another_key(library: Make) -> None:
    assert registered(library(FakeEngine())) != registered(library(Scripted(), FakeEngine()))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bdq", "Hlơi"),
        ("jra", "Pơ"),
        ("bdq-x-gialai", "Hlơi"),
        ("xx", "a"),
        ("vi", "👍🏽"),
        ("vi", ""),
        ("vi", "a" * (LONGEST_TEXT + 1)),
    ],
)
def test_what_nothing_can_speak_has_no_key(library: Make, language: str, text: str) -> None:
    assert library(FakeEngine(), Scripted()).register(language, "bot.hello", text) is None


def test_no_cache_means_no_sound_but_no_error(
    tmp_path: Path, library: Make, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "audio").write_text("a file where the folder should be")
    assert library(FakeEngine()).register(*HELLO) is None
    assert "audio cache" in caplog.text


# -- listening ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
async def test_rendered_once_then_from_the_cache(library: Make, form: str) -> None:
    engine = Scripted()
    one = library(engine)
    key = registered(one)
    path = await one.audio(key, form)
    assert path.suffix == f".{form}"
    assert decode(path.read_bytes()).duration == pytest.approx(0.3, abs=0.15)
    assert await one.audio(key, form) == path
    assert await library(engine).audio(key, form) == path, "another process finds it"
    assert len(engine.asked) == 1


async def test_speaks_what_people_say(library: Make) -> None:
    engine = Scripted()
    one = library(engine, packs=load_packs())
    await one.audio(registered(one, "vi", "x.y", "Mở <b>VNeID</b> 📱"), "ogg", "slow")
    assert engine.asked == [("Mở vi en i ai đi", "vi", "slow")]


async def test_many_listeners_one_rendering(library: Make) -> None:
    engine = Scripted(wait=0.05)
    one = library(engine)
    key = registered(one)
    paths = await asyncio.gather(*(one.audio(key, "ogg") for _ in range(20)))
    assert len(set(paths)) == 1
    assert len(engine.asked) == 1


async def test_two_formats_at_once(library: Make) -> None:
    one = library(Scripted(wait=0.02))
    key = registered(one)
    paths = await asyncio.gather(*(one.audio(key, form) for form in (*FORMATS, *FORMATS)))
    assert [path.suffix[1:] for path in paths] == [*FORMATS, *FORMATS]


async def test_a_listener_who_leaves_stops_nobody_else(library: Make) -> None:
    engine = Scripted(wait=0.1)
    one = library(engine)
    key = registered(one)
    first = asyncio.create_task(one.audio(key, "ogg"))
    await asyncio.sleep(0.03)
    second = asyncio.create_task(one.audio(key, "ogg"))
    await asyncio.sleep(0.01)
    first.cancel()
    assert (await second).is_file()
    assert len(engine.asked) == 1


@pytest.mark.parametrize(
    ("key", "form", "speed"),
    [
        ("../../../../etc/passwd", "ogg", "normal"),
        ("0" * 31 + "/", "ogg", "normal"),
        ("0" * 32 + "\n", "ogg", "normal"),
        ("p/../" + "0" * 28, "ogg", "normal"),
        ("0" * 32, "ogg", "normal"),
        ("", "ogg", "normal"),
        ("A" * 32, "ogg", "normal"),
        ("KEY", "../x", "normal"),
        ("KEY", "json", "normal"),
        ("KEY", "ogg", "fast"),
        ("KEY", "ogg", "*"),
    ],
)
async def test_unknown_audio(library: Make, key: str, form: str, speed: str) -> None:
    one = library(FakeEngine())
    real = registered(one)
    with pytest.raises(AudioUnknown):
        await one.audio(real if key == "KEY" else key, form, speed)


@pytest.mark.parametrize("key", ["{tmp}/outside", "./outside", "../audio/outside"])
async def test_a_key_never_leads_out_of_its_place(library: Make, tmp_path: Path, key: str) -> None:
    one = library(FakeEngine())
    real = one.store.folder(registered(one)) / PROMPT
    for folder in (tmp_path / "outside", tmp_path / "audio" / "outside"):
        folder.mkdir()
        (folder / PROMPT).write_bytes(real.read_bytes())
    with pytest.raises(AudioUnknown):
        await one.audio(key.format(tmp=tmp_path), "ogg")


async def test_a_damaged_cache_file_is_rendered_again(library: Make) -> None:
    engine = Scripted()
    one = library(engine)
    key = registered(one)
    path = await one.audio(key, "ogg")
    good = path.read_bytes()
    path.write_bytes(good[:200] + b"\0" + good[201:])
    assert (await one.audio(key, "ogg")).read_bytes() == good
    assert len(engine.asked) == 2


# -- one engine after the other -------------------------------------------------------------------

FAULTS = {
    "unavailable": EngineUnavailable("down"),
    "nothing to say": NothingToSay("no words"),
    "a network error": ConnectionResetError("reset"),
    "a time-out": TimeoutError(),
    "a bug": KeyError("secret"),
}


@pytest.mark.parametrize("online", [True, False])
@pytest.mark.parametrize("error", FAULTS.values(), ids=FAULTS)
async def test_the_next_engine_speaks(library: Make, online: bool, error: Exception) -> None:
    one = library(FakeEngine(), Scripted("first", online=online, error=error))
    assert voice_of(await one.audio(registered(one), "ogg")) == "fake"


async def test_an_empty_clip_is_a_failure(library: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Scripted("first")
    monkeypatch.setattr(first, "synthesise", lambda *_: Clip(b"", 8000))
    one = library(first, FakeEngine())
    assert voice_of(await one.audio(registered(one), "ogg")) == "fake"


async def test_nobody_can_speak(library: Make) -> None:
    one = library(Scripted("first", error=EngineUnavailable("down")))
    key = registered(one)
    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            await asyncio.gather(*(one.audio(key, "ogg") for _ in range(3)))


async def test_an_online_engine_that_failed_rests(library: Make) -> None:
    now = [100.0]
    online = Scripted("online", online=True, error=EngineUnavailable("offline"))
    one = library(online, FakeEngine(), clock=lambda: now[0])
    for text in ("một", "hai", "ba"):
        await one.audio(registered(one, "vi", "x.y", text), "ogg")
    assert len(online.asked) == 1
    now[0] += 61
    online.error = None
    path = await one.audio(registered(one, "vi", "x.y", "bốn"), "ogg")
    assert voice_of(path) == "online"


async def test_an_offline_engine_never_rests(library: Make) -> None:
    engine = Scripted("first", error=EngineUnavailable("odd text"))
    one = library(engine)
    with pytest.raises(EngineUnavailable):
        await one.audio(registered(one), "ogg")
    engine.error = None
    assert (await one.audio(registered(one), "ogg")).is_file()


async def test_a_hanging_engine_holds_nobody(library: Make) -> None:
    free = threading.Event()
    online = Scripted("online", online=True)
    online.synthesise = lambda *_: free.wait(10) and tone(0.1)  # type: ignore[method-assign]
    one = library(online, FakeEngine(), deadline=0.1)
    try:
        keys = [registered(one, "vi", "x.y", f"câu {n}") for n in range(12)]
        begin = time.perf_counter()
        paths = await asyncio.gather(*(one.audio(key, "ogg") for key in keys))
        assert time.perf_counter() - begin < 5
        assert {voice_of(path) for path in paths} == {"fake"}
    finally:
        free.set()


async def test_what_came_from_the_network_is_kept_in_every_format(library: Make) -> None:
    online = Scripted("online", online=True)
    one = library(online)
    key = registered(one)
    for form in FORMATS:
        assert voice_of(await one.audio(key, form)) == "online"
    assert len(online.asked) == 1


async def test_failures_are_logged_without_the_text(
    library: Make, caplog: pytest.LogCaptureFixture
) -> None:
    error = RuntimeError("cannot say 'giấy chứng sinh'")
    one = library(Scripted("first", error=error), FakeEngine())
    with caplog.at_level(logging.DEBUG):
        await one.audio(registered(one, "vi", "x.y", "giấy chứng sinh"), "ogg")
    assert "first could not speak" in caplog.text
    assert "chứng sinh" not in caplog.text


async def test_a_full_disk_is_no_sound(
    library: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = library(FakeEngine())
    key = registered(one)

    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(one.store, "publish", full)
    with pytest.raises(EngineUnavailable):
        await one.audio(key, "ogg")
    assert "No space left" in caplog.text
