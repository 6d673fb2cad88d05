"""What the Bot API refuses, and in which words.

Limits and the shapes of errors are those of `wire-formats` section 3.1; the wording of a
description is Telegram's where it is known from there, else only its meaning is."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

TEXT_LIMIT = 4096
DATA_LIMIT = 64
VOICE_LIMIT = 1_000_000
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler", "span"}


class Refused(Exception):
    """An error of the Bot API."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            found["parameters"] = self.parameters
        return found


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """Length as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


class _Html(HTMLParser):
    """Reads Telegram's HTML: few tags, properly nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad(f'can\'t parse entities: Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_entityref(self, name: str) -> None:
        if name not in ("lt", "gt", "amp", "quot"):
            raise bad("can't parse entities: Unsupported entity")
        self.text += unescape(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text += unescape(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        raise bad("can't parse entities: Unsupported start tag")


def plain(text: str, parse_mode: str) -> str:
    """The text as shown; refuses what can't be parsed, is empty or too long."""
    if parse_mode.lower() == "html":
        reader = _Html()
        reader.feed(text)
        reader.close()
        if reader.open:
            raise bad(f"can't parse entities: Can't find end tag \"{reader.open[-1]}\"")
        text = reader.text
    elif parse_mode:
        raise bad("unsupported parse_mode")
    if not text.strip():
        raise bad("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad("message is too long")
    return text.strip()


def buttons(reply_markup: Any) -> list[list[dict[str, Any]]]:
    """The rows of an inline keyboard, which comes as a JSON string within the form."""
    if not reply_markup:
        return []
    try:
        markup = json.loads(reply_markup) if isinstance(reply_markup, str) else reply_markup
        rows = markup["inline_keyboard"]
    except (ValueError, TypeError, KeyError):
        raise bad("can't parse reply keyboard markup JSON object") from None
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            if not str(button.get("text", "")).strip():
                raise bad("text buttons must be non-empty")
            data = button.get("callback_data", "")
            if not 1 <= len(data.encode()) <= DATA_LIMIT:
                raise bad("BUTTON_DATA_INVALID")
    return rows


def secret_token(value: str) -> str:
    """A webhook secret of 1 to 256 allowed characters, or none."""
    if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise bad("secret token contains unallowed characters")
    return value


def voice(name: str, content_type: str, data: bytes) -> str:
    """`voice` when the file is shown as a voice note, else `document`."""
    if not data:
        raise bad("file must be non-empty")
    opus = data[:4] == b"OggS" and b"OpusHead" in data[:64]
    return (
        "voice"
        if opus and content_type == "audio/ogg" and len(data) <= VOICE_LIMIT
        else ("document")
    )
