"""The commune's own office: `office.yml`. What nobody has confirmed is never shown as a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from knowledge_base.schema import SHOWABLE, Identifier, Model, Source
from knowledge_base.yaml_lines import Location

NAMES = ("commune", "province")
"""Parameters of texts that are called as they are; the others begin with `office_`."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class OfficeValue(Model):
    """One thing about the office: shown once an officer has confirmed it, or a source of grade A
    or B says it. Without a value it is only a question to the commune."""

    value: str | tuple[str, ...] | None = None
    about: str | None = None
    """What staff are asked to confirm, in Vietnamese."""
    source: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ()
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    note: str | None = None

    @property
    def text(self) -> str:
        """The value in one line; empty where there is none."""
        return self.value or "" if not isinstance(self.value, tuple) else ", ".join(self.value)

    @property
    def confirmed(self) -> bool:
        """Whether an officer stands for it."""
        return bool(self.confirmed_by and self.confirmed_on)

    def shown(self, sources: Mapping[str, Source]) -> bool:
        """Whether it may be shown as a fact."""
        known = (sources[name] for name in self.source if name in sources)
        return bool(self.text) and (
            self.confirmed or any(source.grade in SHOWABLE for source in known)
        )


Values = Mapping[Identifier, OfficeValue]


class Office(Model):
    """The office of one commune."""

    commune: OfficeValue = OfficeValue()
    """Name without `xã`: texts say `xã {commune}`."""
    province: OfficeValue = OfficeValue()
    """Name without `tỉnh`."""
    address: OfficeValue = OfficeValue()
    phones: OfficeValue = OfficeValue()
    hours: OfficeValue = OfficeValue()
    portal_id: OfficeValue = OfficeValue()
    """Id of the office on the National Public Service Portal."""
    speaks: Values = Field(default_factory=dict)
    """Language code → who at the office speaks it."""
    hotlines: Values = Field(default_factory=dict)
    practice: Values = Field(default_factory=dict)
    """How this office does what the law leaves open."""

    def values(self) -> Iterator[tuple[str, Location, OfficeValue]]:
        """(message id, location in the file, value) of everything, in the order above."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, OfficeValue):
                yield f"office.{name}", (name,), value
                continue
            for key, inner in value.items():
                yield f"office.{name}.{key}", (name, key), inner

    @property
    def placeholders(self) -> frozenset[str]:
        """Every placeholder a text may use, whether or not its value is known."""
        return frozenset(placeholder(message) for message, _, _ in self.values())

    def params(self, sources: Mapping[str, Source]) -> dict[str, str]:
        """Values for placeholders of texts: `commune`, `province`, `office_address`,
        `office_hotlines_vneid` …; only those that may be shown."""
        return {
            placeholder(message): value.text
            for message, _, value in self.values()
            if value.shown(sources)
        }


def placeholder(message: str) -> str:
    """The placeholder of a text that a value fills: `office.hours` → `office_hours`."""
    name = message.removeprefix("office.")
    return name if name in NAMES else f"office_{name.replace('.', '_')}"
