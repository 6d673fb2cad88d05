"""Measures one engine in this process: `python _turns.py nha-rong|stock <model> <turns> <since>`.

Run as a file by the Python of the environment that is measured, so it needs nothing but that
engine, and both engines are measured by the same lines. `since` is the Unix time at which the
process was asked for. Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Ask = Callable[[int], Awaitable[None]]
"""Asks for turn number n and waits for its answer."""

WARM_UP = 10
CONVERSATION = 12
"""Turns of one conversation; then another begins."""
STOCK_TEXTS = ("hello", "i am so sad", "no", "hi", "i am great", "bye")
OUR_TEXTS = ("tôi muốn đăng ký khai sinh cho con", "cần giấy tờ gì", "bao nhiêu tiền")
OUR_ANSWER = "3 tháng trước"


async def stock(model: str) -> tuple[Ask, str]:
    """The starter project that `rasa init` makes, as its makers configure it."""
    import logging

    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    agent = Agent.load(model)

    async def ask(number: int) -> None:
        text = STOCK_TEXTS[number % len(STOCK_TEXTS)]
        answers = await agent.handle_text(text, sender_id=str(number // CONVERSATION))
        if text == "hello" and not answers:
            raise RuntimeError("the stock starter gave no answer")

    return ask, "rasa"


async def nha_rong(model: str) -> tuple[Ask, str]:
    """Our engine on the project's own data: a journey, every third message typed."""
    import tempfile

    from bot.engine import Engine
    from bot.settings import Settings
    from knowledge_base.load import load

    folder = tempfile.mkdtemp()
    engine = Engine.load(Settings(data_dir=Path(folder), database_url=""), Path(model), load())
    offered: list[str] = []

    async def ask(number: int) -> None:
        position = number % CONVERSATION
        answers = [] if position % 3 == 0 else offered
        text = OUR_TEXTS[position // 3 % len(OUR_TEXTS)] if position % 3 == 0 else OUR_ANSWER
        choice = answers[0] if answers else None
        turn = await engine.turn(str(number // CONVERSATION), None if choice else text, choice)
        values = [choice.value for say in turn.says for choice in say.choices]
        offered[:] = [v for v in values if v.split(":")[0] in ("answer", "goto", "start")]
        offered.extend(v for v in values if v in ("act:next", "language:vi"))

    return ask, "nha-rong"


async def measure(engine: str, model: str, turns: int, since: float) -> dict[str, Any]:
    """Times in seconds, sizes in bytes."""
    ask, distribution = await (stock if engine == "stock" else nha_rong)(model)
    await ask(0)
    start, start_cpu, memory = time.time() - since, time.process_time(), resident()
    for number in range(1, WARM_UP):
        await ask(number)
    took = []
    began, began_cpu = time.perf_counter(), time.process_time()
    for number in range(WARM_UP, WARM_UP + turns):
        before = time.perf_counter()
        await ask(number)
        took.append(time.perf_counter() - before)
    whole, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    return {
        "start": start,
        "start_cpu": start_cpu,
        "memory": memory,
        "memory_after": resident(),
        "p50": percentile(took, 50),
        "p95": percentile(took, 95),
        "p99": percentile(took, 99),
        "turn_cpu": cpu / turns,
        "turns": turns,
        "turns_per_second": turns / whole,
        "installed": installed(distribution),
        "python": sys.version.split()[0],
    }


def percentile(values: list[float], percent: int) -> float:
    """The smallest value that at least `percent` of a hundred don't exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def resident() -> int:
    """Bytes of memory this process holds now."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text())
        if found:
            return int(found[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def installed(distribution: str) -> int:
    """Bytes of the files of a distribution and of everything installed that it requires."""
    seen: set[str] = set()
    waiting = [distribution]
    size = 0
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform, or left out
        paths = [Path(str(file.locate())) for file in found.files or ()]
        size += sum(path.stat().st_size for path in paths if path.is_file())
        required = [r for r in found.requires or () if "extra ==" not in r]
        waiting += [re.split(r"[^\w.-]", r, maxsplit=1)[0] for r in required]
    return size


if __name__ == "__main__":
    _, kind, path, count, asked = sys.argv
    print(json.dumps(asyncio.run(measure(kind, path, int(count), float(asked)))))
