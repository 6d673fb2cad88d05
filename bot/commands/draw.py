"""`rong draw`: the flow of a procedure as a picture, made from the data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


@click.command()
@click.argument("procedure")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", default="vi", show_default=True, help="Such as vi, en.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day it holds on (default: today).")
@click.option("--font/--no-font", default=True, help="Pack the font into the picture.")
def command(
    procedure: str, file: Path | None, language: str, on: datetime | None, font: bool
) -> None:
    """Draw PROCEDURE as SVG: questions, answers, where they lead, papers that depend on them.

    Written to FILE, or to standard output."""
    from bot.documents.flow import flow
    from bot.documents.flow_svg import svg
    from bot.render import Renderer
    from bot.settings import load_settings
    from knowledge_base.catalogs import load_catalogs
    from knowledge_base.languages import load_languages
    from knowledge_base.load import load

    settings, knowledge, languages = load_settings(), load(), load_languages()
    renderer = Renderer(knowledge, load_catalogs(), languages, None, settings.publish)
    day = on.date() if on else settings.day()
    drawn = svg(flow(knowledge, renderer, procedure, languages.resolve(language), day), font=font)
    if file is None:
        click.echo(drawn, nl=False)
    else:
        file.write_text(drawn, encoding="utf-8")
