"""`/library`: the whole knowledge base to read and search, for clerks and the curious."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from bot.documents.desk import Desk
from bot.documents.flow_svg import svg
from bot.documents.search import search
from bot.gateway.documents import Made
from bot.gateway.guards import HEADERS
from bot.gateway.pages import fingerprint, templates
from bot.gateway.parts import parts
from bot.gateway.wire import picture_url
from knowledge_base.errors import NotCovered, UnknownId

POLICY = "content-security-policy"
ALLOWED = {POLICY: HEADERS[POLICY].replace("form-action 'none'", "form-action 'self'")}
"""These pages send forms, to themselves."""
SOURCE = "vi"

router = APIRouter(prefix="/library", include_in_schema=False)

Language = Annotated[str, Query(max_length=35)]
Day = Annotated[str, Query(max_length=10)]


class Here:
    """What a page of the library needs besides its own content."""

    def __init__(self, request: Request, desk: Desk, language: str, on: str) -> None:
        self.request, self.desk = request, desk
        self.today = parts(request).settings.day()
        self.on = _day(on) or self.today
        known = _known(desk, language)
        self.language = known or SOURCE
        self.book = desk.book(self.language)

    def url(self, path: str = "", **changed: str) -> str:
        """An address below the library that keeps day and language."""
        query = {"language": self.language, "on": self.on.isoformat(), **changed}
        if query["language"] == SOURCE:
            del query["language"]
        if query["on"] == self.today.isoformat():
            del query["on"]
        path, hash_, anchor = path.partition("#")
        return "/library" + path + (f"?{urlencode(query)}" if query else "") + hash_ + anchor

    def respond(self, name: str, status: int = 200, **context: Any) -> Response:
        """A page from its template."""
        data = {
            "here": self,
            "static": f"/static/v-{fingerprint()}",
            "t": self.book,
            "picture": picture_url,
            "languages": [(code, self.desk.languages[code].name) for code in self.offered()],
            "day": {"date": self.on.isoformat()},
            **context,
        }
        return templates.TemplateResponse(
            self.request, name, data, status_code=status, headers=ALLOWED
        )

    def offered(self) -> tuple[str, ...]:
        return tuple(self.desk.languages.offered())


@router.get("")
async def front(
    request: Request,
    made: Made,
    q: Annotated[str, Query(max_length=1000)] = "",
    language: Language = SOURCE,
    on: Day = "",
) -> Response:
    """The procedures by theme, or those in which something was found."""
    here = Here(request, made, language, on)
    listed = await run_in_threadpool(made.index, here.on)
    found = search(listed, q)
    themes = {} if q.strip() else made.themes(here.on)
    return here.respond("library.html", q=q, found=found, listed=listed, themes=themes)


@router.get("/{id}")
async def procedure(
    request: Request, id: str, made: Made, language: Language = SOURCE, on: Day = ""
) -> Response:
    """Everything known about a procedure."""
    here = Here(request, made, language, on)
    try:
        page = made.page(id, here.language, here.on)
        flow = made.flow(id, here.language, here.on)
    except (UnknownId, NotCovered) as error:
        missing = "bot.library_nothing_today" if isinstance(error, NotCovered) else None
        what = here.book(missing or "bot.library_no_page")
        return here.respond("library_missing.html", status=404, what=what)
    drawn = Markup(svg(flow, link=lambda to: here.url(f"/{to}")))
    return here.respond("library_procedure.html", page=page, flow=flow, drawn=drawn)


@router.get("/{id}/flow.svg")
async def picture(
    request: Request, id: str, made: Made, language: Language = SOURCE, on: Day = ""
) -> Response:
    """The flow diagram by itself."""
    here = Here(request, made, language, on)
    drawn = svg(made.flow(id, here.language, here.on))
    return Response(drawn, media_type="image/svg+xml")


def _day(text: str) -> date | None:
    """A day from an address; None where there is none that can be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _known(desk: Desk, language: str) -> str | None:
    try:
        return desk.languages.resolve(language)
    except UnknownId:
        return None
