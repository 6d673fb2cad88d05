"""`POST /telegram/webhook`."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

PATH = "/telegram/webhook"
BODY_LIMIT = 1_000_000
"""Most bytes of an update; real ones have a few thousand."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def webhook_router(
    secret: str | None, accept: Callable[[dict[str, Any]], Awaitable[None]]
) -> APIRouter:
    """The route that hands updates to `accept`; with no secret (polling) everything is refused.

    `accept` raises `ValueError` for what is not an update."""
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def webhook(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if secret is None or not hmac.compare_digest(given.encode(), secret.encode()):
            return problem(401, f"the header {SECRET_HEADER} is missing or wrong")
        body = await _body(request)
        if body is None:
            return problem(413, f"an update has at most {BODY_LIMIT} bytes")
        try:
            data = json.loads(body)
            if not isinstance(data, dict):
                raise ValueError("an update is a JSON object")
            await accept(data)
        except (ValueError, RecursionError):
            return problem(400, "the body is not a Telegram update in JSON")
        return Response(status_code=200)

    return router


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def problem(status: int, detail: str) -> JSONResponse:
    """A problem document (RFC 9457)."""
    return JSONResponse(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        },
        status_code=status,
        media_type="application/problem+json",
    )
