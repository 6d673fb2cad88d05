from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.voices.sounds import tone
from voices.clip import Clip
from voices.encode import FORMATS, decode, encode
from voices.engine import Engine, Speed
from voices.engines.espeak_ng import EspeakNgEngine
from voices.engines.fake import FakeEngine
from voices.errors import AudioUnknown, EngineUnavailable, NothingToSay
from voices.library import LONGEST_TEXT, PERSONAL_AGE, Library
from voices.packs import load_packs, text_hash
from voices.store import PROMPT, voice_of

Make = Callable[..., Library]
HELLO = ("vi", "bot.hello", "Xin chào anh chị")


class Scripted(Engine):
    """Counts what it is asked; fails as told."""

    def __init__(
        self,
        name: str = "scripted",
        *,
        online: bool = False,
        preference: int = 1,
        error: BaseException | None = None,
        wait: float = 0.0,
    ) -> None:
        self.name, self.online, self.preference = name, online, preference  # type: ignore[misc]
        self.error, self.wait = error, wait
        self.asked: list[tuple[str, str, str]] = []

    def languages(self) -> frozenset[str]:
        return frozenset({"vi", "en"})

    def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
        self.asked.append((text, language, speed))
        time.sleep(self.wait)
        if self.error:
            raise self.error
        return tone(0.3)


def registered(library: Library, *prompt: str, personal: bool = False) -> str:
    key = library.register(*(prompt or HELLO), personal=personal)
    assert key is not None
    return key


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


# -- personal text --------------------------------------------------------------------------------


async def test_personal_text_never_reaches_an_online_engine(library: Make) -> None:
    online = Scripted("online", online=True)
    one = library(online, FakeEngine())
    key = registered(one, "vi", "x.y", "Cháu tên H'Nga", personal=True)
    for form in FORMATS:
        assert voice_of(await one.audio(key, form)) == "fake"
    assert online.asked == []
    assert library(online).register("vi", "x.y", "Cháu tên H'Nga", personal=True) is None


async def test_personal_text_is_gone_after_its_time(library: Make) -> None:
    one = library(FakeEngine())
    key = registered(one, personal=True)
    kept = registered(one)
    await one.audio(key, "ogg")
    assert one.purge() == 0
    then = time.time() - PERSONAL_AGE - 10
    os.utime(one.store.folder(key) / PROMPT, (then, then))
    with pytest.raises(AudioUnknown):
        await one.audio(key, "ogg")
    assert one.purge() == 1
    assert not one.store.folder(key).exists()
    assert (await one.audio(kept, "ogg")).is_file()


def test_registering_personal_text_purges_now_and_then(library: Make) -> None:
    now = [0.0]
    one = library(FakeEngine(), clock=lambda: now[0])
    old = registered(one, personal=True)
    then = time.time() - PERSONAL_AGE - 10
    os.utime(one.store.folder(old) / PROMPT, (then, then))
    now[0] += 601
    registered(one, "vi", "x.y", "khác", personal=True)
    assert not one.store.folder(old).exists()


def test_the_key_of_personal_text_cannot_be_computed_from_it(library: Make) -> None:
    keys = {registered(library(FakeEngine()), personal=True) for _ in range(3)}
    assert len(keys) == 3


# -- recordings -----------------------------------------------------------------------------------


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """One Bahnar recording; the words are placeholders, for nothing here is heard by people."""
    folder = tmp_path / "packs" / "bdq"
    folder.mkdir(parents=True)
    (folder / "a.ogg").write_bytes(encode(tone(1.0), "ogg"))
    (folder / "manifest.yml").write_text(
        f"recordings:\n  - {{prompt: x.y, text_hash: {text_hash('abc')}, file: a.ogg, "
        "speaker: s1, dialect: bdq-x-gialai, consent: form 1, licence: CC-BY-4.0}\n"
    )
    return tmp_path / "packs"


async def test_a_recording_comes_before_every_engine(library: Make, packs: Path) -> None:
    engine = Scripted()
    one = library(engine, packs=load_packs(packs))
    for language in ("bdq", "bdq-x-gialai"):
        key = registered(one, language, "x.y", "abc")
        normal, slow = [await one.audio(key, "ogg", speed) for speed in ("normal", "slow")]
        assert voice_of(normal).startswith("recorded-")
        assert decode(normal.read_bytes()).duration == pytest.approx(1.0, abs=0.05)
        assert decode(slow.read_bytes()).duration == pytest.approx(1.25, abs=0.1)
    assert one.register("bdq", "x.y", "abd") is None, "the wording changed"
    assert one.register("bdq", "x.z", "abc") is None, "another prompt"
    assert engine.asked == []


