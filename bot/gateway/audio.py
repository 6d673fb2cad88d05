"""Sound of prompts: `/audio/<key>.<format>`, with ranges (phones ask for them) and long caching."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, Response

from bot.gateway.parts import parts
from bot.gateway.problems import problem
from voices.errors import EngineUnavailable, VoiceError

MEDIA_TYPES = {"ogg": "audio/ogg", "m4a": "audio/mp4", "aac": "audio/aac"}
CACHE = "private, max-age=31536000, immutable"
"""A key names its content, so what it plays never changes; private because a prompt may say
which paper a family is missing."""
PERSONAL = "p"
"""Keys of prompts with a person's own words begin with it (`voices.store.KEY`)."""
PERSONAL_CACHE = "private, no-store"
RETRY_SECONDS = 30

router = APIRouter()


@router.get("/audio/{key}.{format}")
async def audio(
    request: Request,
    key: Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_\-]+$")],
    format: Annotated[Literal["ogg", "m4a", "aac"], Path()],
    speed: Annotated[Literal["normal", "slow"], Query()] = "normal",
) -> Response:
    """The sound of a prompt; 404 where there is none, 503 where no voice can speak it now."""
    return await sound(request, key, format, speed)


async def sound(request: Request, key: str, format: str, speed: str) -> Response:
    """The sound of a key, or the problem that says why there is none."""
    speaker = parts(request).speaker
    if speaker is None:
        return problem(404, "no-audio", "Nothing here speaks")
    try:
        path = await speaker.audio(key, format, speed)
    except EngineUnavailable:
        retry = {"retry-after": str(RETRY_SECONDS)}
        return problem(503, "no-voice", "No voice can speak this now", headers=retry)
    except VoiceError:
        return problem(404, "no-audio", "There is no sound with this key")
    cache = PERSONAL_CACHE if key.startswith(PERSONAL) else CACHE
    return FileResponse(path, media_type=MEDIA_TYPES[format], headers={"cache-control": cache})
