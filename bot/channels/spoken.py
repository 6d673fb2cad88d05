"""Spoken messages of a messenger: what is kept of one, and fetching it when its turn has come.

The inbox keeps only where the sound is. So messages stay in order, a kill loses nothing, and no
sound is ever written down.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.channels.base import Incoming
from bot.channels.calls import whole
from bot.channels.turns import VOICE
from bot.delivery.courier import ATTEMPTS
from bot.listening import LONGEST, MOST_BYTES
from knowledge_base.errors import FetchFailed, FetchRefused, FetchTooLarge

log = logging.getLogger(__name__)

_ADDRESS = re.compile(r"[!-~]{1,2000}")

TOO_LONG = "act:voice_too_long"


def spoken(address: object, seconds: object = 0, size: object = 0) -> dict[str, Any]:
    """The body of a spoken message: `voice` is its address or id; one that says itself that it is
    too long or too large is never fetched."""
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return {"choice": VOICE}
    if whole(seconds, 0) > LONGEST or whole(size, 0) > MOST_BYTES:
        return {"choice": TOO_LONG}
    return {"voice": address}


async def listened(
    incoming: Incoming, attempts: int, sound: Callable[[], Awaitable[bytes]]
) -> Incoming:
    """The message with its sound; with a kind choice instead where there is none to be had.

    Raises `FetchFailed` while it may still work when the event is tried again."""
    try:
        return replace(incoming, text=None, choice=None, voice=await sound())
    except FetchTooLarge:
        return replace(incoming, text=None, choice=TOO_LONG)
    except FetchRefused as error:
        log.info("a spoken message was not fetched: %s", error)
    except FetchFailed as error:
        log.warning("a spoken message could not be fetched: %s", error)
        if attempts + 1 < ATTEMPTS:
            raise
    return replace(incoming, text=None, choice=VOICE)