async def test_a_new_recording_has_a_new_key(library: Make, packs: Path) -> None:
    old = registered(library(packs=load_packs(packs)), "bdq", "x.y", "abc")
    (packs / "bdq" / "a.ogg").write_bytes(encode(tone(2.0), "ogg"))
    assert registered(library(packs=load_packs(packs)), "bdq", "x.y", "abc") != old


async def test_a_broken_recording_is_no_sound(library: Make, packs: Path) -> None:
    (packs / "bdq" / "a.ogg").write_bytes(b"OggS broken")
    one = library(packs=load_packs(packs))
    with pytest.raises(EngineUnavailable):
        await one.audio(registered(one, "bdq", "x.y", "abc"), "ogg")


# -- ahead of time --------------------------------------------------------------------------------

PROMPTS = [("vi", f"x.{n}", f"câu số {n}") for n in range(8)]


async def test_prerender_counts_what_it_did(library: Make) -> None:
    one = library(FakeEngine())
    done = await one.prerender([*PROMPTS, ("jra", "x.9", "abc")], ("ogg", "m4a"))
    assert (done.made, done.cached, done.failed, done.silent) == (16, 0, 0, 1)
    done = await one.prerender(iter(PROMPTS), ("ogg",), ("normal", "slow"))
    assert (done.made, done.cached) == (8, 8)


async def test_prerender_runs_a_few_at_a_time(library: Make) -> None:
    at_once, most, lock = 0, 0, threading.Lock()

    class Busy(Scripted):
        def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.02)
            with lock:
                at_once -= 1
            return tone(0.05)

    await library(Busy(online=True)).prerender(PROMPTS, ("ogg",), at_once=2)
    assert most == 2


async def test_prerender_replaces_a_lesser_voice(library: Make) -> None:
    online = Scripted("online", online=True, error=EngineUnavailable("offline"))
    one = library(online, FakeEngine())
    key = registered(one, *PROMPTS[0])
    assert voice_of(await one.audio(key, "ogg")) == "fake"
    done = await one.prerender(PROMPTS[:1], ("ogg",))
    assert (done.made, done.cached) == (0, 1), "it still rests"
    online.error = None
    other = library(online, FakeEngine())
    assert voice_of(await other.audio(key, "ogg")) == "fake", "a listener does not wait"
    done = await other.prerender(PROMPTS[:1], ("ogg",))
    assert (done.made, done.cached) == (1, 0)
    assert voice_of(await other.audio(key, "ogg")) == "online"


async def test_prerender_goes_on_after_failures(library: Make) -> None:
    one = library(Scripted(error=EngineUnavailable("down")))
    assert (await one.prerender(PROMPTS, ("ogg",))).failed == len(PROMPTS)


# -- size, processes, speed -----------------------------------------------------------------------


async def test_the_cache_keeps_to_its_size(library: Make) -> None:
    one = library(Scripted(), size_limit=40_000)
    for number in range(20):
        key = registered(one, "vi", "x.y", f"một câu dài vừa phải, số {number}")
        path = await one.audio(key, "aac")
        os.utime(path, (time.time() - 100 + number,) * 2)
    assert one.store.size() > 40_000
    assert one.evict() > 0
    assert one.store.size() <= 40_000
    assert (await one.audio(key, "aac")) == path, "the last one stays"


def _render_all(cache: Path, evict: bool) -> None:
    async def run() -> None:
        one = Library(cache, [FakeEngine()], {}, size_limit=1500)
        for _ in range(3):
            for prompt in PROMPTS:
                key = one.register(*prompt)
                assert key is not None
                try:
                    assert (await one.audio(key, "aac")).suffix == ".aac"
                except AudioUnknown:
                    assert evict
                if evict:
                    one.evict()
        one.close()

    asyncio.run(run())


@pytest.mark.parametrize("evict", [False, True])
def test_two_processes_on_one_cache(tmp_path: Path, evict: bool) -> None:
    processes = [
        get_context("spawn").Process(target=_render_all, args=(tmp_path / "audio", evict))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]


async def test_a_known_prompt_starts_within_50_ms(library: Make) -> None:
    one = library(EspeakNgEngine(), packs=load_packs())
    keys = [registered(one, *prompt) for prompt in PROMPTS]
    for key in keys:
        await one.audio(key, "ogg")
    times = []
    for _ in range(20):
        for key in keys:
            begin = time.perf_counter()
            (await one.audio(key, "ogg")).read_bytes()
            times.append(time.perf_counter() - begin)
    assert sorted(times)[int(len(times) * 0.99)] < 0.05


async def test_the_library_that_ships_speaks_offline(tmp_path: Path) -> None:
    one = Library.open(tmp_path / "audio", online=False)
    path = await one.audio(registered(one), "ogg")
    assert decode(path.read_bytes()).peak > 0.1
    assert one.register("bdq", "bot.hello", "Hlơi") is None
    one.close()
