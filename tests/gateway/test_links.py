"""Sound by signed link."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.links import GOOD_FOR_SECONDS, AudioLinks, audio_links
from bot.settings import Settings

KEY = "k" * 64


def token(links: AudioLinks, form: str = "aac", slow: bool = False) -> str:
    return links.link(KEY, form, slow).removeprefix("https://rong.example/a/")


def test_what_a_link_says() -> None:
    links = AudioLinks("secret", "https://rong.example/")
    found = links.read(token(links, "m4a", slow=True))
    assert found is not None
    assert (found.key, found.form, found.speed) == (KEY, "m4a", "slow")
    assert links.link(KEY, "aac").endswith(".aac")


def test_a_changed_link_is_none() -> None:
    links = AudioLinks("secret", "https://rong.example")
    good = token(links)
    changed = [
        good.replace("k", "x", 1),
        good.replace(".normal.", ".slow."),
        good.replace(".aac", ".ogg"),
        good[:-5] + ("1" if good[-5] == "0" else "0") + ".aac",
        good.removesuffix(".aac"),
        "",
        "../../etc/passwd",
        token(AudioLinks("other", "https://rong.example")),
    ]
    until = good.split(".")[2]
    changed.append(good.replace(until, f"{int(until, 16) + 1:x}"))
    assert links.read(good)
    assert [one for one in changed if links.read(one)] == []


def test_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    links = AudioLinks("secret", "https://rong.example")
    good = token(links)
    import time

    later = time.time() + GOOD_FOR_SECONDS + 2
    monkeypatch.setattr("bot.links.time.time", lambda: later)
    assert links.read(good) is None


@pytest.mark.parametrize(
    ("address", "available"),
    [
        ("https://rong.example", True),
        ("http://127.0.0.1:8000", True),
        ("http://rong.example", False),
        ("", False),
    ],
)
def test_where_links_can_be_reached(address: str, available: bool) -> None:
    assert AudioLinks("secret", address).available is available


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, public_url="https://rong.example")
    good = token(audio_links(settings))
    assert audio_links(settings).read(good)
    kept = tmp_path / "link-secret"
    assert kept.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["link-secret"]
    given = Settings(_env_file=None, data_dir=tmp_path, link_secret="another")
    assert audio_links(given).read(good) is None
