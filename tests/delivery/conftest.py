from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.databases import REASON, available, new_database, new_schema


@pytest.fixture(scope="session")
def server_database() -> Iterator[str]:
    """URL of a database of these tests."""
    if not available():
        pytest.skip(REASON)
    with new_database() as url:
        yield url


@pytest.fixture
def postgresql(server_database: str) -> str:
    """URL of an empty schema."""
    return new_schema(server_database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, of each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql")
        return url
    return f"sqlite:///{tmp_path / 'new' / 'rong.db'}"
