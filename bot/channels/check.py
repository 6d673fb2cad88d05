"""Whether the messengers are set up rightly, in words: what `rong channels check` says.

A channel's package may have a module `check` with `findings(settings, http)`; what it raises or
yields is told. Nothing is sent to anybody.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from bot import channels
from bot.channels.quiet import redact_tokens
from bot.fetching import HERE
from bot.settings import Settings
from knowledge_base.errors import SettingsError

CLOCK_SECONDS = 60
"""A clock that differs more makes signatures, links and the messengers' hours wrong."""
TIMEOUT = 10


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `text` says what is wrong and what to do."""

    channel: str
    text: str
    ok: bool = False


async def check_channels(
    settings: Settings, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Finding]:
    """Findings of every channel that is set up."""
    redact_tokens()
    names = sorted(module.name for module in pkgutil.iter_modules(channels.__path__))
    async with httpx.AsyncClient(timeout=TIMEOUT, transport=transport) as http:
        for name in names:
            connect = getattr(importlib.import_module(f"bot.channels.{name}"), "connect", None)
            if connect is None:
                continue
            try:
                channel = connect(settings, None, None)
            except SettingsError as error:
                yield Finding(name, str(error))
                continue
            if channel is None:
                yield Finding(name, "not set up (docs/operator.md says how)", ok=True)
                continue
            async for finding in importlib.import_module(f"bot.channels.{name}.check").findings(
                settings, http
            ):
                yield finding


async def address(
    name: str, settings: Settings, path: str, api_url: str, http: httpx.AsyncClient
) -> AsyncIterator[Finding]:
    """Whether `RONG_PUBLIC_URL` is of the form messengers want, and answers at `path`."""
    found = urlsplit(settings.public_url)
    if found.hostname in HERE and urlsplit(api_url).hostname in HERE:
        yield Finding(name, "an emulator on this computer: no public address is needed", ok=True)
        return
    if not settings.public_url:
        yield Finding(name, "RONG_PUBLIC_URL is missing: the https address of this server")
        return
    if found.scheme != "https" or not found.hostname:
        yield Finding(
            name, f"RONG_PUBLIC_URL: {settings.public_url} must begin with https:// and a name"
        )
        return
    if found.path.strip("/") or found.query:
        yield Finding(name, "RONG_PUBLIC_URL: only https:// and the name, nothing after it")
        return
    if found.port not in (None, 443):
        yield Finding(name, f"RONG_PUBLIC_URL: port {found.port} is not taken; use 443 (no number)")
        return
    try:
        status = (await http.get(f"{settings.public_url.rstrip('/')}/health")).status_code
    except httpx.HTTPError as error:
        yield Finding(
            name,
            f"{settings.public_url} does not answer from here ({type(error).__name__}): "
            "start the server; look at the name, the certificate and the router",
        )
        return
    if status != 200:
        yield Finding(
            name,
            f"{settings.public_url}/health answers {status}: another program listens there, "
            "or a proxy before the server is not set up",
        )
        return
    yield Finding(name, f"webhook address {settings.public_url.rstrip('/')}{path}", ok=True)


def clock(name: str, response: httpx.Response) -> Finding:
    """Whether this computer's clock is that of the messenger, by the header of an answer."""
    try:
        theirs = parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return Finding(name, "the clock could not be compared", ok=True)
    apart = time.time() - theirs
    if abs(apart) > CLOCK_SECONDS:
        way = "ahead" if apart > 0 else "behind"
        return Finding(
            name,
            f"this computer's clock is {abs(apart):.0f} s {way}: switch on time synchronisation",
        )
    return Finding(name, "clock", ok=True)
