from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.databases import REASON, available, new_database


@pytest.fixture
def postgresql() -> Iterator[str]:
    """URL of a database of its own."""
    if not available():
        pytest.skip(REASON)
    with new_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, of each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql")
        return url
    return f"sqlite:///{tmp_path / 'new' / 'rong.db'}"
