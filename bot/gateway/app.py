"""The FastAPI application: pages, conversation API, sound, and the connected messengers."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from bot import channels
from bot.channels.base import Channel
from bot.gateway import (
    api,
    audio,
    carry,
    counter,
    documents,
    library,
    links,
    metrics,
    pages,
    problems,
    voice,
    writing,
)
from bot.gateway.guards import BodyLimit, SecurityHeaders
from bot.gateway.parts import Assistant, Parts, Speaker
from bot.settings import Settings

log = logging.getLogger(__name__)


def connected(settings: Settings, assistant: Assistant, speaker: Any) -> Iterator[Channel]:
    """The messengers that are set up, found by looking into `bot.channels`."""
    for module in sorted(pkgutil.iter_modules(channels.__path__), key=lambda found: found.name):
        connect = getattr(importlib.import_module(f"bot.channels.{module.name}"), "connect", None)
        channel: Channel | None = connect(settings, assistant, speaker) if connect else None
        if channel is not None:
            yield channel


async def build(settings: Settings) -> Assistant:
    """The real assistant; imported here, because loading Rasa takes seconds and megabytes."""
    assistant: Assistant = await importlib.import_module("bot.assistant").build(settings)
    return assistant


def create_app(
    settings: Settings, assistant: Assistant | None = None, speaker: Speaker | None = None
) -> FastAPI:
    """The application. Without an assistant the real one is built when the application starts;
    without a speaker the assistant's own is used, if it has one."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        answering = assistant or await build(settings)
        speaking = speaker or getattr(answering, "speaker", None)
        async with AsyncExitStack() as stack:
            if close := getattr(answering, "close", None):
                stack.push_async_callback(close)
            found = list(connected(settings, answering, speaking))
            app.state.parts = Parts(settings, answering, speaking, found)
            for channel in found:
                app.include_router(channel.router)
                await channel.start()
                stack.push_async_callback(channel.stop)
                log.info("channel %s connected", channel.name)
            if remind := getattr(answering, "use_channels", None):
                remind(found)
            yield

    app = FastAPI(
        title="Nhà Rông",
        version=version("nha-rong"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.include_router(api.router)
    app.include_router(audio.router)
    app.include_router(documents.router)
    app.include_router(library.router)
    app.include_router(links.router)
    for one in (voice, carry, counter, writing, metrics):
        app.include_router(one.router)
    pages.install(app)
    app.add_middleware(BodyLimit)
    problems.install(app)
    app.add_middleware(metrics.CountRefused)
    app.add_middleware(SecurityHeaders)
    return app
