"""The application on a port of its own, and headless Chromium to look at it.

`server` comes twice: with the scripted fake assistant, and with the real engine."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx
import pytest
import uvicorn

from bot.gateway.app import create_app
from bot.settings import Settings
from tests.fakes.assistant import FakeAssistant
from tests.fakes.speaker import FakeSpeaker
from tests.web.browser import Browser

IDLE_SECONDS = 600
SHORT_IDLE_SECONDS = 2
START_SECONDS = 300
"""The real engine may have to be trained first."""


@dataclass
class Served:
    """A running application."""

    url: str
    name: str
    fake: FakeAssistant | None = None
    speaker: FakeSpeaker | None = None
    settings: Settings = field(default_factory=Settings)

    def conversation(self, id: str) -> int:
        """Status of a conversation: 200 or 404."""
        return httpx.get(f"{self.url}/api/conversations/{id}").status_code


@contextlib.contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Serve in a thread until the tests are done."""
    app = create_app(served.settings, served.fake, served.speaker)
    config = uvicorn.Config(app, log_level="error", ws="none", lifespan="on")
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    served.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    until = time.monotonic() + START_SECONDS
    while not server.started:
        assert thread.is_alive(), "the server ended before it answered"
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)
    yield served
    server.should_exit = True
    thread.join(20)
    listening.close()


def with_fakes(folder: Path, idle: int) -> Served:
    settings = Settings(
        _env_file=None, data_dir=folder, today=date(2026, 11, 23), kiosk_idle_seconds=idle
    )
    return Served("", "fake", FakeAssistant(), FakeSpeaker(folder), settings)


@pytest.fixture(scope="session")
def fake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(with_fakes(tmp_path_factory.mktemp("fake"), IDLE_SECONDS)) as served:
        yield served


@pytest.fixture(scope="session")
def hurried_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Wipes the kiosk after two seconds and the countdown."""
    with serving(with_fakes(tmp_path_factory.mktemp("hurried"), SHORT_IDLE_SECONDS)) as served:
        yield served


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Served]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path_factory.mktemp("real"),
        today=date(2026, 11, 23),
        kiosk_idle_seconds=IDLE_SECONDS,
        voice_online=False,
        telegram_token=None,
    )
    with serving(Served("", "real", settings=settings)) as served:
        yield served


@pytest.fixture(params=["fake", "real"])
def server(request: pytest.FixtureRequest) -> Served:
    served: Served = request.getfixturevalue(f"{request.param}_server")
    return served


@pytest.fixture
def fake(fake_server: Served) -> Iterator[FakeAssistant]:
    """The fake behind `fake_server`, mended after the test."""
    assert fake_server.fake
    fake_server.fake.received.clear()
    yield fake_server.fake
    fake_server.fake.broken = None


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser.start(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Chromium as on a new phone: nothing kept, online; console errors fail the test."""
    yield chromium
    chromium.online()
    errors = chromium.errors()
    chromium.forget()
    assert errors == []
