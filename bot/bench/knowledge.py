"""`rong bench knowledge`: how long loading and checking take, and an answer of the API."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.table import Table

from bot.settings import Settings, load_settings
from knowledge_base.checks import problems
from knowledge_base.load import KnowledgeBase, load

RUNS = 5
LAW_CHANGE = ("2027-02-28", "2027-03-01")
LIMITS = {"load and check": 1.0, "API answer, p99": 0.020}
"""Seconds they may take."""


@click.command("knowledge")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (seconds).")
def command(as_json: bool) -> None:
    """Measure loading, checking and answering for every procedure.

    Processor time, which other load on the machine does not change; best of several runs. The
    API is asked for each procedure in each language, on the days around the next law change,
    through the application without a network."""
    settings = load_settings()
    knowledge = load(commune=settings.commune)
    today = settings.day()
    loading = best(lambda: load(commune=settings.commune))
    checking = best(lambda: list(problems(knowledge, today)))
    answers = sorted(asyncio.run(asked(settings, knowledge)))
    figures = {
        "procedures": len(knowledge.procedures),
        "texts": len(knowledge.texts),
        "load": loading,
        "check": checking,
        "load and check": loading + checking,
        "API answers": len(answers),
        "API answer, p50": answers[len(answers) // 2],
        "API answer, p99": answers[int(len(answers) * 0.99)],
    }
    if as_json:
        click.echo(json.dumps(figures, indent=2))
    else:
        Console().print(table(figures))


def best(run: Callable[[], Any]) -> float:
    """Seconds of the fastest of several runs."""
    taken = []
    for _ in range(RUNS):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return min(taken)


async def asked(settings: Settings, knowledge: KnowledgeBase) -> list[float]:
    """Seconds of each answer of `GET /api/procedures/{id}`."""
    from bot.assistant import Guided
    from bot.content import read
    from bot.gateway.app import create_app
    from bot.render import Renderer
    from voices.library import Library

    content = read(settings.commune)
    languages, taken = content.languages, []
    with tempfile.TemporaryDirectory() as folder:
        speaker = Library.open(Path(folder), online=False)
        renderer = Renderer(knowledge, content.catalogs, languages, speaker, settings.publish)
        no_engine: Any = None  # nobody talks
        assistant = Guided(settings, no_engine, knowledge, renderer, languages, speaker)
        quiet = Settings(_env_file=None, data_dir=Path(folder))  # type: ignore[call-arg]
        app = create_app(quiet, assistant, speaker)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://test") as client,
        ):
            for procedure, language, day in product(
                knowledge.procedures, languages.offered(), LAW_CHANGE
            ):
                address = f"/api/procedures/{procedure}?language={language}&on={day}"
                started = time.process_time()
                answer = await client.get(address)
                taken.append(time.process_time() - started)
                answer.raise_for_status()
    return taken


def table(figures: dict[str, float]) -> Table:
    """The figures in people's units, beside what they may be."""
    shown = Table(title="Knowledge base")
    for heading in ("", "measured", "at most"):
        shown.add_column(heading, justify="right" if heading else "left")
    for name, value in figures.items():
        limit = LIMITS.get(name)
        shown.add_row(name, _told(value), _told(limit) if limit else "")
    return shown


def _told(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value * 1000:.1f} ms"
