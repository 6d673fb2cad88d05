"""`rong check`: everything that is wrong with the project's files, at once."""

from __future__ import annotations

import sys

import click


@click.command()
def command() -> None:
    """Print every problem as `path:line: message`; exit 1 if there is one."""
    from bot.checks import all_problems

    problems = all_problems()
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(problems)} problems" if problems else "no problems", err=True)
    sys.exit(1 if problems else 0)
