"""People with Zalo, and what they see on their phones."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.emulators.media import Media
from tests.emulators.people import Message, Person

DAY = 24 * 3600


@dataclass
class Sent(Message):
    """A message a person got; `buttons` of (title, payload)."""

    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        return [title for title, _ in self.buttons]


class Account(Protocol):
    """The Official Account's side."""

    media: Media

    def number(self) -> int: ...
    def settle(self) -> None: ...
    def event(self, name: str, person: OaPerson, **more: Any) -> dict[str, Any]: ...


class OaPerson(Person[Sent]):
    """A person and an Official Account."""

    def __init__(self, account: Account, id: str) -> None:
        super().__init__(account.settle)
        self._account = account
        self.id = id
        self.follows = True
        self.blocked = False
        self.last_interaction = 0.0

    def message(self, **content: Any) -> dict[str, Any]:
        return {"msg_id": f"{self._account.number():020x}", **content}

    def sends(self, text: str) -> dict[str, Any]:
        self.notes(text)
        return self._does("user_send_text", message=self.message(text=text))

    def sends_a(self, kind: str, payload: dict[str, Any], **content: Any) -> dict[str, Any]:
        """Send an image, audio, sticker, … as attachment."""
        self.notes(f"({kind})")
        attachment = {"type": kind, "payload": payload}
        message = self.message(attachments=[attachment], **content)
        return self._does(f"user_send_{kind}", message=message)

    def speaks(self, sound: bytes, end: str = "aac") -> dict[str, Any]:
        return self.sends_a("audio", {"url": self._account.media.keeps(sound, end)})

    def taps(self, label: str) -> dict[str, Any]:
        for sent in reversed(self.inbox):
            for title, payload in sent.buttons:
                if label in title:
                    self.notes(f"[{title}]")
                    return self._does("user_send_text", message=self.message(text=payload))
        raise AssertionError(f"no button {label!r}; there are: {self.inbox[-1:]}")

    def starts_following(self) -> dict[str, Any]:
        self.follows = True
        self.notes("(follows)")
        return self._does("follow", follower={"id": self.id}, source="oa_profile")

    def stops_following(self) -> dict[str, Any]:
        self.follows = False
        return self._account.event("unfollow", self, follower={"id": self.id})

    def opens_the_chat(self) -> dict[str, Any]:
        return self._does("user_click_chatnow", user_id=self.id)

    def was_away(self, days: float) -> None:
        """Nothing came from this person for so long."""
        self.last_interaction = time.time() - days * DAY

    def _does(self, name: str, **more: Any) -> dict[str, Any]:
        self.last_interaction = time.time()
        return self._account.event(name, self, **more)


class Bot(Protocol):
    """The bot's side."""

    media: Media

    def number(self) -> int: ...
    def settle(self) -> None: ...
    def now(self) -> int: ...
    def happens(self, update: dict[str, Any]) -> dict[str, Any]: ...


class BotPerson(Person[Sent]):
    """A person and a bot of the Bot Platform."""

    def __init__(self, bot: Bot, id: str) -> None:
        super().__init__(bot.settle)
        self._bot = bot
        self.id = id
        self.blocked = False

    def sends(self, text: str) -> dict[str, Any]:
        self.notes(text)
        return self.sends_a("text", text=text)

    def speaks(self, sound: bytes, end: str = "aac") -> dict[str, Any]:
        address = self._bot.media.keeps(sound, end)
        return self.sends_a("voice", message_type="CHAT_VOICE", voice_url=address)

    def sends_a(self, kind: str, **content: Any) -> dict[str, Any]:
        """Send `text`, `image`, `sticker`, `voice` or something `unsupported`."""
        if kind != "text":
            self.notes(f"({kind})")
        return self._bot.happens(
            {
                "event_name": f"message.{kind}.received",
                "message": {
                    "from": {"id": self.id, "display_name": "A", "is_bot": False},
                    "chat": {"id": self.id, "chat_type": "PRIVATE"},
                    "message_id": f"{self._bot.number():020x}",
                    "date": self._bot.now(),
                    **content,
                },
            }
        )
