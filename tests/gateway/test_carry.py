"""From the kiosk to the phone: by code, by link, by QR picture."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.channels.base import Capabilities, Incoming
from bot.engine import Engine
from bot.linking import ALPHABET
from bot.settings import Settings
from bot.tries import MOST
from tests.gateway.people import browser, running, taps

JOURNEY = ["language:bdq", "start:birth_registration", "answer:within_deadline", "answer:facility"]
SPOKEN = re.compile(rf"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}")
PICTURE = re.compile(rf"/api/link/([{ALPHABET}]{{12}})\.svg")
CHAT = Capabilities(text_length=2000, links=True)


@pytest.fixture
async def app(engine: Engine, settings: Settings) -> AsyncIterator[Any]:
    async with running(engine, settings) as app:
        yield app


@pytest.fixture
def kiosk() -> str:
    return uuid.uuid4().hex


@pytest.fixture
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    # An address of its own for each test, for wrong tries are remembered.
    async with browser(app, f"2001:db8::{uuid.uuid4().hex[:4]}") as client:
        yield client


async def code_of(client: httpx.AsyncClient, id: str) -> tuple[str, str]:
    """Short and long code of a conversation."""
    (message,) = (await taps(client, id, ["act:link"]))["messages"]
    assert message["id"] == "bot.link_code"
    return SPOKEN.findall(message["text"])[0], PICTURE.findall(message["picture"])[0]


@pytest.mark.parametrize("which", [0, 1], ids=["short", "long"])
async def test_step_language_and_answers_are_kept(
    client: httpx.AsyncClient, kiosk: str, which: int
) -> None:
    before = await taps(client, kiosk, JOURNEY)
    code = (await code_of(client, kiosk))[which]
    body = (await client.post("/api/link", json={"code": code})).json()
    assert body["state"] == before["state"]
    assert body["state"]["language"] == "bdq"
    assert [m["id"] for m in body["messages"]] == ["bot.linked", before["messages"][-1]["id"]]
    after = await taps(client, body["id"], ["answer:yes"])
    assert after["state"]["answers"]["birth_notification"] == "yes"
    there = (await client.get(f"/api/conversations/{kiosk}")).json()
    assert "birth_notification" not in there["state"]["answers"]


async def test_a_code_is_good_once(client: httpx.AsyncClient, kiosk: str) -> None:
    await taps(client, kiosk, JOURNEY)
    short, long = await code_of(client, kiosk)
    assert (await client.post("/api/link", json={"code": short})).status_code == 200
    for code in (short, long):
        answer = await client.post("/api/link", json={"code": code})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


async def test_guessing_is_refused_after_a_while(
    app: Any, client: httpx.AsyncClient, kiosk: str
) -> None:
    await taps(client, kiosk, JOURNEY)
    short, _ = await code_of(client, kiosk)
    for _ in range(MOST):
        assert (await client.post("/api/link", json={"code": "222222222222"})).status_code == 404
    assert (await client.post("/api/link", json={"code": short})).status_code == 429
    async with browser(app, f"2001:db8::{uuid.uuid4().hex[:4]}") as elsewhere:
        assert (await elsewhere.post("/api/link", json={"code": short})).status_code == 200


async def test_new_conversations_are_no_new_tries(client: httpx.AsyncClient) -> None:
    told = []
    for _ in range(MOST + 1):
        where = f"/api/conversations/{uuid.uuid4().hex}/messages"
        answer = (await client.post(where, json={"text": "222-222-222-222"})).json()
        told.append(answer["messages"][0]["id"])
    assert told == ["bot.link_unknown"] * MOST + ["bot.link_locked"]


async def test_erasing_ends_the_code_unless_the_visitor_goes_on_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    for query, status in (("", 404), ("?codes=keep", 200)):
        id = uuid.uuid4().hex
        await taps(client, id, JOURNEY)
        _, long = await code_of(client, id)
        assert (await client.delete(f"/api/conversations/{id}{query}")).status_code == 204
        assert (await client.get(f"/api/conversations/{id}")).status_code == 404
        answer = await client.post("/api/link", json={"code": long})
        assert answer.status_code == status, answer.text


async def test_everything_erased_in_the_conversation_ends_the_code_too(
    client: httpx.AsyncClient, kiosk: str
) -> None:
    await taps(client, kiosk, JOURNEY)
    _, long = await code_of(client, kiosk)
    await taps(client, kiosk, ["act:delete", "act:confirm"])
    assert (await client.post("/api/link", json={"code": long})).status_code == 404


async def test_old_codes_leave_no_copies(
    app: Any, client: httpx.AsyncClient, kiosk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import linking

    assistant = app.state.parts.assistant

    async def kept() -> set[str]:
        ids = await assistant.engine._store.keys()
        return {id for id in ids if id.startswith("link:")}

    before = await kept()
    await taps(client, kiosk, JOURNEY)
    for _ in range(3):
        await code_of(client, kiosk)
    assert len(await kept() - before) == 1, "a new code takes the place of the old one"
    clock = linking.time.time()
    monkeypatch.setattr(linking.time, "time", lambda: clock + 601)
    await assistant.carrier.expire()
    assert await kept() <= before


async def test_the_picture_holds_the_link_and_nothing_else(
    client: httpx.AsyncClient, kiosk: str
) -> None:
    await taps(client, kiosk, JOURNEY)
    _, long = await code_of(client, kiosk)
    picture = await client.get(f"/api/link/{long}.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["cache-control"] == "no-store"
    import segno

    drawn = segno.make(f"http://test/?code={long}", error="m")
    assert drawn.svg_inline(
        scale=8, border=4, dark="#000", light="#fff"
    ) == picture.text.strip().replace(' xmlns="http://www.w3.org/2000/svg"', "")
    for wrong in ("short", "A" * 12, long.lower(), "..%2f..%2fx"):
        assert (await client.get(f"/api/link/{wrong}.svg")).status_code in (404, 422)


async def test_typed_in_a_messenger(app: Any, client: httpx.AsyncClient, kiosk: str) -> None:
    assistant = app.state.parts.assistant
    phone = f"zalo_oa:{uuid.uuid4().hex}"
    await taps(client, kiosk, JOURNEY)
    short, _ = await code_of(client, kiosk)
    typed = Incoming(phone, text=f"mã {short.lower()}", event="1")
    reply = await assistant.handle(typed, CHAT)
    assert reply.messages[0].id == "bot.linked"
    assert (reply.state.step, reply.state.language) == ("birth_notification", "bdq")
    assert await assistant.handle(typed, CHAT) == reply, "a repeated event"
    other = await assistant.handle(Incoming("zalo_oa:other", text=short, event="2"), CHAT)
    assert other.messages[0].id == "bot.link_unknown"


async def test_a_kill_between_taking_and_answering(
    app: Any, client: httpx.AsyncClient, kiosk: str
) -> None:
    """The code is used up, the event comes again: it is answered as if nothing had been."""
    assistant = app.state.parts.assistant
    phone = f"telegram:{uuid.uuid4().int}"
    await taps(client, kiosk, JOURNEY)
    _, long = await code_of(client, kiosk)
    await assistant.carrier.take(long, phone, ["killed"])
    reply = await assistant.handle(Incoming(phone, text=long, event="1"), CHAT)
    assert reply.messages[0].id == "bot.linked"


async def test_a_messenger_without_pictures_shows_the_address(
    engine: Engine, settings: Settings
) -> None:
    public = settings.model_copy(update={"public_url": "https://rong.example"})
    async with running(engine, public) as app:
        assistant = app.state.parts.assistant
        reply = await assistant.handle(Incoming("telegram:77", choice="act:link"), CHAT)
    text = reply.messages[0].text
    assert re.search(rf"https://rong\.example/\?code=[{ALPHABET}]{{12}}$", text, re.M), text


async def test_no_code_is_kept_with_the_conversation(
    app: Any, client: httpx.AsyncClient, kiosk: str, settings: Settings
) -> None:
    await taps(client, kiosk, JOURNEY)
    short, long = await code_of(client, kiosk)
    written = b"".join(path.read_bytes() for path in files(settings))
    for code in (short, short.replace("-", ""), long):
        assert code.encode() not in written


def files(settings: Settings) -> list[Any]:
    return [path for path in settings.data_dir.glob("rong.db*") if path.is_file()]


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "x" * 50}, {"code": 7}, {"kode": "x"}])
async def test_bad_bodies(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/api/link", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
