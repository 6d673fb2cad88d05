"""Who used the processors while something was measured. Linux only: elsewhere all is 0."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cpu:
    """Seconds of processor time within `wall` seconds."""

    servers: float
    bench: float
    """Load and messenger, which are one process."""
    database: float
    """PostgreSQL's processes."""
    others: float
    """Everything else on the machine."""
    wall: float

    def __str__(self) -> str:
        database = f", database {self.database:.0f}" if self.database >= 0.5 else ""
        return (
            f"servers {self.servers:.0f}{database}, bench {self.bench:.0f}, "
            f"others {self.others:.0f} s of {os.cpu_count()} x {self.wall:.0f} s"
        )


def measuring(servers: Iterable[int]) -> Callable[[], Cpu]:
    """Begins to measure; the processes `servers` go on running. What it gives ends it."""
    pids = list(servers)
    began, before = time.monotonic(), _now(pids)

    def end() -> Cpu:
        after = _now(pids)
        own, bench, database, all = (b - a for a, b in zip(before, after, strict=True))
        others = max(0.0, all - own - bench - database)
        return Cpu(own, bench, database, others, time.monotonic() - began)

    return end


def _now(pids: list[int]) -> tuple[float, float, float, float]:
    return sum(map(_of, pids)), time.process_time(), sum(map(_of, _named("postgres"))), _all()


def _of(pid: int) -> float:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def _named(name: str) -> list[int]:
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == name:
                found.append(int(folder.name))
        except OSError:
            continue  # it has ended
    return found


def _all() -> float:
    try:
        fields = [int(n) for n in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0.0
    idle, waiting = fields[3], fields[4]
    return (sum(fields) - idle - waiting) / TICK
