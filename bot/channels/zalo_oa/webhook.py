"""`POST /zalo/oa/webhook`: 200 as soon as the event is stored, since Zalo waits 2 seconds."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from bot.channels.webhooks import BODY_LIMIT, problem, read_body
from bot.channels.zalo_oa.signature import HEADER, TIMESTAMP_HEADER, genuine

PATH = "/zalo/oa/webhook"


def webhook_router(
    secrets: Sequence[str], accept: Callable[[dict[str, Any]], Awaitable[None]]
) -> APIRouter:
    """The route that hands genuine events to `accept`.

    Zalo asks with `{}` or nothing, unsigned, whether the address is there."""
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def webhook(request: Request) -> Response:
        body = await read_body(request)
        if body is None:
            return problem(413, f"an event has at most {BODY_LIMIT} bytes")
        try:
            data = json.loads(body) if body.strip() else {}
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            return problem(400, "the body is not an event in JSON")
        if not data:
            return Response(status_code=200)
        given = request.headers.get(HEADER, "")
        if not genuine(given, body, data, request.headers.get(TIMESTAMP_HEADER, ""), secrets):
            return problem(401, f"the header {HEADER} is missing or wrong")
        await accept(data)
        return Response(status_code=200)

    return router
