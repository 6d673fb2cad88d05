"""The channel in an application of its own; as a program, for tests that kill it."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from bot.channels.turns import Speaker
from bot.gateway import links
from bot.gateway.parts import Parts
from bot.settings import Settings
from tests.channels.assistant import SmallAssistant
from tests.channels.speaker import SilentSpeaker


def application(
    settings: Settings, assistant: SmallAssistant, speaker: Speaker, name: str
) -> FastAPI:
    """Serves the channel of that name as the gateway does."""
    connect = importlib.import_module(f"bot.channels.{name}").connect
    channel = connect(settings, assistant, speaker)
    assert channel is not None

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        await channel.start()
        yield
        await channel.stop()

    app = FastAPI(lifespan=life)
    app.include_router(channel.router)
    app.include_router(links.router)
    app.state.parts = Parts(settings, assistant, speaker, [channel])
    app.state.channel = channel
    return app


def main() -> None:
    """`python -m tests.channels.app <JSON>`: channel, port, journal, slow_seconds, settings."""
    options = json.loads(sys.argv[1])
    journal = Path(options["journal"])
    assistant = SmallAssistant(options["slow_seconds"], journal)
    settings = Settings(_env_file=None, **options["settings"])
    app = application(settings, assistant, SilentSpeaker(journal.parent), options["channel"])
    uvicorn.run(app, port=options["port"], log_level="error", ws="none")


if __name__ == "__main__":
    main()
