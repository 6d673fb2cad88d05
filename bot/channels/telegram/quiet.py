"""Keeps the token and people's words out of the logs of the libraries."""

from __future__ import annotations

import logging
import warnings

from telegram.warnings import PTBDeprecationWarning

from bot.channels.quiet import redact_tokens


def quiet() -> None:
    """Redact what httpx logs; silence python-telegram-bot, whose logs quote texts and answers.

    What matters of the latter is an exception, and that is logged here by its kind."""
    redact_tokens()
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    # It warns each time Telegram asks for a pause that the seconds become a timedelta one day;
    # the sender takes either.
    warnings.filterwarnings("ignore", ".*retry_after", PTBDeprecationWarning)
