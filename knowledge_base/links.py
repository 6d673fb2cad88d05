"""What procedures are called and asked about: titles, aliases and example questions.

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
    """How people refer to one procedure."""

    id: str
    title: str
    aliases: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that means this procedure, the title first."""
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
        try:
            content = yaml.safe_load(path.read_text("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), 1, f"can't be read: {error}"))
            continue
        links.append(_link(path, content if isinstance(content, dict) else {}, problems))
    if problems:
        raise ProblemsFound(problems)
    return links


def _link(path: Path, content: dict[str, Any], problems: list[Problem]) -> Link:
    title = content.get("title")
    if not isinstance(title, str) or not title.strip():
        problems.append(Problem(str(path), 1, "needs a 'title', the procedure's official name"))
    texts: dict[str, tuple[str, ...]] = {}
    for field in ("aliases", "examples"):
        value = content.get(field) or []
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            problems.append(Problem(str(path), 1, f"'{field}' is a list of texts"))
            value = []
        texts[field] = tuple(value)
    return Link(path.parent.name, str(title), texts["aliases"], texts["examples"])
