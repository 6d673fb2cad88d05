"""Keeps the token and people's words out of the logs of the libraries."""

from __future__ import annotations

import logging
import re
import warnings

from telegram.warnings import PTBDeprecationWarning

_TOKEN = re.compile(r"bot\d+(?::|%3A)[\w-]+")


class RedactToken(logging.Filter):
    """httpx logs each address it calls, and the address holds the token."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _TOKEN.search(message):
            record.msg, record.args = _TOKEN.sub("bot<token>", message), ()
        return True


def quiet() -> None:
    """Redact what httpx logs; silence python-telegram-bot, whose logs quote texts and answers.

    What matters of the latter is an exception, and that is logged here by its kind."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(found, RedactToken) for found in logger.filters):
        logger.addFilter(RedactToken())
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    # It warns each time Telegram asks for a pause that the seconds become a timedelta one day;
    # the sender takes either.
    warnings.filterwarnings("ignore", ".*retry_after", PTBDeprecationWarning)
