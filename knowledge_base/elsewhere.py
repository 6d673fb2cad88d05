"""Needs that are met elsewhere: `elsewhere.yml`, what people ask for that no procedure here covers,
and where they are told to go with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import Field

from knowledge_base.schema import Dated, Identifier, Model, Period, Sourced
from knowledge_base.yaml_lines import Location

OWNER = "elsewhere"
"""First part of the message ids: `elsewhere.<need>`, `elsewhere.<need>.<statement>`."""


class Told(Sourced):
    """A sentence or two that says where to go; all that hold on a day are said, in file order."""

    id: Identifier
    text: str


class Need(Model):
    """Something people ask for. Without `told` they are sent to the clerk."""

    name: str = Field(max_length=40)
    """For a button, and after "hỏi cán bộ xã về"."""
    aliases: tuple[str, ...] = Field(min_length=1)
    examples: tuple[str, ...] = Field(min_length=1)
    told: tuple[Told, ...] = ()


class Elsewhere(Model):
    """All of them, with the days they are written for, as in a procedure."""

    checked: date
    review_by: date
    periods: Mapping[Identifier, Period]
    default_period: Identifier
    needs: Mapping[Identifier, Need]

    def statements(self) -> Iterator[tuple[str, Location, Told]]:
        """(message id, location in the file, statement) of everything told, in file order."""
        for name, need in self.needs.items():
            for index, told in enumerate(need.told):
                yield f"{OWNER}.{name}.{told.id}", ("needs", name, "told", index), told

    def replaced(self, changed: Mapping[Location, Dated]) -> Elsewhere:
        """The same with the statements at these locations replaced."""
        needs = {}
        for name, need in self.needs.items():
            told = tuple(
                changed.get(("needs", name, "told", index), one)
                for index, one in enumerate(need.told)
            )
            needs[name] = need.model_copy(update={"told": told})
        return self.model_copy(update={"needs": needs})
