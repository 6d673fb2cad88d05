"""Reads the files of a pack, keeping the line of everything so that a problem can name it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from voices.errors import PackProblem
from voices.speech import SpeechTable

FIELDS = ("prompt", "text_hash", "file", "speaker", "dialect", "consent", "licence")
HASH = re.compile(r"[0-9a-f]{16}")


class Problems:
    """Collects problems; paths are shown from the packs' own folder on."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.found: list[PackProblem] = []

    def add(self, path: Path, line: int, message: str) -> None:
        shown = f"{self._root.name}/{path.relative_to(self._root)}"
        self.found.append(PackProblem(shown, line, message))


def read_manifest(folder: Path, problems: Problems) -> list[dict[str, Any]]:
    """The good rows of `manifest.yml`, none when there is no such file."""
    path = folder / "manifest.yml"
    rows = []
    seen: dict[tuple[str, str], int] = {}
    for node in _recordings(path, problems):
        line = node.start_mark.line + 1
        before = len(problems.found)
        row = _row(path, node, problems)
        if len(problems.found) > before:
            continue
        _check_values(path, line, row, problems)
        same = (row["prompt"], row["text_hash"])
        if same in seen:
            problems.add(path, line, f"{same[0]}: recorded already on line {seen[same]}")
        seen.setdefault(same, line)
        if len(problems.found) == before:
            rows.append(row)
    return rows


def _recordings(path: Path, problems: Problems) -> Iterable[yaml.Node]:
    root = _compose(path, problems)
    if root is None:
        return ()
    fields = _mapping(path, root, ("recordings",), problems)
    node = fields.get("recordings")
    if node is None or _is_null(node):
        return ()
    if not isinstance(node, yaml.SequenceNode):
        problems.add(path, node.start_mark.line + 1, "'recordings' is a list, one row a recording")
        return ()
    return tuple(node.value)


def _row(path: Path, node: yaml.Node, problems: Problems) -> dict[str, str]:
    row = {}
    fields = _mapping(path, node, FIELDS, problems)
    for name in FIELDS:
        value = fields.get(name)
        if not isinstance(value, yaml.ScalarNode) or not value.value.strip() or _is_null(value):
            line = (value or node).start_mark.line + 1
            problems.add(path, line, f"a recording needs '{name}', as one line of text")
        else:
            row[name] = value.value.strip()
    return row


def _check_values(path: Path, line: int, row: dict[str, str], problems: Problems) -> None:
    if not HASH.fullmatch(row["text_hash"]):
        problems.add(path, line, "'text_hash' is 16 hexadecimal digits in lower case")
    folder = path.parent.resolve()
    file = (folder / row["file"]).resolve()
    if not file.is_relative_to(folder):
        problems.add(path, line, f"'file' lies outside its pack: {row['file']}")
    elif not file.is_file():
        problems.add(path, line, f"'file' does not exist: {row['file']}")


def read_speech(folder: Path, problems: Problems) -> SpeechTable:
    """The table of `speech.yml`, an empty one when there is no such file."""
    path = folder / "speech.yml"
    root = _compose(path, problems)
    if root is None:
        return SpeechTable()
    fields = _mapping(path, root, ("words", "hosts"), problems)
    words = _texts(path, fields.get("words"), problems)
    hosts = (
        _mapping(path, fields["hosts"], ("endings", "signs", "labels"), problems)
        if "hosts" in fields
        else {}
    )
    endings: list[str] = []
    if "endings" in hosts:
        node = hosts["endings"]
        if isinstance(node, yaml.SequenceNode):
            endings = [str(item.value).lower() for item in node.value]
        else:
            problems.add(path, node.start_mark.line + 1, "'endings' is a list of last labels")
    signs = _texts(path, hosts.get("signs"), problems)
    return SpeechTable(
        words, frozenset(endings), signs, _texts(path, hosts.get("labels"), problems)
    )


def _compose(path: Path, problems: Problems) -> yaml.Node | None:
    if not path.is_file():
        return None
    try:
        text = path.read_text("utf-8")
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        problems.add(path, 1, f"is not UTF-8: byte {error.start}")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.add(path, line, f"is not YAML: {error.problem}")
    except yaml.YAMLError as error:
        problems.add(path, 1, f"is not YAML: {error}")
    else:
        return node
    return None


def _mapping(
    path: Path, node: yaml.Node, allowed: tuple[str, ...], problems: Problems
) -> dict[str, yaml.Node]:
    """The fields of a mapping; an unknown or repeated one is a problem."""
    if not isinstance(node, yaml.MappingNode):
        problems.add(path, node.start_mark.line + 1, f"expected fields: {', '.join(allowed)}")
        return {}
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        line, name = key.start_mark.line + 1, str(key.value)
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"allowed: {', '.join(allowed)}"
            problems.add(path, line, f"'{name}' is not a field here; {hint}")
        elif name in fields:
            problems.add(path, line, f"'{name}' stands here twice")
        else:
            fields[name] = value
    return fields


def _texts(path: Path, node: yaml.Node | None, problems: Problems) -> dict[str, str]:
    """A mapping of text to text."""
    if node is None or _is_null(node):
        return {}
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        problems.add(path, line, "expected lines of 'as written: as said'")
        return {}
    texts: dict[str, str] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(value, yaml.ScalarNode) or not key.value:
            problems.add(path, line, "expected 'as written: as said', each a line of text")
        elif key.value in texts:
            problems.add(path, line, f"'{key.value}' stands here twice")
        else:
            texts[str(key.value)] = str(value.value)
    return texts


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"
