"""`rong check`: everything that is wrong with the project's files, at once."""

from __future__ import annotations

import sys

import click


@click.command()
def command() -> None:
    """Print every problem as `path:line: message`; exit 1 if there is one. A warning is for staff
    to look at and fails nothing."""
    from bot.checks import all_problems

    found = all_problems()
    for problem in found:
        click.echo(str(problem))
    problems = sum(not problem.warning for problem in found)
    warnings = len(found) - problems
    told = f"{problems} problems" if problems else "no problems"
    click.echo(f"{told}, {warnings} warnings" if warnings else told, err=True)
    sys.exit(1 if problems else 0)
