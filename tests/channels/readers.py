"""The webhook parser of every channel, alike: `READERS[name](data)`, and recorded payloads."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from telegram import Bot

from bot.channels.telegram import updates as telegram
from bot.channels.zalo_bot import updates as zalo_bot
from bot.channels.zalo_oa import events as zalo_oa

PAYLOADS = Path(__file__).parent / "payloads"

Reader = Callable[[dict[str, Any]], Any]


@cache
def _bot() -> Bot:
    return Bot("42:abc")


def _telegram(data: dict[str, Any]) -> Any:
    return telegram.read(data, _bot())


READERS: dict[str, Reader] = {
    "telegram": _telegram,
    "zalo_bot": zalo_bot.read,
    # The recorded events are years old.
    "zalo_oa": lambda data: zalo_oa.read(data, now=1540390853.0),
}


@cache
def recorded(channel: str) -> list[dict[str, Any]]:
    """The recorded payloads of a channel: `name`, `body`, `reads`."""
    found: list[dict[str, Any]] = yaml.safe_load((PAYLOADS / f"{channel}.yml").read_text("utf-8"))
    return found
