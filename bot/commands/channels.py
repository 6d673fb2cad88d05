"""`rong channels`: the messengers and their set-up."""

from __future__ import annotations

import asyncio
import sys

import click

from bot.settings import Settings, load_settings
from knowledge_base.errors import SettingsError


@click.group()
def command() -> None:
    """The messengers."""


@command.command()
def check() -> None:
    """Test tokens, secrets, webhook address and clock of each messenger; say what to do.

    Exit 1 if something is wrong."""
    wrong = asyncio.run(_check(load_settings()))
    told = {0: "nothing is wrong", 1: "one thing is wrong"}
    click.echo(told.get(wrong, f"{wrong} things are wrong"), err=True)
    sys.exit(1 if wrong else 0)


@command.command("zalo-consent")
@click.argument("code")
@click.option("--verifier", default="", help="Code verifier, if the application's page has one.")
def zalo_consent(code: str, verifier: str) -> None:
    """Keep the tokens of a Zalo Official Account's consent.

    CODE is the address to which Zalo sent the browser, or the code in it. A running server uses
    the new tokens at once."""
    from bot.channels.zalo_oa.check import consent

    settings = load_settings()
    if not settings.zalo_oa_app_id:
        raise SettingsError("RONG_ZALO_OA_APP_ID: set it first, and the keys beside it")
    name = asyncio.run(consent(settings, code, verifier))
    click.echo(f"Tokens of the account “{name}” are kept.")


async def _check(settings: Settings) -> int:
    from bot.channels.check import check_channels

    wrong = 0
    async for finding in check_channels(settings):
        wrong += not finding.ok
        click.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.channel}: {finding.text}")
    return wrong
