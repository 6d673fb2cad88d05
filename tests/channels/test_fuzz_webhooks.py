"""A short round of `tests.channels.fuzz`, and everything its corpus keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.fuzz import CORPUS, Found, corpus, fuzz, ranges
from tests.channels.readers import READERS


@pytest.mark.parametrize("name", READERS)
async def test_a_short_round(name: str, tmp_path: Path) -> None:
    statuses = await fuzz(name, tmp_path, 1.0, seed=1)
    assert statuses[200]
    assert statuses[400]


@pytest.mark.parametrize("name", READERS)
async def test_what_once_broke_something(name: str, tmp_path: Path) -> None:
    assert list((CORPUS / name).iterdir())
    async with ranges(name, tmp_path) as target:
        for body in corpus(name):
            await target.shoot(body)
        await target.still_works()


async def test_it_can_find_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a parser's mistake")

    monkeypatch.setattr("bot.channels.zalo_bot.channel.read", broken)
    with pytest.raises(Found, match="a parser's mistake"):
        await fuzz("zalo_bot", tmp_path, 0.1, seed=1)
