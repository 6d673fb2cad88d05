"""The seam between a messenger's wire format and the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from fastapi import APIRouter


@dataclass(frozen=True)
class Incoming:
    """What a person sent, whatever the messenger."""

    conversation: str
    """Conversation id, prefixed by the channel: `telegram:123`, `web:5f…`."""
    text: str | None = None
    choice: str | None = None
    """Value of a tapped button; exactly one of `text`, `choice` and `voice` is set."""
    language: str | None = None
    """Language asked for with this message, if any."""
    event: str | None = None
    """The messenger's id of the event, for answering a repeated one once."""
    voice: bytes | None = None
    """A spoken message as a sound file; listened to and forgotten."""
    source: str | None = None
    """Where it came from, for channels whose conversations cost nothing to begin: wrong codes
    are counted by it too."""


@dataclass(frozen=True)
class RenderedChoice:
    """A button in words. `picture` is an icon name; `audio` a link to the spoken label."""

    label: str
    value: str
    picture: str | None = None
    audio: str | None = None
    vi: str | None = None
    draft: bool = False


@dataclass(frozen=True)
class RenderedItem:
    """A line of the list under a message: a paper, a reason, a thing to tap."""

    text: str
    picture: str | None = None
    audio: str | None = None
    vi: str | None = None
    draft: bool = False
    items: Sequence[RenderedItem] = ()


@dataclass(frozen=True)
class Rendered:
    """One message in words, ready for a channel. Field meanings as in the conversation API."""

    id: str
    text: str
    language: str
    draft: bool = False
    vi: str | None = None
    choices: Sequence[RenderedChoice] = ()
    audio: str | None = None
    """Path below the public address, `/audio/<key>`; None where nothing can speak it."""
    audio_key: str | None = None
    picture: str | None = None
    sources: Sequence[str] = ()
    head: str | None = None
    """The text without its list, for channels that show `items` with pictures; `text` holds
    both. None where there is no list."""
    items: Sequence[RenderedItem] = ()
    head_audio: str | None = None
    """Sound of `head` alone, for channels that speak the items one by one."""
    mark: str | None = None
    """Words that say that the text is a draft; None where it is none."""

    @property
    def beneath(self) -> str | None:
        """What stands under a draft: that it is one, and the Vietnamese; None under others."""
        if not (self.draft and self.vi):
            return None
        return f"({self.mark})\n{self.vi}" if self.mark else self.vi


@dataclass(frozen=True)
class State:
    """Where a conversation stands."""

    procedure: str | None = None
    step: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    language: str = "vi"
    handover: bool = False
    slow: bool = False
    """Whether the person asked for slower speech."""


@dataclass(frozen=True)
class Reply:
    """The answer to one `Incoming`."""

    messages: Sequence[Rendered]
    state: State
    controls: Sequence[RenderedChoice] = ()
    """What can be tapped at any time (back, repeat, help, clerk …), for channels whose screen
    has no fixed place for it; adapters show them after the last message's choices."""


@dataclass(frozen=True)
class Capabilities:
    """What a channel can show; the renderer and the adapter fit a message to it."""

    buttons: int = 0
    """Most buttons under one message; 0 means numbered text."""
    text_length: int = 4000
    """Most characters (grapheme clusters) of one message."""
    label_length: int = 100
    voice_formats: tuple[str, ...] = ()
    """Audio the channel plays, best first: `ogg` (Opus), `m4a` (AAC), `aac` (ADTS)."""
    pictures: bool = False
    voice_in: bool = False
    """Whether people can speak to it."""
    writes_first: bool = False
    """Whether somebody who agreed can be sent what answers nothing (`WritesFirst.notify`)."""
    links: bool = False
    """Whether an address in a text can be tapped."""


class Assistant(Protocol):
    """The conversation as channels see it. Shipped fake: `tests/fakes/assistant.py`."""

    async def handle(self, incoming: Incoming, capabilities: Capabilities) -> Reply:
        """Answer one event. Turns of one conversation run one after the other.

        Raises `BadRequest` for a choice that was not offered."""

    async def resume(self, conversation: str, capabilities: Capabilities) -> Reply | None:
        """The last messages again and the state; None for a conversation that does not exist."""

    async def erase(self, conversation: str) -> None:
        """Forget everything about the conversation."""


class Channel(Protocol):
    """A connected messenger. A module of `bot.channels` that has a function
    `connect(settings, assistant, speaker) -> Channel | None` is a channel (None: not set up)."""

    name: str
    capabilities: Capabilities
    router: APIRouter

    @property
    def problem(self) -> str | None:
        """What staff must do before messages can be sent, in words; None when all is well."""

    async def start(self) -> None:
        """Open connections; register the webhook or begin polling."""

    async def stop(self) -> None:
        """Finish what was accepted, close connections."""


@runtime_checkable
class WritesFirst(Channel, Protocol):
    """A messenger in which somebody who agreed can be written to; others need none of this."""

    async def reachable_until(self, conversation: str) -> float:
        """Until when something that answers nothing can be sent, in Unix seconds; 0 if it can't,
        infinity where the messenger sets no end."""

    async def notify(self, conversation: str, reply: Reply, not_after: int, once: str) -> bool:
        """Send what answers nothing, to somebody who agreed, until `not_after` (Unix seconds);
        under the same name `once` it is sent once: false the next time."""
