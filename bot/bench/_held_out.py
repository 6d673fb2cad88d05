"""Reads the held-out utterances of `tests/nlu/held_out`: a folder is a set, a file a style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.settings import PROJECT

FOLDER = PROJECT / "tests" / "nlu" / "held_out"


@dataclass(frozen=True)
class HeldOut:
    """One message with what it should be understood as; `part` is the file it stands in."""

    text: str
    topic: str
    procedure: str | None
    style: str
    part: str


def names(folder: Path = FOLDER) -> list[str]:
    """The sets there are."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def held_out(name: str, folder: Path = FOLDER) -> Iterator[HeldOut]:
    """All utterances of one set."""
    for path in sorted((folder / name).glob("*.yml")):
        for row in yaml.load(path.read_bytes(), yaml.CSafeLoader):
            yield HeldOut(row["text"], row["topic"], row.get("procedure"), row["style"], path.stem)
