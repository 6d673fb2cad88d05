"""Messages and states as the conversation API shows them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from bot import web
from bot.channels.base import Rendered, RenderedChoice, RenderedItem, Reply, State

AUDIO_FORMAT = "ogg"
"""Format of audio links; the same link with `.m4a` or `.aac` is the same sound."""
MADE = "/api/"
"""Pictures of one message only are below this."""
AUDIO_SUFFIXES = (".ogg", ".m4a", ".aac")


@lru_cache(maxsize=1)
def named_pictures() -> dict[str, dict[str, str]]:
    """`bot/web/icons.yml`: `also`, other names of a concept; `values`, pictures of choices that
    name none."""
    named: dict[str, dict[str, str]]
    named = yaml.safe_load((web.HERE / "icons.yml").read_text(encoding="utf-8"))
    return {part: named[part] for part in ("also", "values")}


def picture_url(name: str | None) -> str | None:
    """Address of a picture by its concept name; None where the name has no picture. A picture that
    is made for one message is its own address already."""
    if not name or name.startswith(MADE):
        return name or None
    named = named_pictures()
    name = named["values"].get(name, named["also"].get(name, name))
    return f"/static/icons/{name}.svg" if (web.ICONS / f"{name}.svg").is_file() else None


def audio_url(path: str | None) -> str | None:
    """A link that plays: the path with a format, unless it names one."""
    if not path or path.endswith(AUDIO_SUFFIXES):
        return path
    return f"{path}.{AUDIO_FORMAT}"


def choice_json(choice: RenderedChoice) -> dict[str, Any]:
    """One button."""
    return {
        "label": choice.label,
        "value": choice.value,
        "picture": picture_url(choice.picture or named_pictures()["values"].get(choice.value)),
        "audio": audio_url(choice.audio),
        "vi": choice.vi,
        "draft": choice.draft,
    }


def item_json(item: RenderedItem) -> dict[str, Any]:
    """One line of a message's list."""
    return {
        "text": item.text,
        "picture": picture_url(item.picture),
        "audio": audio_url(item.audio),
        "vi": item.vi,
        "draft": item.draft,
        "items": [item_json(inner) for inner in item.items],
    }


def message_json(message: Rendered) -> dict[str, Any]:
    """One message; `vi` is there only where it adds something."""
    data: dict[str, Any] = {
        "id": message.id,
        "text": message.text,
        "language": message.language,
        "draft": message.draft,
        "choices": [choice_json(choice) for choice in message.choices],
        "audio": audio_url(message.audio),
        "picture": picture_url(message.picture),
        "sources": list(message.sources),
    }
    if message.vi is not None:
        data["vi"] = message.vi
    if message.items:
        data["head"] = message.head
        data["head_audio"] = audio_url(message.head_audio)
        data["items"] = [item_json(item) for item in message.items]
    return data


def state_json(state: State) -> dict[str, Any]:
    """Where the conversation stands."""
    return {
        "procedure": state.procedure,
        "step": state.step,
        "answers": dict(state.answers),
        "language": state.language,
        "handover": state.handover,
    }


def reply_json(reply: Reply) -> dict[str, Any]:
    """The answer to one message; `slow` only where the person asked for slower speech."""
    data: dict[str, Any] = {
        "messages": [message_json(message) for message in reply.messages],
        "state": state_json(reply.state),
    }
    return data | ({"slow": True} if reply.state.slow else {})


def with_audio_url(data: dict[str, Any]) -> dict[str, Any]:
    """The same with its audio link made to play."""
    return data | {"audio": audio_url(data.get("audio"))}
