"""`rong diff A B`: what changed for citizens between two versions, in words."""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from contextlib import ExitStack
from datetime import datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path

import click

from bot.settings import PROJECT
from knowledge_base.diff import Side, differences
from knowledge_base.errors import UnknownId
from knowledge_base.load import KnowledgeBase, load

FOLDER = "knowledge_base"
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("before")
@click.argument("after", default=".")
@click.option("--on", type=DAY, multiple=True, help="Compare this day; given twice, two days.")
@click.option("--only", help="Only this procedure.")
def command(before: str, after: str, on: tuple[datetime, ...], only: str | None) -> None:
    """Tell what changed for citizens from BEFORE to AFTER, each a revision of git or a folder
    (AFTER: the files as they are).

    `rong diff . . --on 2027-02-28 --on 2027-03-01` tells what a new law changes."""
    days = [day.date() for day in on]
    first = days[0] if days else None
    with ExitStack() as open_folders:
        old, new = (_read(place, open_folders) for place in (before, after))
    sides = Side(old, first), Side(new, days[-1] if days else None)
    found = [one for one in differences(*sides) if only in (None, one.procedure)]
    for procedure, changes in groupby(found, key=lambda one: one.procedure):
        click.echo(f"{procedure}:")
        for change in changes:
            click.echo(f"  - {change.text}")
    click.echo(f"{len(found)} changes" if found else "nothing changes for citizens", err=True)


def _read(place: str, open_folders: ExitStack) -> KnowledgeBase:
    """The knowledge base in a folder or of a revision. Raises `UnknownId` where there is none."""
    for root in (Path(place) / FOLDER, Path(place)):
        if (root / "procedures").is_dir():
            return load(root)
    archive = subprocess.run(
        ["git", "archive", "--format=tar", place, FOLDER], cwd=PROJECT, capture_output=True
    )
    if archive.returncode:
        told = archive.stderr.decode(errors="replace").strip().splitlines()[:1]
        raise UnknownId(f"'{place}' is neither a folder with {FOLDER} nor a revision: {told}")
    root = Path(open_folders.enter_context(tempfile.TemporaryDirectory()))
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(root, filter="data")
    return load(root / FOLDER)
