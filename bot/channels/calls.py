"""Calls to a messenger over HTTP: what passes becomes `Later`."""

from __future__ import annotations

from typing import Any

import httpx

from bot.delivery.outbox import Later

TIMEOUT = httpx.Timeout(10, connect=5)


def client(timeout: httpx.Timeout = TIMEOUT) -> httpx.AsyncClient:
    """A client that follows no redirect: a messenger's address is what the settings say."""
    return httpx.AsyncClient(timeout=timeout, follow_redirects=False)


async def answer_of(call: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of an awaited call.

    Raises `Later` for what may be better next time: no connection, 5xx, 429, no JSON."""
    try:
        response: httpx.Response = await call
    except httpx.HTTPError as error:
        # Its message may quote the address, and that may hold a token.
        before = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        raise Later(type(error).__name__, unsure=not before, kind="unreachable") from None
    if response.status_code == 429 or response.status_code >= 500:
        kind = "limit" if response.status_code == 429 else "error"
        seconds = _seconds(response.headers.get("retry-after"))
        raise Later(f"HTTP {response.status_code}", seconds, kind=kind)
    try:
        data = response.json()
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Later(f"HTTP {response.status_code} and no JSON object")
    return response.status_code, data


def milliseconds(value: object) -> int:
    """A time since 1970 in milliseconds, which may come as text; 0 for what can be none."""
    found = whole(value, 0)
    return found if 0 < found < 2**53 else 0


def whole(value: object, otherwise: int) -> int:
    """A whole number that may come as text; `otherwise` for anything else, also for one so long
    that it means nothing."""
    text = str(value)[:20]
    try:
        return int(text) if len(text) < 20 else otherwise
    except ValueError:
        return otherwise


def _seconds(given: str | None) -> float | None:
    return min(float(given), 600.0) if given and given.isdecimal() else None
