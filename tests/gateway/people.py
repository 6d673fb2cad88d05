"""The application with the real assistant, for what the fake can't show."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.assistant import Guided
from bot.engine import Engine
from bot.gateway.app import create_app
from bot.listening import Listener
from bot.render import Renderer
from bot.settings import Settings
from tests.shipped import content
from voices.library import Library
from voices.recognisers.fake import FakeRecogniser


@asynccontextmanager
async def running(engine: Engine, settings: Settings) -> AsyncIterator[Any]:
    """The application, started."""
    shipped = content()
    speaker = Library.open(settings.audio_cache, online=False)
    renderer = Renderer(shipped.knowledge, shipped.catalogs, shipped.languages, speaker)
    listener = Listener([FakeRecogniser()])
    known = (shipped.knowledge, renderer, shipped.languages, speaker, listener)
    app = create_app(settings, Guided(settings, engine, *known))
    async with app.router.lifespan_context(app):
        yield app


def browser(app: Any, host: str = "203.0.113.9", name: str = "test") -> httpx.AsyncClient:
    """A browser at an address, with its own cookies."""
    transport = httpx.ASGITransport(app, client=(host, 4000))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{name}")


async def taps(client: httpx.AsyncClient, id: str, choices: Sequence[str]) -> dict[str, Any]:
    """The answer to the last of several taps."""
    body: dict[str, Any] = {}
    for choice in choices:
        answer = await client.post(f"/api/conversations/{id}/messages", json={"choice": choice})
        assert answer.status_code == 200, answer.text
        body = answer.json()
    return body
