"""Checklists to take along: PDF and print page, of a conversation or of answers in the address."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.documents.answers import given_answers
from bot.documents.checklist import Checklist
from bot.documents.desk import Desk
from bot.gateway.api import CAPABILITIES, PREFIX, Asked, ConversationId, Language
from bot.gateway.pages import fingerprint, templates
from bot.gateway.parts import parts
from bot.gateway.wire import picture_url
from knowledge_base.errors import BadRequest, UnknownId

PAGE_OF = "ui.page_of"
OWN = ("language", "on")
"""Parameters that are not answers."""

router = APIRouter(prefix="/api")


def desk(request: Request) -> Desk:
    """Where the running application makes documents. Raises `UnknownId` where it can't."""
    found: Desk | None = getattr(parts(request).assistant, "desk", None)
    if found is None:
        raise UnknownId("there are no documents here")
    return found


Made = Annotated[Desk, Depends(desk)]
Day = Annotated[date | None, Query()]


async def of_conversation(
    request: Request, id: ConversationId, asked: Asked, made: Made, language: Language = None
) -> Checklist:
    """The checklist of a conversation, in its language or the one asked for."""
    reply = await asked.resume(PREFIX + id, CAPABILITIES)
    if reply is None:
        raise UnknownId("there is no such conversation; it may have been erased")
    state = reply.state
    if state.procedure is None:
        raise BadRequest("no procedure is under way in this conversation")
    on = parts(request).settings.day()
    return made.checklist(state.procedure, state.answers, language or state.language, on)


async def of_answers(
    request: Request, id: str, made: Made, language: Language = None, on: Day = None
) -> Checklist:
    """The checklist of a procedure; every other parameter is the answer to a question."""
    day = on or parts(request).settings.day()
    given = [(name, value) for name, value in request.query_params.multi_items() if name not in OWN]
    answers = given_answers(made.knowledge, id, given, day)
    return made.checklist(id, answers, language or "vi", day)


OfConversation = Annotated[Checklist, Depends(of_conversation)]
OfAnswers = Annotated[Checklist, Depends(of_answers)]


@router.get("/conversations/{id}/checklist.pdf")
async def conversation_pdf(made: Made, sheet: OfConversation) -> Response:
    """What this family has to prepare, one page to print."""
    return await pdf_response(made, sheet)


@router.get("/conversations/{id}/checklist")
async def conversation_page(request: Request, sheet: OfConversation) -> Response:
    """The same as a page that can be printed."""
    return page(request, sheet)


@router.get("/procedures/{id}/checklist.pdf")
async def procedure_pdf(made: Made, sheet: OfAnswers) -> Response:
    """What a family with these answers has to prepare, one page to print."""
    return await pdf_response(made, sheet)


@router.get("/procedures/{id}/checklist")
async def procedure_page(request: Request, sheet: OfAnswers) -> Response:
    """The same as a page that can be printed."""
    return page(request, sheet)


async def pdf_response(made: Desk, sheet: Checklist) -> Response:
    """The checklist as PDF; set in a thread, because it takes some hundredths of a second."""
    from bot.documents.typeset import pdf

    page_of = made.renderer.silent().phrase(PAGE_OF, "vi").text
    body = await run_in_threadpool(pdf, sheet, picture_url, page_of)
    name = f'inline; filename="{sheet.procedure}.pdf"'
    return Response(body, media_type="application/pdf", headers={"content-disposition": name})


def page(request: Request, sheet: Checklist) -> Response:
    """The checklist as a page of its own; its PDF is at the same address with `.pdf`."""
    query = f"?{request.url.query}" if request.url.query else ""
    context: dict[str, Any] = {
        "sheet": sheet,
        "picture": picture_url,
        "static": f"/static/v-{fingerprint()}",
        "pdf": f"{request.url.path}.pdf{query}",
    }
    return templates.TemplateResponse(request, "checklist.html", context)
