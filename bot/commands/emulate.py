"""`rong emulate`: a messenger on this computer, to see a channel work without an account.

The emulators are those of the tests, in the project's folder, where the project runs from."""

from __future__ import annotations

import importlib
import sys
import threading
from secrets import token_hex
from typing import Any

import click

from bot.settings import PROJECT, load_settings
from knowledge_base.errors import SettingsError

RETRY_SCALE = 1 / 30
"""Zalo repeats a webhook after 30 s to 1 h; here after 1 s to 2 min."""


@click.command()
@click.argument("messenger", type=click.Choice(["telegram", "zalo-oa", "zalo-bot"]))
@click.option("--port", default=8081, show_default=True, help="Port of the emulator.")
@click.option("--bot", default="", help="Address of `rong serve` [default: this computer].")
def command(messenger: str, port: int, bot: str) -> None:
    """Run one messenger's emulator, with a page to type as a citizen.

    Prints the settings with which to start the server in another window."""
    address = (bot or f"http://127.0.0.1:{load_settings().port}").rstrip("/")
    emulator, settings = START[messenger](port, address)
    with emulator:
        click.echo(f"Type as a citizen: {emulator.url}/\n")
        click.echo("Start the server in another window with these settings, also in .env:\n")
        click.echo("  " + " \\\n  ".join(f"{name}='{value}'" for name, value in settings.items()))
        click.echo("  make run\n\nStop with Ctrl+C")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("")


def _module(name: str) -> Any:
    if str(PROJECT) not in sys.path:
        sys.path.insert(0, str(PROJECT))
    try:
        return importlib.import_module(f"tests.emulators.{name}")
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"the emulators are in {PROJECT / 'tests' / 'emulators'}, "
            f"and something is missing there: {error.name}"
        ) from error


def _telegram(port: int, bot: str) -> tuple[Any, dict[str, str]]:
    emulator = _module("telegram").TelegramEmulator(port=port)
    return emulator, {
        "RONG_TELEGRAM_TOKEN": emulator.token,
        "RONG_TELEGRAM_API_URL": emulator.url,
        "RONG_TELEGRAM_MODE": "polling",
    }


def _zalo_oa(port: int, bot: str) -> tuple[Any, dict[str, str]]:
    emulator = _module("zalo_oa").ZaloOaEmulator(port=port, scale=RETRY_SCALE)
    emulator.webhook = f"{bot}/zalo/oa/webhook"
    # Each run is a new consent: the server may still keep the tokens of the last one.
    emulator.refresh_token = f"refresh-{token_hex(8)}"
    return emulator, {
        "RONG_PUBLIC_URL": bot,
        "RONG_ZALO_OA_APP_ID": emulator.app_id,
        "RONG_ZALO_OA_APP_SECRET": emulator.app_secret,
        "RONG_ZALO_OA_SECRET_KEY": emulator.secret_key,
        "RONG_ZALO_OA_REFRESH_TOKEN": emulator.refresh_token,
        "RONG_ZALO_OA_API_URL": emulator.url,
        "RONG_ZALO_OA_OAUTH_URL": emulator.url,
    }


def _zalo_bot(port: int, bot: str) -> tuple[Any, dict[str, str]]:
    emulator = _module("zalo_bot").ZaloBotEmulator(port=port, scale=RETRY_SCALE)
    return emulator, {
        "RONG_PUBLIC_URL": bot,
        "RONG_ZALO_BOT_TOKEN": emulator.token,
        "RONG_ZALO_BOT_API_URL": emulator.url,
        "RONG_ZALO_BOT_MODE": "polling",
    }


START = {"telegram": _telegram, "zalo-oa": _zalo_oa, "zalo-bot": _zalo_bot}
