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
from tests.emulators.base import Emulator
from tests.emulators.messengers import CONNECTED, MOTHER, emulator_of
from tests.emulators.people import Person
from tests.emulators.server import Server
from tests.emulators.zalo_bot import ZaloBotEmulator
from tests.emulators.zalo_oa import ZaloOaEmulator

SECRET = "a-secret-of-the-tests-0123"


@pytest.fixture(autouse=True)
def use_no_tls(no_tls: None) -> None: ...


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again sooner than it would be, and one person gets messages faster."""
    monkeypatch.setattr("bot.delivery.outbox.FIRST_WAIT", 0.05)
    monkeypatch.setattr("bot.channels.telegram.channel.CHAT_PER_SECOND", 100.0)


@pytest.fixture
def channel_name() -> str:
    """Folder of `bot.channels` under test."""
    return "telegram"


@pytest.fixture
def address(port: int) -> str:
    """Where the server under test is."""
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def emulator(channel_name: str, address: str, tmp_path: Path) -> Iterator[Emulator]:
    with emulator_of(channel_name, address) as emulator:
        emulator.database = tmp_path / "rong.db"
        if isinstance(emulator, ZaloOaEmulator | ZaloBotEmulator):
            emulator.pusher.budget = 30  # a busy machine is no fault of the bot's
        yield emulator


@pytest.fixture
def mother(emulator: Emulator, channel_name: str) -> Person[Any]:
    return emulator.person(MOTHER[channel_name])


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@pytest.fixture
def options(emulator: Emulator, address: str, tmp_path: Path) -> dict[str, Any]:
    """Settings of the channel under test."""
    return {"data_dir": str(tmp_path), **emulator.settings(address, SECRET)}


@pytest.fixture
def assistant() -> SmallAssistant:
    return SmallAssistant()


@pytest.fixture
def speaker(tmp_path: Path) -> SilentSpeaker:
    return SilentSpeaker(tmp_path)


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
def bot(serve: Callable[..., Server], emulator: Emulator, channel_name: str) -> Server:
    """The channel, connected by webhook."""
    server = serve()
    if CONNECTED[channel_name]:
        emulator.waits_for(CONNECTED[channel_name])
    return server


@pytest.fixture
def channel(bot: Server) -> Any:
    """The channel that `bot` serves."""
    return bot.app.state.channel
