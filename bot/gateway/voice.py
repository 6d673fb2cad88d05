"""`POST /api/conversations/{id}/voice`: a spoken message from a page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from bot.channels.base import Incoming
from bot.gateway.api import PREFIX, Asked, ConversationId, Language, answer, source_of
from bot.gateway.problems import problem

router = APIRouter(prefix="/api")

KINDS = ("audio/", "video/webm", "video/mp4", "application/ogg", "application/octet-stream")
"""What browsers call recorded sound."""


@router.post("/conversations/{id}/voice", response_model=None)
async def speak(
    request: Request,
    id: ConversationId,
    asked: Asked,
    language: Language = None,
    event: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
) -> dict[str, Any] | Response:
    """Answer a spoken message; the body is the sound file as it is. What was heard is read back
    for confirmation, as `bot.heard`. Nothing of the sound is kept."""
    kind = request.headers.get("content-type", "").lower()
    if not kind.startswith(KINDS):
        return problem(415, "no-sound", "Send a sound file", "For example audio/ogg, audio/webm.")
    incoming = Incoming(
        PREFIX + id,
        language=language,
        event=event,
        voice=await request.body(),
        source=source_of(request),
    )
    return await answer(incoming, asked)
