"""What the engine emits: message ids with parameters, never prose.

A `Say` travels through Rasa as plain JSON (`to_dict`, `from_dict`) and is turned into words,
buttons, pictures and sound by `bot.render` for one language and one channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Param = str | int | Mapping[str, Any]
"""A parameter's value: a string or number shown as it is, or a mapping the renderer words:
`{"say": id, "with": {…}}` another message, `{"date": "YYYY-MM[-DD]"}`, `{"money": dong}`."""


@dataclass(frozen=True)
class Choice:
    """A button: the message id of its label and the value it sends back."""

    say: str
    value: str
    params: Mapping[str, Param] = field(default_factory=dict)
    picture: str | None = None

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {"say": self.say, "value": self.value}
        if self.params:
            data["with"] = dict(self.params)
        if self.picture:
            data["picture"] = self.picture
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Choice:
        return cls(data["say"], data["value"], data.get("with", {}), data.get("picture"))


@dataclass(frozen=True)
class Say:
    """One message. `items` are shown under it as a list; `personal` marks words that came from
    the person, which never leave the machine for speech synthesis; `sources` are source ids;
    `confirmed` is the ISO date on which the commune's office confirmed it."""

    say: str
    params: Mapping[str, Param] = field(default_factory=dict)
    items: Sequence[Say] = ()
    choices: Sequence[Choice] = ()
    picture: str | None = None
    sources: Sequence[str] = ()
    personal: bool = False
    confirmed: str | None = None

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = {"say": self.say}
        if self.params:
            data["with"] = dict(self.params)
        if self.items:
            data["items"] = [item.to_dict() for item in self.items]
        if self.choices:
            data["choices"] = [choice.to_dict() for choice in self.choices]
        if self.picture:
            data["picture"] = self.picture
        if self.sources:
            data["sources"] = list(self.sources)
        if self.personal:
            data["personal"] = True
        if self.confirmed:
            data["confirmed"] = self.confirmed
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Say:
        return cls(
            data["say"],
            data.get("with", {}),
            tuple(cls.from_dict(item) for item in data.get("items", ())),
            tuple(Choice.from_dict(choice) for choice in data.get("choices", ())),
            data.get("picture"),
            tuple(data.get("sources", ())),
            bool(data.get("personal", False)),
            data.get("confirmed"),
        )


def date_param(day: date) -> dict[str, str]:
    """A date as a parameter, worded by the renderer in the person's language."""
    return {"date": day.isoformat()}
