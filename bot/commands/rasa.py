"""`rong rasa …`: Rasa's own commands on this project, TensorFlow stood in for."""

from __future__ import annotations

import sys

import click

from bot import rasa_import


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run one of Rasa's commands: `rong rasa shell nlu`, `rong rasa test nlu --no-plot` …"""
    rasa_import.prepare()
    from rasa.__main__ import main

    sys.argv = ["rasa", *arguments]
    main()
