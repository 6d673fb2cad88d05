"""The pages people see, and the files they are made of."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from importlib.metadata import version
from os import PathLike
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.templating import Jinja2Templates
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot import web
from bot.gateway.api import CAPABILITIES
from bot.gateway.parts import parts
from bot.gateway.wire import with_audio_url
from bot.listening import LONGEST

DAY = 86400
FOREVER = 365 * DAY
VERSIONED = re.compile(r"^v-[0-9a-f]{12}/")

router = APIRouter()
templates = Jinja2Templates(web.TEMPLATES)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Twelve hex digits that change when any file of the pages changes."""
    digest = hashlib.sha256()
    for path in sorted(web.STATIC.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(web.STATIC)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class PageFiles(StaticFiles):
    """Static files, also below `v-<fingerprint>/`: what is fetched there may be kept for good,
    and a module that imports `./other.js` stays below it."""

    def lookup_path(self, path: str) -> Any:
        return super().lookup_path(VERSIONED.sub("", path))

    def file_response(
        self, full_path: str | PathLike[str], stat_result: Any, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        kept = VERSIONED.match(self.get_path(scope))
        age = f"public, max-age={FOREVER}, immutable" if kept else f"public, max-age={DAY}"
        response.headers["cache-control"] = age
        return response


def page(request: Request, name: str) -> Response:
    """A page, with what its scripts must know before they ask the API."""
    here = parts(request)
    settings = here.settings
    vietnamese = {id: with_audio_url(word) for id, word in here.assistant.ui("vi").items()}
    data = {
        "idleSeconds": settings.kiosk_idle_seconds,
        "today": settings.today.isoformat() if settings.today else None,
        "language": "vi",
        "listens": here.assistant.listens() if CAPABILITIES.voice_in else [],
        "longest": LONGEST,
        "words": vietnamese,
    }
    static = f"/static/v-{fingerprint()}"
    words = {id: word["text"] for id, word in vietnamese.items()}
    context = {"data": data, "static": static, "words": words}
    return templates.TemplateResponse(request, name, context, headers={"cache-control": "no-cache"})


@router.get("/", include_in_schema=False)
async def chat(request: Request) -> Response:
    """The web chat."""
    return page(request, "chat.html")


@router.get("/kiosk", include_in_schema=False)
async def kiosk(request: Request) -> Response:
    """The touch screen."""
    return page(request, "kiosk.html")


@router.get("/health")
async def health(request: Request) -> dict[str, Any]:
    """Alive, and which model and version answer."""
    model = getattr(parts(request).assistant, "model", None)
    return {"status": "ok", "model": model, "version": version("nha-rong")}


def install(app: FastAPI) -> None:
    """Serve the pages and their files."""
    app.include_router(router)
    app.mount("/static", PageFiles(directory=web.STATIC), name="static")
