"""`rong bench delivery`: nothing lost, nothing twice, nothing out of order, and how fast."""

from __future__ import annotations

import asyncio
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, make_url, text

from bot.bench._cpu import measuring
from bot.bench._delivery import Event, Load, Servers, emulator, judge, reordered
from bot.bench._turns import OUR_TEXTS, percentile

FAST = {"telegram_per_second": 1000}
"""Telegram's limit of 30 a second would hide how fast the road is."""
RATE = 50.0
OUTAGE_RATE = 5.0
RESTARTS = 30.0
"""Seconds that what was not taken while a server was down may need to come after the end."""

Row = tuple[str, str]
Run = Callable[[dict[str, Any], int], Coroutine[None, None, list[Row]]]


@click.command("delivery")
@click.option("--quick", is_flag=True, help="1,000 webhooks and 5 kills.")
@click.option("--events", type=int, help="Webhooks of the run with kills [default: 10000].")
@click.option("--kills", type=int, help="How often a server is killed [default: 20].")
@click.option("--database", default="", help="postgresql+psycopg://… [default: SQLite].")
@click.option(
    "--processes",
    "given",
    default="",
    help="Server processes, e.g. 1,2,4 [default: 1; PostgreSQL: 1,2,4].",
)
@click.option("--assistant", type=click.Choice(["real", "echo"]), default="real", show_default=True)
@click.option(
    "--only",
    "wanted",
    multiple=True,
    type=click.Choice(["kills", "latency", "outage", "throughput"]),
    help="Only these runs.",
)
@click.option("--outage", default=30.0, show_default=True, help="Seconds of the outage.")
def command(
    quick: bool,
    events: int | None,
    kills: int | None,
    database: str,
    given: str,
    assistant: str,
    outage: float,
    wanted: tuple[str, ...],
) -> None:
    """Webhooks of a Telegram emulator, on one machine with the servers and the database.

    The runs with kills, of the outage and of throughput use an assistant that only counts turns
    (echo), so that a turn made twice shows; the run for latency uses --assistant."""
    events = events or (1000 if quick else 10_000)
    kills = (5 if quick else 20) if kills is None else kills
    counts = [int(n) for n in (given or ("1,2,4" if database else "1")).split(",")]
    kind = make_url(database).get_backend_name() if database else "sqlite"
    shown = Table(title=f"Delivery on {kind}, Telegram emulator")
    for heading in ("", *(f"{n} process{'es' * (n > 1)}" for n in counts)):
        shown.add_column(heading, justify="right" if heading else "left")
    columns = []
    for processes in counts:
        rows: list[Row] = []
        runs: dict[str, Run] = {
            "kills": partial(killed, count=events, kills=kills),
            "latency": partial(timed, assistant=assistant, count=500 if quick else 3000),
            "outage": partial(out, seconds=outage),
            "throughput": partial(fast, count=500 if quick else 2000),
        }
        for name, run in runs.items():
            if wanted and name not in wanted:
                continue
            with place(database) as settings:
                rows += asyncio.run(run(settings, processes))
        columns.append(rows)
    for line in zip(*columns, strict=True):
        shown.add_row(line[0][0], *(cell for _, cell in line))
    Console(width=max(110, 60 + 50 * len(counts))).print(shown)


