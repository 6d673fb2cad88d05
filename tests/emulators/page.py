"""A small page of every emulator, to type as a citizen and see what the bot answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from tests.emulators.troubles import troubles

if TYPE_CHECKING:
    from tests.emulators.base import Emulator

PAGE = Path(__file__).with_name("page.html")


TITLES = {
    "telegram": "Telegram",
    "zalo_oa": "Zalo Official Account",
    "zalo_bot": "Zalo bot",
}


def add_page(app: FastAPI, emulator: Emulator) -> None:
    """`/` is the page; `/_/people/<id>` what it talks to."""

    @app.get("/")
    async def page() -> Response:
        return HTMLResponse(PAGE.read_text("utf-8").replace("{name}", TITLES[emulator.name]))

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

    @app.post("/_/people/{id}/voice")
    async def speak(id: str, request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0]
        sound = await request.body()
        emulator.person(id).speaks(sound, kind.rpartition("/")[2] or "webm")
        return Response(status_code=204)

    @app.get("/_/troubles")
    async def known() -> list[str]:
        return list(troubles(emulator))

    @app.post("/_/troubles")
    async def trouble(request: Request) -> Response:
        does = troubles(emulator).get((await request.json())["trouble"])
        if does is None:
            return Response("no such trouble", 404)
        # It may call the bot, which may be waiting for us.
        await anyio.to_thread.run_sync(does)
        return Response(status_code=204)

    @app.get("/_/people/{id}/sounds/{index}")
    async def sound(id: str, index: int) -> Response:
        inbox = emulator.person(id).inbox
        if not 0 <= index < len(inbox) or not inbox[index].file:
            return Response(status_code=404)
        return Response(inbox[index].file, media_type="audio/ogg")
