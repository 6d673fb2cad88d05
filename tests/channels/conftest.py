from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from tests.channels.app import application
from tests.channels.assistant import SmallAssistant
from tests.channels.speaker import SilentSpeaker
from tests.emulators.server import Server
from tests.emulators.telegram import TelegramEmulator, User

SECRET = "a-secret-of-the-tests-0123"


@pytest.fixture
def emulator() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
def mother(emulator: TelegramEmulator) -> User:
    return emulator.user(1)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@pytest.fixture
def options(emulator: TelegramEmulator, port: int, tmp_path: Path) -> dict[str, Any]:
    """Settings of the channel under test."""
    return {
        "data_dir": str(tmp_path),
        "telegram_token": emulator.token,
        "telegram_api_url": emulator.url,
        "telegram_webhook_secret": SECRET,
        "public_url": f"http://127.0.0.1:{port}",
    }


@pytest.fixture
def assistant() -> SmallAssistant:
    return SmallAssistant()


@pytest.fixture
def speaker(tmp_path: Path) -> SilentSpeaker:
    return SilentSpeaker(tmp_path)


@pytest.fixture
def channel_name() -> str:
    """Folder of `bot.channels` under test."""
    return "telegram"


@pytest.fixture
def serve(
    options: dict[str, Any],
    assistant: SmallAssistant,
    speaker: SilentSpeaker,
    port: int,
    channel_name: str,
) -> Iterator[Callable[..., Server]]:
    """`serve()` starts the channel; what is still running is stopped after the test."""
    servers = []

    def start(**more: Any) -> Server:
        settings = Settings(_env_file=None, **(options | more))
        server = Server(application(settings, assistant, speaker, channel_name), port).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def bot(serve: Callable[..., Server], emulator: TelegramEmulator) -> Server:
    """The channel, connected by webhook."""
    server = serve()
    emulator.waits_for("setMyCommands")
    return server
