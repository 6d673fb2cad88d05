"""Every text that can be translated, with its message id and where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from knowledge_base.elsewhere import OWNER, Elsewhere
from knowledge_base.schema import Procedure, Question, Sourced, Step
from knowledge_base.yaml_lines import Document, Location

PHRASES_DOMAIN = "bot"
"""Catalog of the bot's own phrases; each procedure, and `elsewhere`, has one of its own name."""

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LABEL = re.compile(
    r"^(ui|topic|theme|bot\.choice|bot\.command)\.|\.short$|\.choice\.[a-z0-9_]+$"
    rf"|^{OWNER}\.[a-z0-9_]+$"
)


@dataclass(frozen=True)
class Message:
    """A Vietnamese text. `path` and `line` say where a person finds it."""

    id: str
    text: str
    path: str
    line: int

    @property
    def domain(self) -> str:
        """Name of the catalog it is translated in."""
        first = self.id.partition(".")[0]
        return PHRASES_DOMAIN if first in ("bot", "ui", "topic", "theme") else first

    @property
    def label(self) -> bool:
        """Whether it is shown on a button; pages have whole sentences too."""
        sentence = self.id.startswith("ui.") and self.text.endswith(".")
        return bool(LABEL.search(self.id)) and not sentence

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of its parameters."""
        return frozenset(PLACEHOLDER.findall(self.text))


class Texts(Protocol):
    """What holds texts; `knowledge_base.load.KnowledgeBase` does."""

    @property
    def procedures(self) -> Mapping[str, Procedure]: ...
    @property
    def phrases(self) -> Mapping[str, str]: ...
    @property
    def documents(self) -> Mapping[str, Document]: ...
    @property
    def elsewhere(self) -> Elsewhere | None: ...


def messages(knowledge: Texts) -> Iterator[Message]:
    """Every message of the knowledge base: the phrases, each procedure, the needs met elsewhere,
    in file order."""
    for name, text in knowledge.phrases.items():
        yield Message(name, text, "knowledge_base/phrases.yml", 1)
    for procedure in knowledge.procedures.values():
        document = knowledge.documents.get(procedure.id)
        path = f"knowledge_base/procedures/{procedure.id}/procedure.yml"
        for suffix, text, location in texts_of(procedure):
            line = document.line(location) if document else 1
            yield Message(f"{procedure.id}.{suffix}", text, path, line)
    if knowledge.elsewhere:
        yield from _elsewhere(knowledge.elsewhere, knowledge.documents.get(OWNER))


def _elsewhere(elsewhere: Elsewhere, document: Document | None) -> Iterator[Message]:
    for name, need in elsewhere.needs.items():
        at: Location = ("needs", name)
        found = [(name, need.name, (*at, "name"))]
        for index, told in enumerate(need.told):
            suffix, place = f"{name}.{told.id}", (*at, "told", index)
            found += [(suffix, told.text, (*place, "text")), *_about(suffix, told, place)]
        for suffix, text, location in found:
            line = document.line(location) if document else 1
            yield Message(f"{OWNER}.{suffix}", text, f"knowledge_base/{OWNER}.yml", line)


Found = Iterator[tuple[str, str, Location]]


def texts_of(procedure: Procedure) -> Found:
    """(message id without the procedure's name, text, location in its file), in file order."""
    for name in ("title", "short", "why_this"):
        yield name, getattr(procedure, name), (name,)
    for index, question in enumerate(procedure.questions):
        if isinstance(question, Question):
            yield from _question(question, ("questions", index))
    for index, route in enumerate(procedure.routes):
        yield f"route.{route.id}", route.text, ("routes", index, "text")
        yield from _about(f"route.{route.id}", route, ("routes", index))
    for index, paper in enumerate(procedure.papers):
        name, at = f"paper.{paper.id}", ("papers", index)
        yield name, paper.title, (*at, "title")
        if paper.detail:
            yield f"{name}.detail", paper.detail, (*at, "detail")
        yield from _about(name, paper, at)
    for index, step in enumerate(procedure.steps):
        yield from _step(step, ("steps", index))
    for index, after in enumerate(procedure.after):
        yield f"after.{after.id}", after.text, ("after", index, "text")
        yield from _about(f"after.{after.id}", after, ("after", index))
    for index, answer in enumerate(procedure.answers):
        yield f"answer.{answer.id}", answer.text, ("answers", index, "text")
        yield from _about(f"answer.{answer.id}", answer, ("answers", index))


def _question(question: Question, at: Location) -> Found:
    name = f"question.{question.id}"
    yield name, question.text, (*at, "text")
    yield f"{name}.reask", question.reask, (*at, "reask")
    yield f"{name}.why", question.why, (*at, "why")
    yield f"{name}.help", question.help, (*at, "help")
    for index, choice in enumerate(question.choices):
        yield f"{name}.choice.{choice.value}", choice.label, (*at, "choices", index, "label")


def _step(step: Step, at: Location) -> Found:
    name = f"step.{step.id}"
    yield name, step.title, (*at, "title")
    yield f"{name}.text", step.text, (*at, "text")
    for kind in ("tap", "type", "photograph"):
        for index, text in enumerate(getattr(step, kind)):
            yield f"{name}.{kind}.{index}", text, (*at, kind, index)
    for index, trouble in enumerate(step.trouble):
        inner, place = f"{name}.trouble.{trouble.id}", (*at, "trouble", index)
        yield f"{inner}.wrong", trouble.wrong, (*place, "wrong")
        yield f"{inner}.remedy", trouble.remedy, (*place, "remedy")
        yield from _about(inner, trouble, place)
    yield from _about(name, step, at)


def _about(name: str, item: Sourced, at: Location) -> Found:
    if item.about:
        yield f"{name}.about", item.about, (*at, "about")
