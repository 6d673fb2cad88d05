"""A small page of every emulator, to type as a citizen and see what the bot answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

if TYPE_CHECKING:
    from tests.emulators.base import Emulator

PAGE = Path(__file__).with_name("page.html")


def add_page(app: FastAPI, emulator: Emulator) -> None:
    """`/` is the page; `/_/people/<id>` what it talks to."""

    @app.get("/")
    async def page() -> Response:
        return HTMLResponse(PAGE.read_text("utf-8").replace("{name}", type(emulator).__name__))

    @app.get("/_/people/{id}")
    async def transcript(id: str) -> list[dict[str, Any]]:
        return emulator.person(id).transcript()

    @app.post("/_/people/{id}")
    async def act(id: str, request: Request) -> Response:
        asked = await request.json()
        person = emulator.person(id)
        try:
            if asked.get("tap"):
                person.taps(asked["tap"])
            else:
                person.sends(asked["text"])
        except AssertionError as error:
            return Response(str(error), 409)
        return Response(status_code=204)

    @app.get("/_/people/{id}/sounds/{index}")
    async def sound(id: str, index: int) -> Response:
        inbox = emulator.person(id).inbox
        if not 0 <= index < len(inbox) or not inbox[index].file:
            return Response(status_code=404)
        return Response(inbox[index].file, media_type="audio/ogg")
