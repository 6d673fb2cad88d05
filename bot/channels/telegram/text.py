"""Cutting text to what Telegram takes, which it counts in UTF-16 code units."""

from __future__ import annotations

from bot.channels import text as any_text
from bot.channels.text import units

__all__ = ["TEXT_LIMIT", "split", "units"]

TEXT_LIMIT = 4096


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """`text` in parts that fit into a message each; see `bot.channels.text.split`."""
    return any_text.split(text, limit)
