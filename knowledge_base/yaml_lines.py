"""YAML with the line of every value kept, so that a problem can be told by path and line.

Only `true` and `false` are booleans; `yes`, `no`, `on`, `off` are the words a civil servant wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.errors import Problem, ProblemsFound

Location = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    pass


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for _word in ("true", "false"):
    _Loader.yaml_implicit_resolvers.setdefault(_word[0], []).append(
        ("tag:yaml.org,2002:bool", re.compile(f"^{_word}$"))
    )


class Document:
    """A YAML file's data and the line of each location in it (1-based)."""

    def __init__(self, path: str, data: Any, lines: Mapping[Location, int]) -> None:
        self.path, self.data, self.lines = path, data, lines

    def line(self, location: Location) -> int:
        """Line of `location`, or of the nearest thing around it."""
        while location not in self.lines and location:
            location = location[:-1]
        return self.lines.get(location, 1)

    def problem(self, location: Location, message: str, *, warning: bool = False) -> Problem:
        """A problem at `location`."""
        return Problem(self.path, self.line(location), message, warning)


def load_yaml(path: Path, shown: str | None = None) -> Document:
    """Read one YAML file. Raises `ProblemsFound` for a file that can't be read, broken YAML and
    keys written twice; `shown` is the path as a person is told it."""
    shown = shown or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemsFound([Problem(shown, 1, f"can't be read: {error}")]) from error
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Location, int] = {(): 1}
        problems: list[Problem] = []
        data = _build(loader, node, (), lines, problems, shown) if node else None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or str(error)
        raise ProblemsFound([Problem(shown, line, f"broken YAML: {what}")]) from error
    finally:
        loader.dispose()
    if problems:
        raise ProblemsFound(problems)
    return Document(shown, data, lines)


def _build(
    loader: _Loader,
    node: yaml.Node,
    location: Location,
    lines: dict[Location, int],
    problems: list[Problem],
    shown: str,
) -> Any:
    lines[location] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if key in mapping:
                problems.append(Problem(shown, line, f"'{key}' is written twice; keep one"))
            mapping[key] = _build(loader, value_node, (*location, key), lines, problems, shown)
            lines[(*location, key)] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(loader, item, (*location, index), lines, problems, shown)
            for index, item in enumerate(node.value)
        ]
    return loader.construct_object(node, deep=True)
