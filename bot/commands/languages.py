"""`rong languages`: how much of each language is translated, and how far it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

import click
from rich import box
from rich.console import Console
from rich.table import Table

from knowledge_base.catalogs import Status
from knowledge_base.coverage import coverage
from knowledge_base.languages import Languages, load_languages
from knowledge_base.load import load
from knowledge_base.messages import messages


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with figures of each catalog.")
def command(as_json: bool) -> None:
    """Print how many texts of each language are reviewed, draft, stale and untranslated."""
    languages = load_languages()
    table = coverage(messages(load()), languages)
    if as_json:
        click.echo(json.dumps(_as_data(table, languages), ensure_ascii=False, indent=2))
    else:
        Console(highlight=False).print(_as_table(table, languages))


Coverage = Mapping[str, Mapping[str, Counter[Status]]]


def _as_data(table: Coverage, languages: Languages) -> dict[str, object]:
    return {
        code: {
            "name": languages[code].name,
            "offered": languages[code].offered,
            **{status.value: _total(domains)[status] for status in Status},
            "catalogs": {
                domain: {status.value: counts[status] for status in Status}
                for domain, counts in domains.items()
            },
        }
        for code, domains in table.items()
    }


def _as_table(table: Coverage, languages: Languages) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column("", no_wrap=True)
    shown.add_column("language")
    for heading in (*Status, "pilot", "live"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for code, domains in table.items():
        total, texts = _total(domains), _total(domains).total()
        language = languages[code]
        name = language.name if language.offered else f"({language.name})"
        pilot = total[Status.REVIEWED] + total[Status.DRAFT]
        figures = [str(total[status]) for status in Status]
        shares = [_percent(pilot, texts), _percent(total[Status.REVIEWED], texts)]
        shown.add_row(code, name, *figures, *shares)
    shown.caption = "In brackets: not offered. pilot, live: share shown; the rest is Vietnamese."
    return shown


def _total(domains: Mapping[str, Counter[Status]]) -> Counter[Status]:
    total: Counter[Status] = Counter()
    for counts in domains.values():
        total.update(counts)
    return total


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"
