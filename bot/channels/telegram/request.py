"""HTTP for python-telegram-bot through aiohttp, which asks a third of the work of httpx; a message
sent was a quarter of all that a message answered costs."""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

READ_SECONDS = 10.0
CONNECT_SECONDS = 5.0
UPLOAD_SECONDS = 30.0
KEPT_OPEN = 4.0
"""Seconds a connection is kept for the next call; servers keep theirs a little longer."""
AT_ONCE = 64

BEFORE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class AioRequest(BaseRequest):
    """The calls of one bot."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=KEPT_OPEN),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Raises `TimedOut` or `NetworkError`."""
        await self.initialize()
        assert self._session is not None  # noqa: S101 - initialize() made it
        uploads = bool(request_data and request_data.contains_files)
        reading = _given(read_timeout, UPLOAD_SECONDS if uploads else READ_SECONDS)
        timeout = aiohttp.ClientTimeout(
            sock_connect=_given(connect_timeout, CONNECT_SECONDS), sock_read=reading
        )
        try:
            async with self._session.request(
                method, url, data=_form(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            # Its words may quote the address, and that holds the token.
            raise NetworkError(type(error).__name__) from error


def may_have_arrived(error: TelegramError) -> bool:
    """Whether Telegram may have done what was asked, and only its answer was lost."""
    return unreachable(error) and not isinstance(error.__cause__, BEFORE)


def unreachable(error: TelegramError) -> bool:
    """Whether the line is to blame, and not Telegram."""
    return isinstance(error.__cause__, aiohttp.ClientError | TimeoutError)


def _form(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    if data.contains_files:
        for name, (filename, content, kind) in data.multipart_data.items():
            form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _given(value: Any, otherwise: float) -> float | None:
    """None is no limit; what is not a number either means that the caller named none."""
    return value if value is None or isinstance(value, int | float) else otherwise
