"""An application with fakes, and a client that talks to it without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from bot.gateway.app import create_app
from bot.settings import Settings
from tests.fakes.assistant import FakeAssistant
from tests.fakes.speaker import FakeSpeaker


@pytest.fixture(autouse=True)
def use_no_tls(no_tls: None) -> None: ...


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def speaker(tmp_path: Path) -> FakeSpeaker:
    return FakeSpeaker(tmp_path)


@pytest.fixture
async def client(
    assistant: FakeAssistant, speaker: FakeSpeaker, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(_env_file=None, data_dir=tmp_path, today=date(2026, 11, 23))
    app = create_app(settings, assistant, speaker)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client
