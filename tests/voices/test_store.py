from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from voices.store import PROMPT, AudioStore, Prompt, key_material, voice_of

KEY = "0123456789abcdef" * 2
PERSONAL = "p" + KEY


@pytest.fixture
def store(tmp_path: Path) -> AudioStore:
    return AudioStore(tmp_path / "audio")


def aged(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_remembers_what_a_key_stands_for(store: AudioStore) -> None:
    prompt = Prompt("vi", "bot.hello", "Xin chào \ud800", True)
    assert store.prompt(KEY) is None
    store.remember(KEY, prompt)
    assert store.prompt(KEY) == prompt


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"x": 1}', b"\xff"])
def test_a_damaged_prompt_is_written_anew(store: AudioStore, data: bytes) -> None:
    prompt = Prompt("vi", "bot.hello", "Xin chào")
    store.remember(KEY, prompt)
    (store.folder(KEY) / PROMPT).write_bytes(data)
    assert store.prompt(KEY) is None
    store.remember(KEY, prompt)
    assert store.prompt(KEY) == prompt


def test_finds_the_best_voice_there_is(store: AudioStore) -> None:
    store.publish(KEY, "normal", "plain", "ogg", b"plain")
    best = store.publish(KEY, "normal", "best", "ogg", b"best")
    assert store.find(KEY, "normal", "ogg", ["best", "plain"]) == best
    assert voice_of(best) == "best"
    assert store.find(KEY, "normal", "ogg", ["other"]) is None
    assert store.find(KEY, "slow", "ogg", ["best"]) is None
    assert store.find(KEY, "normal", "m4a", ["best"]) is None


@pytest.mark.parametrize("damage", [b"", b"bes", b"bess", b"best "])
def test_a_damaged_file_is_never_served(store: AudioStore, damage: bytes) -> None:
    path = store.publish(KEY, "normal", "best", "ogg", b"best")
    plain = store.publish(KEY, "normal", "plain", "ogg", b"plain")
    path.write_bytes(damage)
    assert store.find(KEY, "normal", "ogg", ["best", "plain"]) == plain
    assert not path.exists()


def test_a_file_half_written_is_not_there(
    store: AudioStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        store.publish(KEY, "normal", "best", "ogg", b"best")
    assert store.find(KEY, "normal", "ogg", ["best"]) is None
    assert list(store.folder(KEY).iterdir()) == []


def test_publishes_into_a_folder_evicted_meanwhile(
    store: AudioStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.replace, []

    def once(source: str, target: Path) -> None:
        calls.append(target)
        if len(calls) == 1:
            Path(source).unlink()
            target.parent.rmdir()
        real(source, target)

    monkeypatch.setattr(os, "replace", once)
    assert store.publish(KEY, "normal", "best", "ogg", b"best").read_bytes() == b"best"


def test_evicts_what_was_not_used_for_longest(store: AudioStore) -> None:
    keys = [f"{n:032x}" for n in range(10)]
    for age, key in enumerate(keys):
        store.remember(key, Prompt("vi", "bot.hello", "x"))
        store.publish(key, "normal", "best", "ogg", bytes(10_000))
        for path in store.folder(key).iterdir():
            aged(path, 7200 + age * 60)
    assert store.find(keys[9], "normal", "ogg", ["best"]) is not None
    assert store.evict(200_000) == 0
    assert store.evict(60_000) > 0
    assert store.size() <= 60_000
    assert store.prompt(keys[9]) is not None, "used just now"
    assert store.prompt(keys[0]) is not None
    assert store.prompt(keys[8]) is None
    assert store.prompt(keys[7]) is None


def test_purges_only_personal_prompts_past_their_time(store: AudioStore) -> None:
    for key in (KEY, PERSONAL, "p" + "0" * 32):
        store.remember(key, Prompt("vi", "bot.hello", "x", key.startswith("p")))
        store.publish(key, "normal", "best", "ogg", b"best")
    for key in (KEY, PERSONAL):
        aged(store.folder(key) / PROMPT, 90_000)
    assert store.age(PERSONAL) > 86_400
    assert store.purge(86_400) == 1
    assert not store.folder(PERSONAL).exists()
    assert store.prompt(KEY) is not None
    assert store.prompt("p" + "0" * 32) is not None
    assert store.age(PERSONAL) == float("inf")


def test_key_material_is_unambiguous() -> None:
    assert key_material({"a": "b", "c": "d"}) == key_material({"c": "d", "a": "b"})
    assert key_material({"a": 'b", "c": "d'}) != key_material({"a": "b", "c": "d"})
