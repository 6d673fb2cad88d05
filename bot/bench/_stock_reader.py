"""Trains stock Rasa and reads texts with it: `python _stock_reader.py <folder>`.

Run as a file by the Python of stock Rasa's environment. The folder holds `config.yml`, `nlu.yml`
and `texts.json`; `answer.json` is written there: `training` in seconds by the clock and `work`
in seconds of processor time, and for each text what was `found` and its latency in seconds.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from pathlib import Path


def main(folder: Path) -> None:
    """Train, read, write."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    started, worked = time.perf_counter(), time.process_time()
    model = train_nlu(
        str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="model"
    )
    training, work = time.perf_counter() - started, time.process_time() - worked
    agent = Agent.load(str(model))

    async def read(texts: list[str]) -> tuple[list[dict[str, object]], list[float]]:
        found, latencies = [], []
        await agent.parse_message(texts[0])
        for text in texts:
            began = time.perf_counter()
            parsed = await agent.parse_message(text)
            latencies.append(time.perf_counter() - began)
            found.append(parsed["intent"])
        return found, latencies

    found, latencies = asyncio.run(read(json.loads((folder / "texts.json").read_text("utf-8"))))
    answer = {"training": training, "work": work, "found": found, "latencies": latencies}
    (folder / "answer.json").write_text(json.dumps(answer), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
