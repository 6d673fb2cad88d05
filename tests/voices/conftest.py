from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.voices.google import Google
from voices.library import Library


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Google:
    """The online voice, answering well until told otherwise."""
    google = Google()
    google.install(monkeypatch)
    return google


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Makes libraries on one cache folder, as several processes would; closes them."""
    made: list[Library] = []

    def make(*engines: Any, packs: Any = None, **options: Any) -> Library:
        made.append(Library(tmp_path / "audio", engines, packs or {}, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
