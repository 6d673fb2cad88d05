"""The training utterances of `nlu_data`, read without Rasa and with the line each stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.model_files import ProjectPaths
from knowledge_base.errors import EngineError


@dataclass(frozen=True)
class Utterance:
    """What somebody might write. `procedure`: what it is about, if anything; `need`: which need
    that is none of ours it names. `language`: the folder it stands in."""

    text: str
    intent: str
    procedure: str | None
    need: str | None
    language: str
    path: Path
    line: int


def utterances(paths: ProjectPaths | None = None) -> Iterator[Utterance]:
    """Every utterance of every language, in the order of the files.

    Raises `EngineError` for a file that is not in Rasa's format."""
    paths = paths or ProjectPaths()
    data = paths.root / "nlu_data"
    for path in paths.training_files():
        if data not in path.parents:
            continue
        language = path.relative_to(data).parts[0]
        try:
            yield from _read(path, language)
        except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError) as error:
            where = path.relative_to(paths.root)
            raise EngineError(f"{where}: not Rasa's format of training data: {error}") from error


def _read(path: Path, language: str) -> Iterator[Utterance]:
    root = yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader)
    for block in dict(_pairs(root)).get("nlu", yaml.SequenceNode("", [])).value:
        fields = dict(_pairs(block))
        if "intent" not in fields:
            continue  # a synonym, a lookup table
        about = dict(_pairs(fields["metadata"])) if "metadata" in fields else {}
        first = fields["examples"].start_mark.line + 2  # the lines after "examples: |"
        for number, written in enumerate(fields["examples"].value.splitlines(), start=first):
            if written.startswith("- "):
                yield Utterance(
                    text=written[2:].strip(),
                    intent=fields["intent"].value,
                    procedure=about["procedure"].value if "procedure" in about else None,
                    need=about["need"].value if "need" in about else None,
                    language=language,
                    path=path,
                    line=number,
                )


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    for key, value in node.value:
        yield key.value, value
