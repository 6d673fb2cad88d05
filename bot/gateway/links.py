"""Sound by signed link: `/a/<token>`, for messengers that take only an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from bot.gateway.audio import sound
from bot.gateway.parts import parts
from bot.gateway.problems import problem
from bot.links import PATH, audio_links

router = APIRouter()


@router.api_route(PATH + "{token}", methods=["GET", "HEAD"], include_in_schema=False)
async def linked_audio(
    request: Request, token: Annotated[str, Path(min_length=1, max_length=300)]
) -> Response:
    """The sound of a link that was sent; 404 for one that is forged or too old."""
    wanted = audio_links(parts(request).settings).read(token)
    if wanted is None:
        return problem(404, "no-audio", "This link is not good any more")
    return await sound(request, wanted.key, wanted.form, wanted.speed)
