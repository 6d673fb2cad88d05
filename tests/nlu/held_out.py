"""Reads the held-out utterances; see docs/understanding.md on how they were kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).with_name("held_out")
SETS = ("tuning", "mended", "final", "blind")


@dataclass(frozen=True)
class Utterance:
    """One message with what it should be understood as. `part`: the file it stands in."""

    text: str
    topic: str
    procedure: str | None
    style: str
    part: str


def utterances(name: str) -> Iterator[Utterance]:
    """All utterances of one set."""
    for path in sorted((FOLDER / name).glob("*.yml")):
        for row in yaml.safe_load(path.read_text("utf-8")):
            yield Utterance(**row, part=path.stem)
