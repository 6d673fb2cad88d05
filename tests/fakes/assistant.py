"""An assistant without an engine: a short scripted journey, for tests of channels and pages.

Language → need → three questions (the first a date) → outcome → papers → three steps → what
comes after → end. The script is `script.yml`; the words of the pages are the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.channels.base import (
    Capabilities,
    Incoming,
    Rendered,
    RenderedChoice,
    RenderedItem,
    Reply,
    State,
)
from knowledge_base.errors import BadRequest, UnknownId

SCRIPT = Path(__file__).with_name("script.yml")
PHRASES = Path(__file__).parents[2] / "knowledge_base" / "phrases.yml"
LONGEST = 4000
DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
PROCEDURE = "birth_registration"
ACTS = re.compile(
    "start|next|back|repeat|help|why|clerk|restart|change|language|slower|trouble|delete|topics"
)


@dataclass
class Conversation:
    """One conversation of the fake."""

    language: str = "vi"
    stop: str = "language"
    past: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    handover: bool = False
    events: dict[str, Reply] = field(default_factory=dict)
    last: Reply | None = None


class FakeAssistant:
    """Implements `bot.gateway.parts.Assistant`. Set `broken` to make the next answers fail."""

    model = "fake"

    def __init__(self) -> None:
        self.script: dict[str, Any] = yaml.load(SCRIPT.read_bytes(), yaml.CSafeLoader)
        phrases = yaml.load(PHRASES.read_bytes(), yaml.CSafeLoader)
        self.deaf = False
        self.kept: dict[str, Conversation] = {}
        self.words = {id: text for id, text in phrases.items() if id.startswith("ui.")}
        self.conversations: dict[str, Conversation] = {}
        self.received: list[Incoming] = []
        self.broken: Exception | None = None
        self.closed = False

    async def close(self) -> None:
        """Called when the application stops."""
        self.closed = True

    async def handle(self, incoming: Incoming, capabilities: Capabilities) -> Reply:
        """One turn of the script."""
        self.received.append(incoming)
        if self.broken:
            raise self.broken
        if incoming.language is not None and incoming.language not in self.script["languages"]:
            raise UnknownId(f"no language {incoming.language!r}")
        found = self.conversations.get(incoming.conversation, Conversation())
        if incoming.event and incoming.event in found.events:
            return found.events[incoming.event]
        talk = replace(found, past=[*found.past], answers={**found.answers})
        talk.language = incoming.language or talk.language
        # Whatever is said aloud, the fake hears nothing.
        before = [] if incoming.voice is not None else self._turn(talk, incoming)
        messages = [*before, *self._messages(talk)]
        talk.last = Reply(messages, self._state(talk))
        if incoming.event:
            talk.events[incoming.event] = talk.last
        self.conversations[incoming.conversation] = talk
        return talk.last

    async def resume(self, conversation: str, capabilities: Capabilities) -> Reply | None:
        """The last reply."""
        talk = self.conversations.get(conversation)
        return talk.last if talk else None

    async def erase(self, conversation: str, keep_codes: bool = False) -> None:
        """Forget it; its codes (the ends of conversation ids) too, unless they are kept."""
        gone = self.conversations.pop(conversation, None)
        if gone and keep_codes:
            self.kept[conversation] = gone

    async def take_over(self, code: str, to: str, source: str, capabilities: Capabilities) -> Reply:
        """The code of a conversation is its id's last part in capital letters."""
        for known in (self.conversations, self.kept):
            for id, conversation in known.items():
                if id.upper().endswith(code) and conversation.last:
                    self.conversations[to] = replace(conversation)
                    return conversation.last
        raise UnknownId("no such code")

    def listens(self) -> list[str]:
        """Vietnamese, unless a test makes it deaf."""
        return [] if self.deaf else ["vi"]

    def languages(self) -> list[dict[str, Any]]:
        """The two languages of the script."""
        return [
            {"code": code, "name": name, "audio": f"/audio/fake-name-{code}"}
            for code, name in self.script["languages"].items()
        ]

    def ui(self, language: str) -> dict[str, Any]:
        """The pages' words; a second language is marked in every word."""
        if language not in self.script["languages"]:
            raise UnknownId(f"no language {language!r}")
        return {
            id: {
                "text": text if language == "vi" else f"«{text}»",
                "vi": text,
                "draft": language != "vi",
                "audio": f"/audio/fake-{id.replace('.', '-')}",
            }
            for id, text in self.words.items()
        }

    def procedures(self, on: date) -> list[dict[str, Any]]:
        """One procedure."""
        return [{"id": PROCEDURE, "title": self.script["title"], "on": on.isoformat()}]

    def procedure(self, id: str, language: str, on: date) -> dict[str, Any]:
        """That procedure."""
        if id != PROCEDURE:
            raise UnknownId(f"no procedure {id!r}; there is {PROCEDURE}")
        return self.procedures(on)[0] | {"language": language}

    def _turn(self, talk: Conversation, incoming: Incoming) -> list[Rendered]:
        """Move the conversation; messages that come before those of the new stop."""
        value = incoming.choice or self._understood(talk, incoming.text or "")
        if value is None:
            return [self._say(talk, "not_understood")]
        act, _, rest = value.partition(":")
        if act == "language" and rest in self.script["languages"]:
            talk.language = rest
            if talk.stop == "language":
                self._go(talk, "need")
        elif act == "start" and rest == PROCEDURE:
            self._go(talk, "child_born")
        elif act in ("answer", "goto") and value in self._offered(talk):
            talk.answers[talk.stop] = rest
            self._go(talk, self._stop(talk)["next"])
        elif act == "act" and (ACTS.fullmatch(rest) or value in self._offered(talk)):
            return self._act(talk, rest)
        else:
            raise BadRequest("this choice was not offered")
        return []

    def _act(self, talk: Conversation, act: str) -> list[Rendered]:
        talk.handover = act == "clerk"
        if act == "next" and "next" in self._stop(talk):
            self._go(talk, self._stop(talk)["next"])
        elif act == "back" and talk.past:
            talk.stop = talk.past.pop()
        elif act in ("start", "restart"):
            talk.stop, talk.past, talk.answers = "language", [], {}
        elif act == "language":
            self._go(talk, "language")
        elif act in ("help", "why", "clerk", "trouble"):
            return [self._say(talk, act)]
        return []

    def _understood(self, talk: Conversation, text: str) -> str | None:
        if len(text) > LONGEST:
            return None
        offered = [value for value in self._offered(talk) if value != "act:pick_date"]
        if text.strip().isdigit() and 0 < int(text) <= len(offered):
            return offered[int(text) - 1]
        spoken = DATE.fullmatch(text.strip())
        if spoken and talk.stop == "child_born":
            day, month, year = map(int, spoken.groups())
            talk.answers["child_born"] = date(year, month, day).isoformat()
            return "act:next"
        return None

    def _go(self, talk: Conversation, stop: str) -> None:
        talk.past.append(talk.stop)
        talk.stop = stop

    def _stop(self, talk: Conversation) -> Mapping[str, Any]:
        stop: Mapping[str, Any] = self.script["stops"][talk.stop]
        return stop

    def _offered(self, talk: Conversation) -> list[str]:
        return [choice["value"] for choice in self._stop(talk)["messages"][-1]["choices"]]

    def _state(self, talk: Conversation) -> State:
        under_way = talk.stop not in ("language", "need")
        return State(
            PROCEDURE if under_way else None,
            talk.stop if under_way else None,
            talk.answers,
            talk.language,
            talk.handover,
        )

    def _messages(self, talk: Conversation) -> list[Rendered]:
        return [self._render(talk, message) for message in self._stop(talk)["messages"]]

    def _say(self, talk: Conversation, name: str) -> Rendered:
        return self._render(talk, self.script["extra"][name])

    def _render(self, talk: Conversation, message: Mapping[str, Any]) -> Rendered:
        key = re.sub(r"[^a-z0-9]", "-", message["id"])
        items = tuple(self._item(talk, item) for item in message.get("items", ()))
        text, vi, draft = self._text(talk, message["text"])
        lines = "".join(f"\n• {item.text}" for item in items)
        return Rendered(
            message["id"],
            text + lines,
            talk.language,
            draft,
            vi and vi + "".join(f"\n• {item.vi}" for item in items),
            [self._choice(talk, choice) for choice in message.get("choices", ())],
            audio=f"/audio/fake-{key}",
            audio_key=f"fake-{key}",
            picture=message.get("picture"),
            sources=message.get("sources", ()),
            head=text if items else None,
            items=items,
            head_audio=f"/audio/fake-{key}-head" if items else None,
        )

    def _item(self, talk: Conversation, item: Mapping[str, Any]) -> RenderedItem:
        text, vi, draft = self._text(talk, item["text"])
        inner = tuple(self._item(talk, row) for row in item.get("items", ()))
        return RenderedItem(text, item.get("picture"), "/audio/fake-item", vi, draft, inner)

    def _choice(self, talk: Conversation, choice: Mapping[str, Any]) -> RenderedChoice:
        label, vi, draft = self._text(talk, choice["label"])
        return RenderedChoice(
            label, choice["value"], choice.get("picture"), "/audio/fake-choice", vi, draft
        )

    def _text(self, talk: Conversation, text: str) -> tuple[str, str | None, bool]:
        text = text.replace("{today}", date.today().strftime("%d/%m/%Y"))
        text = text.replace("{yesterday}", (date.today() - timedelta(1)).strftime("%d/%m/%Y"))
        return (text, None, False) if talk.language == "vi" else (f"«{text}»", text, True)
