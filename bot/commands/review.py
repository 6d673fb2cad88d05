"""`rong review`: what awaits the commune's confirmation, and the sign-off of its officers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.settings import PROJECT, load_settings
from knowledge_base.load import load
from knowledge_base.review import REASONS, Awaiting, awaiting
from knowledge_base.sign_off import sign

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, grouped by procedure.")
@click.option("--only", help="Only this procedure, `elsewhere` or `office`.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, only: str | None) -> None:
    """List what citizens are sent to the clerk for, until the commune has confirmed it."""
    if ctx.invoked_subcommand:
        return
    settings = load_settings()
    found = awaiting(load(commune=settings.commune), settings.day())
    found = [one for one in found if only in (None, one.procedure)]
    if as_json:
        click.echo(json.dumps(grouped(found), ensure_ascii=False, indent=2, default=str))
        return
    console = Console()
    for procedure, rows in groupby(found, key=lambda one: one.procedure):
        console.print(table(procedure, rows))
    console.print(f"{len(found)} to confirm, each with `rong review sign <id> --name … --date …`")


def grouped(found: list[Awaiting]) -> dict[str, list[dict[str, object]]]:
    """By procedure, ready for JSON."""
    data: dict[str, list[dict[str, object]]] = {}
    for one in found:
        data.setdefault(one.procedure, []).append(asdict(one))
    return data


def table(procedure: str, rows: Iterator[Awaiting]) -> Table:
    """What one procedure awaits."""
    shown = Table(title=procedure, title_justify="left", show_lines=True)
    for heading in ("id", "ask the clerk about", "what is written, and where it was read"):
        shown.add_column(heading, overflow="fold")
    for one in rows:
        written = one.text
        if one.begins:
            written += f"\n({one.begins} – {one.until or '…'})"
        told = [written, *one.sources, f"[{REASONS[one.reason]}]"]
        shown.add_row(one.message, one.about, escape("\n".join(part for part in told if part)))
    return shown


@command.command("sign")
@click.argument("message")
@click.option("--name", required=True, help="The officer who confirms it; for staff only.")
@click.option("--date", "on", type=DAY, help="Day of the confirmation (default: today).")
@click.option("--note", help="For staff only.")
@click.option("--correct", help="What is right, where the text is wrong.")
def sign_off(
    message: str, name: str, on: datetime | None, note: str | None, correct: str | None
) -> None:
    """Record that an officer confirms MESSAGE, an id of `rong review`; then it is shown to
    citizens, as it is or as corrected, with the day of the confirmation."""
    settings = load_settings()
    day: date = on.date() if on else settings.day()
    path = sign(message, name, day, note, correct, commune=settings.commune)
    click.echo(f"Written to {path.relative_to(PROJECT)}. Now run `rong catalogs update`.")
