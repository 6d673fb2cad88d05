"""The measuring itself: its arithmetic, its table, and what it says without stock Rasa."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from bot.bench import _turns, engine
from bot.commands import bench
from bot.training import Trained
from knowledge_base.errors import EngineError

OURS = {
    "start": 8.0,
    "start_cpu": 7.0,
    "memory": 250e6,
    "memory_after": 260e6,
    "p50": 0.004,
    "p95": 0.008,
    "p99": 0.009,
    "turn_cpu": 0.004,
    "turns": 300,
    "turns_per_second": 200.0,
    "installed": 400e6,
    "python": "3.11",
}
STOCK = {**OURS, "start": 40.0, "memory": 1000e6, "turns_per_second": 20.0}


@pytest.mark.parametrize(
    ("percent", "value"), [(50, 50.0), (95, 95.0), (99, 99.0), (100, 100.0), (0, 1.0)]
)
def test_percentile_is_nearest_rank(percent: int, value: float) -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert _turns.percentile(values, percent) == value


def test_percentile_of_one() -> None:
    assert _turns.percentile([3.0], 99) == 3.0


def test_installed_counts_what_is_required_once() -> None:
    fastapi, starlette = _turns.installed("fastapi"), _turns.installed("starlette")
    assert fastapi > starlette > 100_000
    assert _turns.installed("no-such-thing") == 0


def test_resident_is_plausible() -> None:
    assert 10e6 < _turns.resident() < 10e9


def printed(figures: dict[str, dict[str, Any]]) -> str:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(engine.table(figures))
    return console.export_text()


def test_table_compares() -> None:
    told = printed({"nha-rong": OURS, "stock": STOCK}).splitlines()
    rows = {row.split("│")[1].strip(): row for row in told if row.count("│") > 3}
    assert "8.0 s" in rows["start to first answer"]
    assert "5.0" in rows["start to first answer"].split("│")[4]
    assert "10.0" in rows["turns a second, one after the other"].split("│")[4]


def test_says_how_to_get_stock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "STOCK", tmp_path)
    monkeypatch.setattr(engine, "trained", lambda: Trained(tmp_path / "model.tar.gz"))
    monkeypatch.setattr(engine, "run", lambda contender, turns: OURS)
    told = CliRunner().invoke(bench.command, ["engine", "--json"])
    assert told.exit_code == 0
    assert "make bench-stock" in told.stderr
    assert json.loads(told.stdout) == {"nha-rong": OURS}


def test_failure_is_told(tmp_path: Path) -> None:
    broken = engine.Contender("stock", Path(sys.executable), tmp_path / "none.tar.gz", tmp_path)
    with pytest.raises(EngineError, match="stock could not be measured"):
        engine.run(broken, 1)


def test_turns_runs_without_the_project_on_its_path() -> None:
    """The environment of stock Rasa has none of our packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import runpy; runpy.run_path({_turns.__file__!r})"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
