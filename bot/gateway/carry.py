"""`/api/link`: going on with a conversation of another device, by its code."""

from __future__ import annotations

import io
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from bot.carrying import code_address
from bot.gateway.api import CAPABILITIES, PREFIX, Asked, source_of
from bot.gateway.parts import parts
from bot.gateway.wire import reply_json
from bot.linking import ALPHABET, LONG, code_in
from knowledge_base.errors import UnknownId

router = APIRouter(prefix="/api")

LongCode = Annotated[str, Path(pattern=rf"^[{ALPHABET}]{{{LONG}}}$")]


class Code(BaseModel):
    """A code as it was typed or scanned."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


@router.post("/link")
async def take_over(request: Request, given: Code, asked: Asked) -> dict[str, Any]:
    """Take a conversation over: a new one that stands where the other did, with its messages.
    A code is good once."""
    code = code_in(given.code)
    if code is None:
        raise UnknownId("this is not a code")
    id = secrets.token_hex(16)
    reply = await asked.take_over(code, PREFIX + id, source_of(request), CAPABILITIES)
    return {"id": id} | reply_json(reply)


@router.get("/link/{code}.svg", include_in_schema=False)
async def picture(request: Request, code: LongCode) -> Response:
    """The link of a code as a QR picture. It is drawn here and holds nothing but the address."""
    import segno

    base = parts(request).settings.public_url or str(request.base_url)
    drawn = io.BytesIO()
    segno.make(code_address(base.rstrip("/"), code), error="m").save(
        drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml")
