"""`rong channels`: the messengers and their set-up."""

from __future__ import annotations

import asyncio
import sys

import click

from bot.settings import Settings, load_settings


@click.group()
def command() -> None:
    """The messengers."""


@command.command()
def check() -> None:
    """Test tokens, secrets, webhook address and clock of each messenger; say what to do.

    Exit 1 if something is wrong."""
    wrong = asyncio.run(_check(load_settings()))
    click.echo(f"{wrong} things are wrong" if wrong else "nothing is wrong", err=True)
    sys.exit(1 if wrong else 0)


async def _check(settings: Settings) -> int:
    from bot.channels.check import check_channels

    wrong = 0
    async for finding in check_channels(settings):
        wrong += not finding.ok
        click.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.channel}: {finding.text}")
    return wrong
