"""Errors over HTTP: every 4xx and 5xx is a problem document (RFC 9457)."""

from __future__ import annotations

import logging
import traceback
import uuid
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from knowledge_base.errors import BadRequest, NhaRongError, NotCovered, TooManyTries, UnknownId

log = logging.getLogger(__name__)

TYPE = "urn:nha-rong:problem:"
"""Problem types start with this; what follows names the kind."""
STATUS: dict[type[NhaRongError], tuple[int, str, str]] = {
    BadRequest: (422, "not-accepted", "This can't be answered as it is"),
    UnknownId: (404, "unknown", "There is nothing with this id"),
    TooManyTries: (429, "too-many-tries", "Too many wrong tries"),
    NotCovered: (404, "not-covered", "Nothing holds on this day"),
}


class ProblemResponse(JSONResponse):
    """A problem document."""

    media_type = "application/problem+json"


def problem(
    status: int,
    kind: str | None = None,
    title: str | None = None,
    detail: str | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> ProblemResponse:
    """A problem document; without `kind` the status says all there is to say."""
    body: dict[str, Any] = {
        "type": f"{TYPE}{kind}" if kind else "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        body["detail"] = detail
    return ProblemResponse(body | more, status_code=status, headers=headers)


async def on_http_error(request: Request, error: Exception) -> ProblemResponse:
    """404, 405 and the like from routing."""
    assert isinstance(error, HTTPException)  # noqa: S101
    detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    headers = dict(error.headers) if error.headers else None
    return problem(error.status_code, detail=detail, headers=headers)


async def on_invalid(request: Request, error: Exception) -> ProblemResponse:
    """Malformed JSON is 400, JSON of the wrong shape 422. What was sent is not repeated: it may
    hold an identity number."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(e["type"] == "json_invalid" for e in found):
        return problem(400, "malformed-json", "The body is not JSON")
    errors = [{"at": "/".join(map(str, e["loc"])), "message": e["msg"]} for e in found]
    detail = "; ".join(f"{e['at']}: {e['message']}" for e in errors)
    return problem(422, "wrong-shape", "The request has the wrong shape", detail, errors=errors)


async def on_own_error(request: Request, error: Exception) -> ProblemResponse:
    """Errors of the project that say something to the caller; others are internal."""
    for kind, (status, name, title) in STATUS.items():
        if isinstance(error, kind):
            return problem(status, name, title, str(error))
    return internal(error)


def internal(error: BaseException) -> ProblemResponse:
    """A 500 with an id that is also in the log. Messages of exceptions may quote what a person
    wrote, so the log gets the error's kind and the lines it passed through, never its message."""
    error_id = uuid.uuid4().hex[:12]
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))
    log.error("internal error %s: %s at %s", error_id, type(error).__qualname__, where)
    return problem(
        500, "internal", "Something went wrong here", "The error is in the log.", error_id=error_id
    )


class CatchAll:
    """Outermost layer around the application: what nothing else caught becomes a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if started:
                raise
            await internal(error)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Answer every error with a problem document."""
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(NhaRongError, on_own_error)
    app.add_middleware(CatchAll)
