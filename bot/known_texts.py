"""Every text whose meaning is known: utterances, and what procedures and needs are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.components.text.scope import OUT_OF_SCOPE
from bot.model_files import ProjectPaths
from bot.settings import PROJECT
from bot.utterances import utterances
from knowledge_base.errors import relative
from knowledge_base.languages import load_languages
from knowledge_base.links import link_files
from knowledge_base.yaml_lines import Document, Location, load_yaml


@dataclass(frozen=True)
class KnownText:
    """A text, what it is known to mean, and where it stands. `intent`: None for what a procedure
    is called, which asks nothing; `path`: relative to the project."""

    text: str
    intent: str | None
    procedure: str | None
    need: str | None
    language: str
    path: str
    line: int


def known_texts(project: Path = PROJECT) -> Iterator[KnownText]:
    """The utterances of `nlu_data`, then the names and examples of the knowledge base.

    Raises `EngineError` and `ProblemsFound` for files that can't be read."""
    for one in utterances(ProjectPaths(project)):
        place = (relative(one.path, project), one.line)
        yield KnownText(one.text, one.intent, one.procedure, one.need, one.language, *place)
    base = project / "knowledge_base"
    source = load_languages(base / "languages.yml").source
    for path in link_files(base / "procedures"):
        document = load_yaml(path, relative(path, project))
        for text, line in _called(document, (), "title"):
            yield KnownText(text, None, path.parent.name, None, source, document.path, line)
    elsewhere = base / "elsewhere.yml"
    if elsewhere.is_file():
        document = load_yaml(elsewhere, relative(elsewhere, project))
        for need in _mapping(_mapping(document.data).get("needs")):
            for text, line in _called(document, ("needs", need), "name"):
                yield KnownText(text, OUT_OF_SCOPE, None, need, source, document.path, line)


def _called(document: Document, location: Location, title: str) -> Iterator[tuple[str, int]]:
    """The title, aliases and examples at `location`, with their lines. What has another shape is
    passed over: `knowledge_base.checks` tells of it."""
    content = _mapping(document.data)
    for step in location:
        content = _mapping(content.get(step))
    if isinstance(content.get(title), str):
        yield content[title], document.line((*location, title))
    for field in ("aliases", "examples"):
        texts = content.get(field)
        for index, text in enumerate(texts if isinstance(texts, list) else ()):
            yield str(text), document.line((*location, field, index))


def _mapping(content: Any) -> dict[Any, Any]:
    return content if isinstance(content, dict) else {}
