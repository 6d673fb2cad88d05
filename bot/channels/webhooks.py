"""What every webhook does: read a body of limited size, refuse with a problem document."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import JSONResponse

BODY_LIMIT = 1_000_000
"""Most bytes of a webhook's body; real ones have a few thousand."""


async def read_body(request: Request) -> bytes | None:
    """The body as it came; None when it is longer than `BODY_LIMIT`, which is not read on."""
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
