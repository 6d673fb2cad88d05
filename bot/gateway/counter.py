"""`/counter`: the clerk's page. Plain forms and links, for any browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from bot.counter import Desk
from bot.engine import EngineTurn
from bot.gateway.api import source_of
from bot.gateway.guards import HEADERS
from bot.gateway.pages import fingerprint, templates
from bot.gateway.parts import parts
from bot.linking import code_in
from bot.links import link_secret
from bot.supplement import way_to
from knowledge_base.errors import BadRequest, NhaRongError, TooManyTries

router = APIRouter(include_in_schema=False)

COOKIE = "rong_counter"
SHIFT = 12 * 3600
"""Seconds a clerk stays logged in."""
HERE = ("127.0.0.1", "::1")
NAMES_OF_HERE = ("localhost", "127.0.0.1", "::1")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip")
POLICY = HEADERS["content-security-policy"].replace("form-action 'none'", "form-action 'self'")
WORDS = "bot.counter_"
TOLD = ("written", "written_before")
"""What came of a clerk's message."""

Code = Annotated[str, Form(max_length=40)]
Password = Annotated[str, Form(max_length=200)]
Asked = Annotated[str | None, Query(max_length=200)]


@router.get("/counter")
async def counter(request: Request) -> Response:
    """The form for a code, and what could not be delivered."""
    if not logged_in(request):
        return closed(request)
    return page(request, "start", undelivered=await undelivered(request))


@router.post("/counter/login")
async def login(request: Request, password: Password = "") -> Response:
    """Log in for a shift."""
    wanted = _password(request)
    if wanted is None:
        return closed(request)
    links = parts(request).assistant.carrier.links  # type: ignore[attr-defined]
    await links.open()
    try:
        async with links.tries.one([f"counter {source_of(request)}"]):
            if not hmac.compare_digest(password.encode(), wanted.encode()):
                raise BadRequest("a wrong password")
    except TooManyTries:
        return page(request, "login", 429, problem="too_many")
    except BadRequest:
        return page(request, "login", 403, problem="wrong_password")
    answer = RedirectResponse("/counter", 303)
    until = str(int(time.time()) + SHIFT)
    answer.set_cookie(
        COOKIE,
        f"{until}.{_mac(request, until)}",
        max_age=SHIFT,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/counter",
    )
    return answer


@router.post("/counter/logout")
async def logout(request: Request) -> Response:
    """Log out."""
    answer = RedirectResponse("/counter", 303)
    answer.delete_cookie(COOKIE, path="/counter")
    return answer


@router.post("/counter/open")
async def open_case(request: Request, code: Code = "") -> Response:
    """From the citizen's code to the case."""
    if not logged_in(request):
        return closed(request)
    found = code_in(code)
    try:
        if found is None:
            raise BadRequest("this is not a code")
        carrier = parts(request).assistant.carrier  # type: ignore[attr-defined]
        case = await carrier.open_case(found, [f"clerk {source_of(request)}"])
    except NhaRongError as error:
        many = isinstance(error, TooManyTries)
        gone = await undelivered(request)
        problem = "too_many" if many else "no_case"
        return page(request, "start", 429 if many else 404, problem=problem, undelivered=gone)
    return RedirectResponse(f"/counter/case?{urlencode({'case': case})}", 303)


async def opened(request: Request, case: str | None) -> tuple[str, EngineTurn]:
    """The conversation of a clerk's code, and where it stands. Raises `UnknownId`,
    `TooManyTries`."""
    carrier = parts(request).assistant.carrier  # type: ignore[attr-defined]
    found: tuple[str, EngineTurn] = await carrier.case(
        code_in(case) or "", [f"clerk {source_of(request)}"]
    )
    return found


@router.get("/counter/case")
async def show_case(
    request: Request,
    case: Asked = None,
    at: Asked = None,
    language: Asked = None,
    told: Asked = None,
) -> Response:
    """One stop of a case."""
    if not logged_in(request):
        return closed(request)
    here = parts(request)
    assistant: Any = here.assistant
    try:
        conversation, turn = await opened(request, case)
        desk = Desk(assistant.knowledge, assistant.renderer, here.settings.day())
        tongue = language or turn.language
        view = desk.case(turn, tongue, at)
    except NhaRongError:
        return page(request, "start", 404, problem="no_case", undelivered=[])

    def link(**other: str) -> str:
        asked = {"case": case, "at": view.at if view else "", "language": tongue} | other
        return f"/counter/case?{urlencode(asked)}"

    languages = [one for one in assistant.languages() if one["code"] != "vi"]
    way = await way_to(conversation, turn, here.channels)
    writing = {
        "case": case,
        "obstacle": way if isinstance(way, str) else None,
        "once": secrets.token_hex(8),
        "told": told if told in TOLD else None,
    }
    return page(
        request,
        "case",
        view=view,
        link=link,
        languages=languages,
        tongue=tongue,
        writing=writing,
    )


def logged_in(request: Request) -> bool:
    """Whether cases may be shown: with the password's cookie, or on this very computer where no
    password is set."""
    if _password(request) is None:
        return from_here(request)
    until, _, mac = request.cookies.get(COOKIE, "").partition(".")
    right = hmac.compare_digest(mac.encode(), _mac(request, until).encode())
    return right and until.isdecimal() and int(until) >= time.time()


def closed(request: Request) -> Response:
    """The page that asks for the password, or says that there is none."""
    return page(request, "login" if _password(request) else "closed", 403)


def page(request: Request, part: str, status: int = 200, **shown: Any) -> Response:
    """The page with one of its parts; never kept by the browser."""
    texts = parts(request).assistant.phrases(WORDS)  # type: ignore[attr-defined]
    words = {id.removeprefix(WORDS): text for id, text in texts.items()}
    context = {
        "part": part,
        "words": words,
        "static": f"/static/v-{fingerprint()}",
        "has_password": _password(request) is not None,
        **shown,
    }
    headers = {"cache-control": "no-store", "content-security-policy": POLICY}
    return templates.TemplateResponse(request, "counter.html", context, status, headers=headers)


async def undelivered(request: Request) -> list[dict[str, str]]:
    """What each messenger gave up, of the person only the end of the number; and first why all of
    its messages wait, where staff must do something."""
    rows = []
    for channel in parts(request).channels:
        if problem := getattr(channel, "problem", None):
            rows.append({"channel": channel.name, "person": "*", "reason": problem})
        asked = getattr(channel, "undelivered", None)
        for conversation, reason in await asked() if asked else ():
            person = conversation.partition(":")[2]
            rows.append({"channel": channel.name, "person": f"…{person[-4:]}", "reason": reason})
    return rows


def _password(request: Request) -> str | None:
    given = parts(request).settings.counter_password
    return (given.get_secret_value() or None) if given else None


def from_here(request: Request) -> bool:
    """From this computer, by its own name: not through a tunnel or proxy, which would make the
    whole world local, nor from a page whose name was made to point here."""
    local = request.client is not None and request.client.host in HERE
    forwarded = any(name in request.headers for name in FORWARDED)
    return local and not forwarded and (request.url.hostname or "") in NAMES_OF_HERE


def _mac(request: Request, until: str) -> str:
    """Made with the password too, so that a new one logs everybody out."""
    key = f"{link_secret(parts(request).settings)} {_password(request)}".encode()
    return hmac.new(key, f"counter {until}".encode(), hashlib.sha256).hexdigest()
