"""Keeps tokens out of the logs: httpx logs each address it calls, and some hold the bot's token."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"bot\d+(?::|%3A)[\w-]+")


class RedactToken(logging.Filter):
    """Replaces the token in an address by `<token>`."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _TOKEN.search(message):
            record.msg, record.args = _TOKEN.sub("bot<token>", message), ()
        return True


def redact_tokens() -> None:
    """Redact what httpx logs from now on."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(found, RedactToken) for found in logger.filters):
        logger.addFilter(RedactToken())
