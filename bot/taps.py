"""What a tap or a number means: choice values become Rasa intents, numbers become choices."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from knowledge_base.errors import BadRequest
from knowledge_base.schema import TOPICS

ACTS = {
    "next": "next",
    "back": "back",
    "repeat": "repeat",
    "help": "help",
    "why": "why",
    "clerk": "talk_to_staff",
    "restart": "restart",
    "change": "change_answer",
    "language": "change_language",
    "slower": "slower",
    "trouble": "trouble",
    "delete": "delete_my_data",
    "topics": "topics",
    "start": "greet",
    "confirm": "affirm",
    "cancel": "deny",
    "another": "another",
    "voice_ask": "voice_consent",
}
"""`act:<name>` → intent; these can be tapped at any time."""

NOTICES = {
    "unsupported_media": "bot.unsupported_media",
    "voice_not_understood": "bot.voice_not_understood",
    "voice_unsupported": "bot.voice_unsupported",
    "voice_too_long": "bot.voice_too_long",
    "linked": "bot.linked",
    "link_unknown": "bot.link_unknown",
    "link_locked": "bot.link_locked",
    "edited": "bot.edited",
}
"""`act:<name>` that a channel sends for what it can't pass on → the message that fits."""

CODES = {"link": "bot.link_code", "counter_code": "bot.counter_code"}
"""`act:<name>` → the message that shows a code to carry the conversation elsewhere."""

MAY_WRITE = {"write_on": "on", "write_off": "off"}
"""`act:<name>` → whether Nhà Rông may write first: to be asked, or no more."""

ENTITIES = {
    "answer": ("choose", "value"),
    "goto": ("goto", "value"),
    "start": ("start", "procedure"),
    "language": ("set_language", "language"),
    "theme": ("choose_theme", "value"),
}
ONLY_OFFERED = ("answer", "goto")
NUMBER = re.compile(r"^\W*(?:số|so|câu|cau|number)?\W*(\d{1,2})\W*$", re.IGNORECASE)


def payload(intent: str, **entities: str) -> str:
    """Text that Rasa reads as an intent with entities; only made here, never from typed text."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}"


def tap(choice: str, offered: Sequence[str]) -> str:
    """The message to Rasa for a tapped choice.

    Raises `BadRequest` for a value that is not known, or that the last messages did not offer."""
    kind, _, value = choice.partition(":")
    if kind == "act" and value in ACTS:
        return payload(ACTS[value])
    if kind == "act" and value in NOTICES:
        return payload("notice", value=NOTICES[value])
    if kind == "act" and value in CODES:
        return payload("show_code", value=CODES[value])
    if kind == "act" and value in MAY_WRITE:
        return payload("may_write", value=MAY_WRITE[value])
    if kind == "topic" and value in TOPICS:
        return payload(value)
    asked, _, procedure = value.partition(":")
    if kind == "ask" and asked in TOPICS and procedure:
        return payload(asked, procedure=procedure)
    if kind in ENTITIES and value and (kind not in ONLY_OFFERED or choice in offered):
        intent, entity = ENTITIES[kind]
        return payload(intent, **{entity: value})
    near = ", ".join(offered) or "none"
    raise BadRequest(f"'{choice[:80]}' is not a choice that was offered; offered: {near}")


def numbered(text: str, offered: Sequence[str]) -> str | None:
    """The choice that a typed number stands for, counting the offered ones from 1."""
    match = NUMBER.match(text)
    number = int(match.group(1)) if match else 0
    return offered[number - 1] if 1 <= number <= len(offered) else None
