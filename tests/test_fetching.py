"""Fetching what people sent: only from hosts that are listed, only so much, only so long."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from bot.fetching import allowed, fetch
from knowledge_base.errors import FetchFailed, FetchRefused

HOSTS = ("api.telegram.org", ".zdn.vn")
URL = "https://api.telegram.org/file/bot1:secret/voice/1.oga"


@pytest.mark.parametrize(
    "url",
    [URL, "https://f2-voice-aac-dl.zdn.vn/7161/2e67.aac", "https://API.telegram.org:443/x"],
)
def test_listed_hosts(url: str) -> None:
    assert allowed(url, HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.telegram.org/x",
        "https://api.telegram.org.evil.example/x",
        "https://evil.example/api.telegram.org",
        "https://api.telegram.org@evil.example/x",
        "https://user:password@api.telegram.org/x",
        "https://api.telegram.org:8443/x",
        "https://zdn.vn.evil.example/x",
        "https://evilzdn.vn/x",
        "https://zdn.vn/x",
        "http://127.0.0.1:8000/x",
        "http://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "file:///etc/passwd",
        "ftp://api.telegram.org/x",
        "https://api.telegram.org:99999/x",
        "https://[broken/x",
        "",
    ],
)
async def test_everything_else_is_refused_unasked(url: str) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    with pytest.raises(FetchRefused) as raised:
        await get(never, url)
    assert "evil" not in str(raised.value)


def test_this_computer_only_where_it_is_listed() -> None:
    assert allowed("http://127.0.0.1:8081/file", ("127.0.0.1",))
    assert not allowed("http://127.0.0.1:8081/file", ("localhost",))


async def get(
    answer: Callable[[httpx.Request], httpx.Response], url: str = URL, limit: int = 1000
) -> bytes:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        return await fetch(url, HOSTS, limit, 0.3, client)


async def test_the_bytes() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 100

    assert await get(lambda _: httpx.Response(200, content=pieces())) == b"x" * 1000


async def test_one_byte_too_many_stops_it() -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield b"x" * 100

    with pytest.raises(FetchRefused):
        await get(lambda _: httpx.Response(200, content=endless()))
    assert given <= 12, "read no further than the limit"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 410])
async def test_redirects_and_refusals_are_final(status: int) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(status, headers={"location": "https://evil.example/"})

    with pytest.raises(FetchRefused):
        await get(answer)
    assert asked == ["api.telegram.org"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_what_passes_may_be_tried_again(status: int) -> None:
    with pytest.raises(FetchFailed):
        await get(lambda _: httpx.Response(status))


async def test_a_broken_connection_names_no_address() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no way to {request.url}")

    with pytest.raises(FetchFailed) as raised:
        await get(answer)
    assert "secret" not in str(raised.value)


async def test_what_comes_too_slowly() -> None:
    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.05)

    with pytest.raises(FetchFailed):
        await get(lambda _: httpx.Response(200, content=trickle()))


async def test_a_compressed_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(50_000_000))

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "identity"
        return httpx.Response(200, headers={"content-encoding": "gzip"}, content=bomb[:500])

    with pytest.raises(FetchRefused):
        await get(answer)
