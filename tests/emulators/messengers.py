"""The emulators by name of channel, for what is tried with each of them."""

from __future__ import annotations

from tests.emulators.base import Emulator
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.zalo_bot import ZaloBotEmulator
from tests.emulators.zalo_oa import ZaloOaEmulator

CONNECTED = {"telegram": "setMyCommands", "zalo_oa": "", "zalo_bot": "setWebhook"}
"""The last call of a server that connects by webhook, by name; none where it need not."""
MOTHER = {"telegram": "1", "zalo_oa": "246845883529197922", "zalo_bot": "6ede9afa66b88fe6d6a9"}
"""The id of a person there."""


def emulator_of(name: str, address: str) -> Emulator:
    """The emulator of a channel, for a server at `address`."""
    if name == "telegram":
        return TelegramEmulator()
    if name == "zalo_bot":
        return ZaloBotEmulator()
    emulator = ZaloOaEmulator()
    emulator.webhook = f"{address}/zalo/oa/webhook"
    return emulator
