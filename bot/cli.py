"""`rong …`: each command is a module of `bot/commands`, found by looking."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import click

from bot import commands
from knowledge_base.errors import NhaRongError


class FoundCommands(click.Group):
    """A group whose commands are the modules of `bot.commands`, imported when used.

    A module `train_encoder` is the command `train-encoder` and holds it as `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"bot.commands.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.command(cls=FoundCommands)
def cli() -> None:
    """Nhà Rông: guidance through public-service procedures."""


def main() -> None:
    """Run the command; an error of ours is printed as its message, not as a traceback."""
    try:
        cli()
    except NhaRongError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
