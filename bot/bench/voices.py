"""`rong bench voices`: how long a listener waits for sound."""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from voices.encode import FORMATS, decode
from voices.library import Library

TEXT = "Anh chị chuẩn bị giấy chứng sinh, rồi bấm nút Tiếp theo. Đây là câu thứ {number}."
BUDGET_MS = 50


@click.command()
@click.option("--prompts", default=40, show_default=True, help="Different prompts.")
@click.option("--hits", default=2000, show_default=True, help="Fetches from the cache.")
def command(prompts: int, hits: int) -> None:
    """Time first renderings and cache hits with the offline voice, in a cache of its own."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("", "n", "p50 ms", "p99 ms", "slowest ms"):
        table.add_column(column, justify="right" if column else "left")
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder), online=False)
        try:
            rows, seconds = asyncio.run(_measure(library, prompts, hits))
        finally:
            library.close()
    for name, times in rows.items():
        p50, p99 = percentile(times, 50), percentile(times, 99)
        table.add_row(name, str(len(times)), f"{p50:.2f}", f"{p99:.2f}", f"{max(times):.2f}")
    console = Console(highlight=False)
    console.print(table)
    console.print(f"sound of one prompt: {seconds:.1f} s; a cache hit should stay ≤ {BUDGET_MS} ms")


async def _measure(
    library: Library, prompts: int, hits: int
) -> tuple[dict[str, list[float]], float]:
    """Milliseconds of each fetch by kind, and the seconds of sound in one prompt."""
    keys = [_key(library, number) for number in range(prompts)]
    rows = {
        f"first, {form}": [await _fetch(library, key, form) for key in keys] for form in FORMATS
    }
    rows["cached, one listener"] = [
        await _fetch(library, keys[number % prompts], "ogg") for number in range(hits)
    ]
    rows["cached, 20 listeners"] = [
        took
        for number in range(hits // 20)
        for took in await asyncio.gather(
            *(_fetch(library, keys[(number + n) % prompts], "ogg") for n in range(20))
        )
    ]
    sound = await asyncio.to_thread((await library.audio(keys[0], "ogg")).read_bytes)
    return rows, decode(sound).duration


def _key(library: Library, number: int) -> str:
    key = library.register("vi", f"bench.{number}", TEXT.format(number=number))
    if key is None:
        raise click.ClickException("no offline voice speaks Vietnamese here; see `rong voices`")
    return key


async def _fetch(library: Library, key: str, form: str) -> float:
    """Milliseconds until the bytes are in hand."""
    begin = time.perf_counter()
    path = await library.audio(key, form)
    await asyncio.to_thread(path.read_bytes)
    return (time.perf_counter() - begin) * 1000


def percentile(times: Sequence[float], percent: float) -> float:
    """The smallest time that `percent` of the times do not exceed (nearest rank)."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
