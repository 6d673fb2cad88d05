"""Spoken messages over the API."""

from __future__ import annotations

import httpx
import pytest

from bot.engine import Engine
from bot.listening import MOST_BYTES
from bot.settings import Settings
from tests.fakes.assistant import FakeAssistant
from tests.gateway.people import browser, running
from tests.voices.sounds import tone
from voices.encode import encode

VOICE = "/api/conversations/mother-1/voice"
OGG = {"content-type": "audio/ogg"}


async def test_the_sound_reaches_the_assistant(
    client: httpx.AsyncClient, assistant: FakeAssistant
) -> None:
    answer = await client.post(f"{VOICE}?language=vi&event=7", content=b"sound", headers=OGG)
    assert answer.status_code == 200, answer.text
    incoming = assistant.received[-1]
    assert (incoming.voice, incoming.language, incoming.event) == (b"sound", "vi", "7")
    assert incoming.conversation == "web:mother-1"


@pytest.mark.parametrize(("size", "status"), [(MOST_BYTES, 200), (MOST_BYTES + 1, 413)])
async def test_its_size(client: httpx.AsyncClient, size: int, status: int) -> None:
    answer = await client.post(VOICE, content=bytes(size), headers=OGG)
    assert answer.status_code == status


async def test_other_paths_take_no_more_than_before(client: httpx.AsyncClient) -> None:
    body = b'{"text": "' + b"x" * 70_000 + b'"}'
    answer = await client.post("/api/conversations/mother-1/messages", content=body)
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "image/png", ""])
async def test_other_kinds_are_refused(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post(VOICE, content=b"sound", headers={"content-type": kind})
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"


async def test_heard_and_confirmed(engine: Engine, settings: Settings) -> None:
    sound = encode(tone(2.0), "ogg")
    async with running(engine, settings) as app, browser(app) as client:
        first = (await client.post(VOICE, content=sound, headers=OGG)).json()
        assert (
            first["messages"][0]["text"] == "Nhà Rông nghe là: “khai sinh cho con”. Có đúng không?"
        )
        answer = await client.post(
            "/api/conversations/mother-1/messages", json={"choice": "act:confirm"}
        )
        assert answer.json()["state"]["procedure"] == "birth_registration"
