from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.zalo_bot.channel import ZaloBotChannel
from tests.channels.conftest import SECRET
from tests.emulators.server import Server
from tests.emulators.zalo_bot import BotPerson, ZaloBotEmulator


@pytest.fixture
def channel_name() -> str:
    return "zalo_bot"


@pytest.fixture
def emulator() -> Iterator[ZaloBotEmulator]:
    with ZaloBotEmulator() as emulator:
        yield emulator


@pytest.fixture
def mother(emulator: ZaloBotEmulator) -> BotPerson:
    return emulator.person("6ede9afa66b88fe6d6a9")


@pytest.fixture
def options(emulator: ZaloBotEmulator, port: int, tmp_path: Path) -> dict[str, Any]:
    return {
        "data_dir": str(tmp_path),
        "zalo_bot_token": emulator.token,
        "zalo_bot_api_url": emulator.url,
        "zalo_bot_webhook_secret": SECRET,
        "public_url": f"http://127.0.0.1:{port}",
    }


@pytest.fixture
def bot(serve: Callable[..., Server], emulator: ZaloBotEmulator) -> Server:
    """The channel, connected by webhook."""
    server = serve()
    emulator.waits_for("setWebhook")
    return server


@pytest.fixture
def channel(bot: Server) -> ZaloBotChannel:
    found: ZaloBotChannel = bot.app.state.channel
    return found
