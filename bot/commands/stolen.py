"""`rong stolen`: which procedure takes another's questions, and which topic another's."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from bot.settings import PROJECT

if TYPE_CHECKING:
    from bot.stolen import Pair, Theft


@click.command()
@click.option("--language", help="Show one folder of nlu_data only (all are learnt from).")
@click.option(
    "--most",
    type=click.FloatRange(0, 1),
    help="Exit 1 if a procedure loses a greater share than this (0 to 1) to any one other.",
)
@click.option(
    "--top", default=15, show_default=True, type=click.IntRange(0), help="Rows of each table."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(language: str | None, most: float | None, top: int, as_json: bool) -> None:
    """Print each text that models which did not see it take for another procedure or topic, as
    `path:line: "text" (its own) is taken for another`, and tables of who takes how many from whom.

    Five models each learn from four fifths of nlu_data and of the procedures' names and examples,
    and read the rest; nothing of Rasa is loaded. Takes about a minute."""
    from bot.known_texts import known_texts
    from bot.stolen import PROCEDURE, judge, pairs, thefts

    judged = list(judge(list(known_texts(PROJECT))))
    spoken = sorted({one.known.language for one in judged})
    if language and language not in spoken:
        raise click.BadParameter(f"there are: {', '.join(spoken)}", param_hint="--language")
    judged = [one for one in judged if language in (None, one.known.language)]
    found = thefts(judged)
    counted = pairs(judged, found)
    if as_json:
        click.echo(_json(found, counted))
    else:
        for theft in found:
            click.echo(str(theft))
        _print_tables(counted, top)
    over = [p for p in counted if p.kind == PROCEDURE and most is not None and p.share > most]
    for pair in over:
        told = f"{pair.thief} takes {pair.stolen} of {pair.of} ({pair.share:.1%}) of {pair.victim}"
        click.echo(f"{pair.language}: {told}, more than {most:.1%}", err=True)
    sys.exit(1 if over else 0)


def _json(found: Sequence[Theft], counted: Sequence[Pair]) -> str:
    stolen: list[dict[str, Any]] = [
        {
            "path": theft.known.path,
            "line": theft.known.line,
            "text": theft.known.text,
            "language": theft.known.language,
            "kind": theft.kind,
            "victim": theft.victim,
            "thief": theft.thief,
        }
        for theft in found
    ]
    told = [{**asdict(pair), "share": round(pair.share, 4)} for pair in counted]
    return json.dumps({"stolen": stolen, "pairs": told}, ensure_ascii=False, indent=1)


def _print_tables(counted: Sequence[Pair], top: int) -> None:
    console = Console(width=100)
    for (language, kind), group in groupby(counted, key=lambda p: (p.language, p.kind)):
        rows = list(group)
        stolen, more = sum(pair.stolen for pair in rows), len(rows) - top
        table = Table(
            "thief",
            "victim",
            title=f"{language}: {stolen} texts taken for another {kind}",
            caption=f"and {more} pairs more" if more > 0 else None,
        )
        for header in ("stolen", "of", "share"):
            table.add_column(header, justify="right")
        for pair in rows[:top]:
            share = f"{pair.share:.1%}"
            table.add_row(pair.thief, pair.victim, str(pair.stolen), str(pair.of), share)
        console.print(table)