@contextmanager
def place(database: str) -> Iterator[dict[str, Any]]:
    """Settings with an empty database, removed afterwards: a file, or one on that server."""
    with tempfile.TemporaryDirectory() as folder:
        settings: dict[str, Any] = {"data_dir": str(Path(folder))}
        if not database:
            yield settings
            return
        name = f"rong_bench_{uuid.uuid4().hex[:8]}"
        server = create_engine(database, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = make_url(database).set(database=name).render_as_string(hide_password=False)
        try:
            yield {**settings, "database_url": url}
        finally:
            with server.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
            server.dispose()


async def killed(settings: dict[str, Any], processes: int, count: int, kills: int) -> list[Row]:
    """10 % duplicates, 5 % reordered, 2 % of messages refused with 502, and kills."""
    with emulator() as telegram:
        async with Servers(telegram, "echo", settings | FAST, processes) as servers:
            load = Load(telegram, servers)
            events = load.make(count, chats=max(100, count // 25))
            telegram.errors = 0.02
            await load.send(reordered(events, 0.05), RATE, repeated=0.1, kills=kills)
            await load.answered(events, 90 + RESTARTS)
            await asyncio.sleep(1)
            await servers.ask(*servers.ports)
            verdict = judge(load, events)
            found, again = servers.doubted["found"], servers.doubted["repeated"]
            return [
                (f"echo, {count} webhooks, {RATE:.0f}/s, {kills} kills: lost", str(verdict.lost)),
                ("  answered twice", str(verdict.twice)),
                ("  out of order", str(verdict.out_of_order)),
                ("  calls refused with 502", str(telegram.refused)),
                (
                    "  on their way when killed: found / sent again / came twice",
                    f"{found} / {again} / {verdict.sent_again}",
                ),
            ]


async def timed(settings: dict[str, Any], processes: int, assistant: str, count: int) -> list[Row]:
    """Every person's first message, at 50 a second."""
    with emulator() as telegram:
        async with Servers(telegram, assistant, settings | FAST, processes) as servers:
            load = Load(telegram, servers)
            texts = OUR_TEXTS if assistant == "real" else ("xin chào",)
            warm = load.make(10 * processes, 0, texts)
            await load.send(warm, 5)
            await load.answered(warm, 30)
            load.latencies.clear()
            events = load.make(count, 0, texts)
            used = measuring(servers.pids)
            await load.send(events, RATE)
            await load.answered(events, 60)
            cpu = used()
            replies = [got[0][1] - e.sent for e in events if (got := load.received(e.chat))]
            title = f"{assistant}, {count} messages at {RATE:.0f}/s: "
            return [
                (title + "webhook 200", _times(load.latencies)),
                (f"  reply sent ({count - len(replies)} without)", _times(replies)),
                ("  processor time", str(cpu)),
            ]


async def out(settings: dict[str, Any], processes: int, seconds: float) -> list[Row]:
    """The messenger refuses everything for a while; then at its limit of 30 a second."""
    with emulator() as telegram:
        async with Servers(telegram, "echo", settings, processes) as servers:
            load = Load(telegram, servers)
            telegram.down = True
            events = load.make(int(seconds * OUTAGE_RATE), 0, ("m",))
            await load.send(events, OUTAGE_RATE)
            telegram.down = False
            took = await load.answered(events, 240)
            return [
                (
                    f"echo, {seconds:.0f} s outage, {OUTAGE_RATE:.0f}/s, limit 30/s: drained in",
                    f"{took:.1f} s",
                ),
                ("  calls refused meanwhile", str(telegram.refused)),
                (
                    "  places a message went before an older one, p50 / most",
                    _disorder(load, events),
                ),
            ]


def _disorder(load: Load, events: list[Event]) -> str:
    got = {event.id: load.received(event.chat) for event in events}
    order = sorted((at[0][1], id) for id, at in got.items() if at)
    places = {id: place for place, id in enumerate(sorted(id for _, id in order))}
    early = [max(0, places[id] - place) for place, (_, id) in enumerate(order)]
    return f"{percentile([float(n) for n in early], 50):.0f} / {max(early)}" if early else "none"


async def fast(settings: dict[str, Any], processes: int, count: int) -> list[Row]:
    """As fast as it goes."""
    with emulator() as telegram:
        async with Servers(telegram, "echo", settings | FAST, processes) as servers:
            load = Load(telegram, servers)
            events = load.make(count, 0, ("m",))
            began, used = time.monotonic(), measuring(servers.pids)
            await load.send(events, 1e6)
            await load.answered(events, 120)
            rate = count / (time.monotonic() - began)
            return [
                (f"echo, {count} at once: answered a second", f"{rate:.0f}"),
                ("  processor time", str(used())),
            ]


def _times(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    return f"p50 {percentile(seconds, 50) * 1e3:.0f} ms, p99 {percentile(seconds, 99) * 1e3:.0f} ms"
