"""What the project ships, read once for all tests; nobody may change it."""

from __future__ import annotations

import functools

from bot.content import Content, read


@functools.cache
def content() -> Content:
    """Knowledge base, languages and translations."""
    return read()
