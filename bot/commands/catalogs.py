"""`rong catalogs`: keeps the translations in step with the Vietnamese texts."""

from __future__ import annotations

import click

from knowledge_base.catalog_check import check_catalogs
from knowledge_base.catalog_update import update_catalogs
from knowledge_base.errors import ProblemsFound
from knowledge_base.languages import load_languages
from knowledge_base.load import load
from knowledge_base.messages import messages


@click.group()
def command() -> None:
    """Update or check the gettext catalogs of every language."""


@command.command()
@click.argument("codes", nargs=-1)
def update(codes: tuple[str, ...]) -> None:
    """Add new texts, mark changed ones, retire removed ones; CODES limits it to some languages
    and begins the catalogs of a language that has none."""
    languages = load_languages()
    only = [languages.resolve(code) for code in codes]
    changed = update_catalogs(messages(load()), languages, only=only)
    for path in changed:
        click.echo(f"{path.parent.parent.name}: {path.name}")
    click.echo(f"{len(changed)} catalogs changed")


@command.command()
def check() -> None:
    """Print every problem of every catalog as `path:line: message`."""
    if problems := check_catalogs(messages(load()), load_languages()):
        raise ProblemsFound(problems)
    click.echo("no problems")
