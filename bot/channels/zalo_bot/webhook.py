"""`POST /zalo/bot/webhook`."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from bot.channels.webhooks import BODY_LIMIT, problem, read_body

PATH = "/zalo/bot/webhook"

TEST = "webhook.test"
SECRET_HEADER = "X-Bot-Api-Secret-Token"


def webhook_router(
    secret: str | None, accept: Callable[[dict[str, Any]], Awaitable[None]]
) -> APIRouter:
    """The route that hands updates to `accept`; with no secret (polling) everything is refused.

    Zalo has been seen to ask with an empty body whether the address is there, and its page for
    bots tests it with an event that says nothing; whether that one is signed is not known."""
    router = APIRouter()

    @router.post(PATH, include_in_schema=False)
    async def webhook(request: Request) -> Response:
        body = await read_body(request)
        if body is None:
            return problem(413, f"an update has at most {BODY_LIMIT} bytes")
        if body.strip() in (b"", b"{}"):
            return Response(status_code=200)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            data = None
        if isinstance(data, dict) and data.get("event_name") == TEST:
            return Response(status_code=200)
        given = request.headers.get(SECRET_HEADER, "")
        if secret is None or not hmac.compare_digest(given.encode(), secret.encode()):
            return problem(401, f"the header {SECRET_HEADER} is missing or wrong")
        if not isinstance(data, dict):
            return problem(400, "the body is not an update in JSON")
        await accept(data)
        return Response(status_code=200)

    return router
