"""The conversation API, and what pages and programs may ask about languages and procedures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field, model_validator

from bot.channels.base import Capabilities, Incoming
from bot.gateway.parts import Assistant, parts
from bot.gateway.wire import reply_json, with_audio_url
from knowledge_base.errors import EngineError, UnknownId

CAPABILITIES = Capabilities(
    buttons=24,
    text_length=4000,
    label_length=200,
    voice_formats=("ogg", "m4a"),
    pictures=True,
    voice_in=True,
    links=True,
)
"""What the pages can show."""
PREFIX = "web:"
"""Conversations of this API; nobody reaches another channel's conversations through it."""

ConversationId = Annotated[
    str, Path(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.:\-]+$", alias="id")
]
Language = Annotated[str | None, Query(min_length=2, max_length=35)]

router = APIRouter(prefix="/api")


class NewMessage(BaseModel):
    """What a person sends: words or the value of a button."""

    text: str | None = None
    choice: Annotated[str | None, Field(max_length=200)] = None
    language: Annotated[str | None, Field(min_length=2, max_length=35)] = None
    event: Annotated[str | None, Field(min_length=1, max_length=128)] = None
    """An id of the sender's own: the same event sent again is answered once."""

    @model_validator(mode="after")
    def one_of_both(self) -> NewMessage:
        """Exactly one of text and choice, and not blank."""
        if (self.text is None) == (self.choice is None):
            raise ValueError("send either text or choice")
        if not (self.text or self.choice or "").strip():
            raise ValueError("text and choice must not be blank")
        try:
            "".join(filter(None, (self.text, self.choice, self.language, self.event))).encode()
        except UnicodeEncodeError:
            raise ValueError("half a character (a lone surrogate) can't be kept") from None
        return self


def assistant(request: Request) -> Assistant:
    """The assistant of the running application."""
    return parts(request).assistant


Asked = Annotated[Assistant, Depends(assistant)]


def source_of(request: Request) -> str:
    """Where a request comes from, for counting wrong tries."""
    return f"address {request.client.host if request.client else 'unknown'}"


@router.post("/conversations/{id}/messages")
async def send(
    request: Request, id: ConversationId, message: NewMessage, asked: Asked
) -> dict[str, Any]:
    """Answer one message; a new id starts a conversation."""
    incoming = Incoming(
        PREFIX + id,
        message.text,
        message.choice,
        message.language,
        event=message.event,
        source=source_of(request),
    )
    return await answer(incoming, asked)


async def answer(incoming: Incoming, asked: Assistant) -> dict[str, Any]:
    """The assistant's answer as the API gives it."""
    reply = await asked.handle(incoming, CAPABILITIES)
    if not reply.messages:
        raise EngineError("the assistant answered with nothing")
    return reply_json(reply)


@router.get("/conversations/{id}")
async def resume(id: ConversationId, asked: Asked) -> dict[str, Any]:
    """The last messages again and the state."""
    reply = await asked.resume(PREFIX + id, CAPABILITIES)
    if reply is None:
        raise UnknownId("there is no such conversation; it may have been erased")
    return reply_json(reply)


@router.delete("/conversations/{id}", status_code=204)
async def erase(
    id: ConversationId, asked: Asked, codes: Literal["keep", "forget"] = "forget"
) -> Response:
    """Forget everything about the conversation; one that isn't there is as good as erased.
    `?codes=keep` leaves the codes it gave out good for their time: the kiosk forgets a visitor
    who goes on elsewhere."""
    if codes == "keep":
        await asked.erase(PREFIX + id, keep_codes=True)
    else:
        await asked.erase(PREFIX + id)
    return Response(status_code=204)


@router.get("/languages")
async def languages(asked: Asked) -> list[dict[str, Any]]:
    """Languages to choose from: code, own name."""
    return [with_audio_url(language) for language in asked.languages()]


@router.get("/ui")
async def words(asked: Asked, language: Language = None) -> dict[str, Any]:
    """Words of the pages: id → text, Vietnamese, draft, audio."""
    return {id: with_audio_url(word) for id, word in asked.ui(language or "vi").items()}


@router.get("/procedures")
async def procedures(
    request: Request, asked: Asked, on: date | None = None
) -> list[dict[str, Any]]:
    """The procedures as they hold on a day (default today)."""
    return asked.procedures(on or parts(request).settings.day())


@router.get("/procedures/{id}")
async def procedure(
    request: Request, id: str, asked: Asked, language: Language = None, on: date | None = None
) -> dict[str, Any]:
    """One procedure as it holds on a day (default today), in a language (default Vietnamese)."""
    return asked.procedure(id, language or "vi", on or parts(request).settings.day())
