"""What the OpenAPI refuses, and with which number (`wire-formats` section 1)."""

from __future__ import annotations

import unicodedata
from typing import Any

from tests.emulators.zalo_people import Sent

TEXT_LIMIT = 2000
BUTTONS = 5
TITLE_LIMIT = 100
PAYLOAD_LIMIT = 1000
QUERIES = ("oa.query.show", "oa.query.hide")


class Refused(Exception):
    """An error, which comes with HTTP 200."""

    def __init__(self, code: int, message: str, oauth: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.oauth = oauth

    def body(self) -> dict[str, Any]:
        if self.oauth:
            return {
                "error": self.code,
                "error_name": str(self),
                "error_description": str(self),
                "error_reason": "",
                "ref_doc": "",
            }
        return {"error": self.code, "message": str(self)}


def sent_of(message: Any, takes_buttons: bool) -> Sent:
    """What the person sees of a message."""
    if not isinstance(message, dict):
        raise Refused(-201, "message is invalid!")
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refused(-201, "text is invalid!")
    if len(unicodedata.normalize("NFC", text)) > TEXT_LIMIT:
        raise Refused(-210, "Parameter exceeds allowable limit")
    attachment = message.get("attachment")
    if attachment is None:
        return Sent(text, raw=message)
    if not takes_buttons:
        raise Refused(-233, "message type is invalid or not support")
    return Sent(text, raw=message, buttons=_buttons(attachment))


def _buttons(attachment: Any) -> list[tuple[str, str]]:
    try:
        buttons = attachment["payload"]["buttons"]
        found = [(str(b["title"]), str(b["payload"]), b["type"]) for b in buttons]
    except (KeyError, TypeError):
        raise Refused(-201, "attachment is invalid!") from None
    if attachment.get("type") != "template" or not 1 <= len(found) <= BUTTONS:
        raise Refused(-201, "buttons is invalid!")
    for title, payload, kind in found:
        if not 1 <= len(title) <= TITLE_LIMIT or not 1 <= len(payload) <= PAYLOAD_LIMIT:
            raise Refused(-210, "Parameter exceeds allowable limit")
        if kind not in QUERIES:
            raise Refused(-201, "type is invalid!")
    return [(title, payload) for title, payload, _ in found]
