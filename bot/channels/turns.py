"""One turn of a conversation, whatever the messenger."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from bot.channels.base import Assistant, Capabilities, Incoming, Reply
from knowledge_base.errors import BadRequest, UnknownId
from knowledge_base.privacy import mask_identity

LISTEN = "act:listen:"
SLOWER = "act:listen_slower:"

UNSUPPORTED = "act:unsupported_media"
VOICE = "act:voice_not_understood"
"""What a channel sends for a picture or file, and for a spoken message it can't pass on."""

_AUDIO_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")


class Speaker(Protocol):
    """What is needed of `voices.library.Library`."""

    async def audio(self, key: str, form: str, speed: str = "normal") -> Path:
        """The audio file of a key; raises when there is none."""


async def take_turn(assistant: Assistant, incoming: Incoming, capabilities: Capabilities) -> Reply:
    """The answer; for a choice that is no longer offered the last question again."""
    try:
        return await assistant.handle(incoming, capabilities)
    except (BadRequest, UnknownId):
        return await ask_again(assistant, incoming, capabilities)


async def ask_again(assistant: Assistant, incoming: Incoming, capabilities: Capabilities) -> Reply:
    """The last question; a greeting for who has none."""
    reply = await assistant.resume(incoming.conversation, capabilities)
    if reply is not None and reply.messages:
        return reply
    start = Incoming(incoming.conversation, choice="act:start", event=incoming.event)
    return await assistant.handle(start, capabilities)


def typed(text: object) -> str | None:
    """What is kept of a typed text: identity numbers masked, halves of characters replaced, which
    no file or database takes. None for blank text and for what is none."""
    if not isinstance(text, str) or not text.strip():
        return None
    return mask_identity(text.encode("utf-8", "replace").decode())


def heard(choice: str) -> tuple[list[str], bool] | None:
    """Audio keys of a choice to listen, and whether slowly; None for any other choice, and for a
    forged one: a key becomes a file name."""
    for prefix in (LISTEN, SLOWER):
        keys = choice.removeprefix(prefix)
        if keys != choice and all(_AUDIO_KEY.fullmatch(key) for key in keys.split(",")):
            return keys.split(","), prefix == SLOWER
    return None
