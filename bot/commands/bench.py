"""`rong bench …`: each measurement is a module of `bot/bench`, found by looking."""

from __future__ import annotations

import importlib
import pkgutil

import click

from bot import bench


def names() -> list[str]:
    """What can be measured."""
    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def measurement(name: str) -> click.Command:
    """The command that measures `name`."""
    found: click.Command = importlib.import_module(f"bot.bench.{name}").command
    return found


class FoundBenches(click.Group):
    """A group whose commands are the modules of `bot.bench`, imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return names()

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return measurement(name) if name in names() else None


@click.command(cls=FoundBenches, invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Measure; without a name, everything that can be measured."""
    if ctx.invoked_subcommand is None:
        for name in names():
            ctx.invoke(measurement(name))
