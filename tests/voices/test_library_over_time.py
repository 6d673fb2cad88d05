from __future__ import annotations

import asyncio
import os
import threading
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.voices.scripted import Make, Scripted, registered
from tests.voices.sounds import tone
from voices.clip import Clip
from voices.encode import FORMATS, decode, encode
from voices.engine import Speed
from voices.engines.espeak_ng import EspeakNgEngine
from voices.engines.fake import FakeEngine
from voices.errors import AudioUnknown, EngineUnavailable
from voices.library import PERSONAL_AGE, Library
from voices.packs import load_packs, text_hash
from voices.store import PROMPT, voice_of

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
