"""`POST /counter/write`: a clerk's word to the citizen whose case is open."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from bot.gateway.counter import Code, closed, logged_in, opened, page
from bot.gateway.parts import parts
from bot.supplement import supplement, way_to
from knowledge_base.errors import NhaRongError
from knowledge_base.guide import journey

router = APIRouter(include_in_schema=False)

Paper = Annotated[list[str], Form(max_length=40)]
Once = Annotated[str, Form(pattern="^[0-9a-f]{16}$")]


@router.post("/counter/write")
async def write(request: Request, once: Once, case: Code = "", paper: Paper = []) -> Response:  # noqa: B006 - FastAPI copies it
    """Send it, once: the page that was shown names it."""
    if not logged_in(request):
        return closed(request)
    here = parts(request)
    assistant: Any = here.assistant
    try:
        conversation, turn = await opened(request, case)
        under_way = journey(
            assistant.knowledge, turn.entry or "", turn.answers, here.settings.day()
        )
        way = await way_to(conversation, turn, here.channels)
    except NhaRongError:
        return page(request, "start", 404, problem="no_case", undelivered=[])
    told = {}
    if not isinstance(way, str):
        say = supplement(under_way, paper)
        reply = assistant.unasked(say, turn.language, way.channel.capabilities)
        new = await way.channel.notify(conversation, reply, way.not_after, f"supplement {once}")
        told = {"told": "written" if new else "written_before"}
    return RedirectResponse(f"/counter/case?{urlencode({'case': case} | told)}", 303)
