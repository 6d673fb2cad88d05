from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.zalo_oa.channel import ZaloOaChannel
from tests.emulators.server import Server
from tests.emulators.zalo_oa import OaPerson, ZaloOaEmulator


@pytest.fixture
def channel_name() -> str:
    return "zalo_oa"


@pytest.fixture
def emulator(port: int) -> Iterator[ZaloOaEmulator]:
    with ZaloOaEmulator() as emulator:
        emulator.webhook = f"http://127.0.0.1:{port}/zalo/oa/webhook"
        yield emulator


@pytest.fixture
def mother(emulator: ZaloOaEmulator) -> OaPerson:
    return emulator.person("246845883529197922")


@pytest.fixture
def options(emulator: ZaloOaEmulator, port: int, tmp_path: Path) -> dict[str, Any]:
    return {
        "data_dir": str(tmp_path),
        "zalo_oa_app_id": emulator.app_id,
        "zalo_oa_app_secret": emulator.app_secret,
        "zalo_oa_secret_key": emulator.secret_key,
        "zalo_oa_refresh_token": emulator.refresh_token,
        "zalo_oa_api_url": emulator.url,
        "zalo_oa_oauth_url": emulator.url,
        "public_url": f"http://127.0.0.1:{port}",
    }


@pytest.fixture
def bot(serve: Callable[..., Server]) -> Server:
    return serve()


@pytest.fixture
def channel(bot: Server) -> ZaloOaChannel:
    found: ZaloOaChannel = bot.app.state.channel
    return found
