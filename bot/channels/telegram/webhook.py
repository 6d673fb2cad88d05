"""`POST /telegram/webhook`."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from bot.channels.webhooks import BODY_LIMIT, problem, read_body

PATH = "/telegram/webhook"

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
        body = await read_body(request)
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
