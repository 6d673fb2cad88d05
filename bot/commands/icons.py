"""`rong icons`: draw the pictures that `bot/web/icons.yml` names from a copy of the icon set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import yaml

from bot import web
from knowledge_base.errors import NhaRongError, Problem, ProblemsFound

SIZE = 32
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}"'
    f' width="{SIZE}" height="{SIZE}">'
)


def draw(of: str | list[list[Any]], drawings: dict[str, str]) -> str:
    """The SVG of one concept.

    `of` is a drawing's name or a list of [drawing, x, y, size]; KeyError for an unknown drawing."""
    if isinstance(of, str):
        return f"{HEAD}{drawings[of]}</svg>\n"
    parts = [
        f'<g transform="translate({x} {y}) scale({size / SIZE:g})">{drawings[name]}</g>'
        for name, x, y, size in of
    ]
    return f"{HEAD}{''.join(parts)}</svg>\n"


def recoloured(body: str, colours: dict[str, str]) -> str:
    """A drawing with colours exchanged, where the set's own are too faint on white."""
    for old, new in colours.items():
        body = body.replace(old, new)
    return body


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Draw every picture of icons.yml anew; FOLDER holds the set's icons.json."""
    source = folder / "icons.json"
    if not source.is_file():
        raise NhaRongError(f"{source}: not there; FOLDER is the unpacked package of the icon set")
    named = yaml.safe_load((web.HERE / "icons.yml").read_text(encoding="utf-8"))
    table = named["icons"]
    drawings = {
        name: recoloured(drawing["body"], named["colours"].get(name, {}))
        for name, drawing in json.loads(source.read_text(encoding="utf-8"))["icons"].items()
    }
    problems = []
    for concept, entry in table.items():
        if entry.get("own"):
            continue
        try:
            svg = draw(entry["of"], drawings)
        except KeyError as error:
            problems.append(Problem("bot/web/icons.yml", 1, f"{concept}: no drawing {error}"))
            continue
        (web.ICONS / f"{concept}.svg").write_text(svg, encoding="utf-8")
    if problems:
        raise ProblemsFound(problems)
    click.echo(f"{len(table)} pictures")
