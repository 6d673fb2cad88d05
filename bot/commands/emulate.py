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
    emulator = START[messenger](port, address)
    with emulator:
        settings = [f"RONG_{k.upper()}='{v}'" for k, v in emulator.settings(address).items()]
        click.echo(f"Type as a citizen: {emulator.url}/\n")
        click.echo("Start the server in another window with these settings, also in .env:\n")
        click.echo("  " + " \\\n  ".join([*settings, "make run"]))
        click.echo("\nStop with Ctrl+C")
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


def _telegram(port: int, bot: str) -> Any:
    return _module("telegram").TelegramEmulator(port=port)


def _zalo_oa(port: int, bot: str) -> Any:
    emulator = _module("zalo_oa").ZaloOaEmulator(port=port, scale=RETRY_SCALE)
    emulator.webhook = f"{bot}/zalo/oa/webhook"
    # Each run is a new consent: the server may still keep the tokens of the last one.
    emulator.refresh_token = f"refresh-{token_hex(8)}"
    return emulator


def _zalo_bot(port: int, bot: str) -> Any:
    return _module("zalo_bot").ZaloBotEmulator(port=port, scale=RETRY_SCALE)


START = {"telegram": _telegram, "zalo-oa": _zalo_oa, "zalo-bot": _zalo_bot}
