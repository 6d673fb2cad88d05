"""`rong bench engine`: start, memory, turns and size beside stock Rasa, measured in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bot.commands.train import trained
from bot.settings import PROJECT
from knowledge_base.errors import EngineError

STOCK = PROJECT / ".venv-stock"
TURNS = 300
MEGABYTE = 1e6
ROWS = (
    ("start", "start to first answer", "s", 1.0),
    ("start_cpu", "processor time of that", "s", 1.0),
    ("memory", "memory after the first answer", "MB", MEGABYTE),
    ("memory_after", "memory after all turns", "MB", MEGABYTE),
    ("p50", "turn, p50", "ms", 1e-3),
    ("p95", "turn, p95", "ms", 1e-3),
    ("p99", "turn, p99", "ms", 1e-3),
    ("turn_cpu", "processor time of a turn", "ms", 1e-3),
    ("turns_per_second", "turns a second, one after the other", "", 1.0),
    ("installed", "installed size", "MB", MEGABYTE),
)


@dataclass(frozen=True)
class Contender:
    """An engine to measure: the Python that has it, its model, where it runs."""

    name: str
    python: Path
    model: Path
    folder: Path


@click.command("engine")
@click.option("--turns", default=TURNS, show_default=True, help="Turns to time for each engine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (seconds and bytes).")
def command(turns: int, as_json: bool) -> None:
    """Measure our engine beside the starter project of stock Rasa.

    Each runs in a process of its own, one after the other, turns too; no HTTP. The processor times
    are the ones to compare when something else runs on the machine."""
    ours = Contender("nha-rong", Path(sys.executable), trained().path, PROJECT)
    stock = find_stock()
    if stock is None:
        click.echo("Stock Rasa is not here to compare with; `make bench-stock` makes it.", err=True)
    contenders = [ours, stock] if stock else [ours]
    figures = {contender.name: run(contender, turns) for contender in contenders}
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        Console().print(table(figures))


def find_stock() -> Contender | None:
    """The stock environment made by `make bench-stock`, if it is there and its bot is trained."""
    python = STOCK / "bin" / "python"
    models = sorted((STOCK / "starter" / "models").glob("*.tar.gz"))
    if not (python.exists() and models):
        return None
    return Contender("stock", python, models[-1], STOCK / "starter")


def run(contender: Contender, turns: int) -> dict[str, Any]:
    """Measure in a fresh process. Raises `EngineError` with what it printed if it fails."""
    script = Path(__file__).with_name("_turns.py")
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    arguments = [contender.name, str(contender.model), str(turns), str(time.time())]
    done = subprocess.run(
        [str(contender.python), "-W", "ignore", str(script), *arguments],
        cwd=contender.folder,
        env={**os.environ, **quiet, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise EngineError(f"{contender.name} could not be measured:\n{done.stderr[-3000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def table(figures: dict[str, dict[str, Any]]) -> Table:
    """The figures in people's units, and how many times better ours is."""
    turns = figures["nha-rong"]["turns"]
    shown = Table(title=f"Engine, {turns} turns", caption="stock: the project `rasa init` makes")
    for heading in ("", *figures, *(["times better"] if len(figures) > 1 else [])):
        shown.add_column(heading, justify="right" if heading else "left")
    for key, label, unit, scale in ROWS:
        values = [engine[key] / scale for engine in figures.values()]
        cells = [f"{value:.{0 if value >= 100 else 1}f} {unit}".strip() for value in values]
        if len(values) > 1:
            better = values[0] / values[1] if key == "turns_per_second" else values[1] / values[0]
            cells.append(f"{better:.1f}")
        shown.add_row(label, *cells)
    return shown
