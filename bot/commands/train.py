"""`rong train`: make the model now, with a look at what is being trained."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console

from bot.training import Trained, ensure_model


@click.command()
@click.option("--force", is_flag=True, help="Train although the model fits the files.")
def command(force: bool) -> None:
    """Train the model from config.yml, bot/domain, bot/dialogue and nlu_data if it is stale."""
    click.echo(f"The model is {trained(force=force).path}")


def trained(*, force: bool = False) -> Trained:
    """The fitting model, trained if need be while the terminal shows what happens."""
    started = time.monotonic()
    with stages() as on_stage:
        result = ensure_model(force=force, on_stage=on_stage)
    for oddity in result.warnings:
        click.echo(f"While training: {oddity}", err=True)
    if on_stage.told:
        click.echo(f"Trained in {time.monotonic() - started:.0f} s", err=True)
    return result


class _OnStage:
    """Shows the stage that is being trained."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self.show = show
        self.told = False

    def __call__(self, stage: str) -> None:
        self.told = True
        self.show(f"Training the model: {stage}")


@contextmanager
def stages() -> Iterator[_OnStage]:
    """On a terminal one line that changes, elsewhere a line each stage."""
    # this very stream, because what Rasa prints to standard error is caught while it trains
    stream = sys.stderr
    console = Console(file=stream)
    if not console.is_terminal:
        yield _OnStage(lambda line: click.echo(line, file=stream))
        return
    with console.status("Training the model: looking for changes") as status:
        yield _OnStage(status.update)
