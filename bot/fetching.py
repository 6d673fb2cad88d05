"""Fetching what people sent (sound, pictures) from where a messenger keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

import httpx

from knowledge_base.errors import FetchFailed, FetchRefused, FetchTooLarge

SECONDS = 15.0
"""For the whole of it, however slowly it comes."""
STEP = httpx.Timeout(5.0)
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def allowed(url: str, hosts: Collection[str]) -> bool:
    """Whether `url` is https at the usual port of a host of `hosts`; `.zdn.vn` there is any host
    below it. A host of this computer (emulators) may be plain http and at any port, but only if
    it is listed by itself."""
    try:
        address = urlsplit(url)
        host, port = (address.hostname or "").lower(), address.port
    except ValueError:
        return False
    if address.username is not None or address.password is not None:
        return False
    if host in HERE:
        return host in hosts and address.scheme in ("http", "https")
    below = any(name.startswith(".") and host.endswith(name) for name in hosts)
    return address.scheme == "https" and port in (None, 443) and (host in hosts or below)


async def fetch(
    url: str,
    hosts: Collection[str],
    limit: int,
    seconds: float = SECONDS,
    client: httpx.AsyncClient | None = None,
) -> bytes:
    """At most `limit` bytes from `url`; no redirect is followed.

    Raises `FetchTooLarge` for more bytes, `FetchRefused` for a host that is not listed and for
    what the host will never give; `FetchFailed` for what may work the next time. None names the
    address, which may hold a token."""
    if not allowed(url, hosts):
        raise FetchRefused("the address is of a host that is not listed, or not https")
    if client is None:
        async with httpx.AsyncClient(timeout=STEP, follow_redirects=False) as own:
            return await fetch(url, hosts, limit, seconds, own)
    try:
        async with asyncio.timeout(seconds):
            return await _stream(client, url, limit)
    except TimeoutError:
        raise FetchFailed(f"not there within {seconds:.0f} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchFailed(type(error).__name__) from None


async def _stream(client: httpx.AsyncClient, url: str, limit: int) -> bytes:
    # Sound and pictures are compressed already; what is compressed once more may grow without end.
    headers = {"accept-encoding": "identity"}
    async with client.stream("GET", url, headers=headers, follow_redirects=False) as response:
        status = response.status_code
        if status == 429 or status >= 500:
            raise FetchFailed(f"HTTP {status}")
        if status != 200:
            raise FetchRefused(f"HTTP {status}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise FetchRefused("compressed, though that was not asked for")
        data = bytearray()
        async for piece in response.aiter_raw():
            data += piece
            if len(data) > limit:
                raise FetchTooLarge(f"more than {limit} bytes")
        return bytes(data)
