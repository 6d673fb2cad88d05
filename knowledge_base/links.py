"""What procedures, and needs met elsewhere, are called and asked about: titles, aliases and example
questions.

A folder of `procedures/` holds either a whole `procedure.yml` or, while its content is not
written yet, a `link.yml` with these three fields only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.errors import Problem, ProblemsFound

_FILES = ("procedure.yml", "link.yml")


@dataclass(frozen=True)
class Link:
    """How people refer to one procedure or need."""

    id: str
    title: str
    aliases: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that means it, the title first."""
        return (self.title, *self.aliases, *self.examples)


def link_files(folder: Path) -> Iterator[Path]:
    """The file of each procedure under `folder` that says what it is called, by id."""
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        for name in _FILES:
            if (place / name).is_file():
                yield place / name
                break


def load_links(folder: Path) -> list[Link]:
    """All links under `folder`, by id. Raises `ProblemsFound` with every fault at once."""
    problems: list[Problem] = []
    links = []
    for path in link_files(folder):
        content = _content(path, problems)
        if content is not None:
            links.append(_link(path, path.parent.name, "title", content, problems))
    if problems:
        raise ProblemsFound(problems)
    return links


def load_needs(path: Path) -> list[Link]:
    """The links of `elsewhere.yml`, in file order; raises as `load_links`."""
    problems: list[Problem] = []
    needs = _mapping((_content(path, problems) or {}).get("needs"))
    links = [_link(path, name, "name", _mapping(need), problems) for name, need in needs.items()]
    if problems:
        raise ProblemsFound(problems)
    return links


def _content(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return _mapping(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(Problem(str(path), 1, f"can't be read: {error}"))
        return None


def _mapping(content: object) -> dict[str, Any]:
    return content if isinstance(content, dict) else {}


def _link(
    path: Path, name: str, title_field: str, content: dict[str, Any], problems: list[Problem]
) -> Link:
    title = content.get(title_field)
    if not isinstance(title, str) or not title.strip():
        told = f"'{name}' needs a '{title_field}', what it is officially called"
        problems.append(Problem(str(path), 1, told))
    texts: dict[str, tuple[str, ...]] = {}
    for field in ("aliases", "examples"):
        value = content.get(field) or []
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            problems.append(Problem(str(path), 1, f"'{field}' of '{name}' is a list of texts"))
            value = []
        texts[field] = tuple(value)
    return Link(name, str(title), texts["aliases"], texts["examples"])
