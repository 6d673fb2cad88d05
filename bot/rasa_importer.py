"""Reads the training utterances for Rasa, once and quickly.

Rasa's own reader takes a millisecond for each utterance, three times over. Files that hold more
than intents with examples are left to it, and so are broken ones: it says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_BLOCK = frozenset({"intent", "metadata", "examples"})
_ENTITY = "]("
"""What marks an entity inside an example."""


class Utterance(Message):
    """A message of the training data. Rasa copies all of them deeply each time it merges data, and
    compares their fingerprints; the parts of one that was only read don't change."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Utterance:
        return Utterance(
            dict(self.data), set(self.output_properties), self.time, list(self.features)
        )

    def __hash__(self) -> int:
        return hash((self.data.get(TEXT), self.data.get(INTENT)))


class QuickImporter(RasaFileImporter):
    """A Rasa importer, named in `config.yml`; stories, domain and configuration as ever."""

    def get_nlu_data(self, language: str | None = "vi") -> TrainingData:
        return self._nlu_data

    @cached_property
    def _nlu_data(self) -> TrainingData:
        messages: list[Message] = []
        others = []
        for path in self._nlu_files:
            found = _plain(Path(path))
            if found is None:
                others.append(path)
            else:
                messages += found
        data = TrainingData(messages)
        return data.merge(training_data_from_paths(others, "vi")) if others else data


def _plain(path: Path) -> list[Message] | None:
    """The utterances of a file of plain intents; None for any other file."""
    try:
        content = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return None
    blocks = content.get("nlu") if isinstance(content, dict) else None
    if not isinstance(blocks, list) or content.keys() - {"version", "nlu"}:
        return None
    messages: list[Message] = []
    for block in blocks:
        texts = list(_examples(block))
        if not texts:
            return None
        about = block.get("metadata")
        messages += [Utterance.build(text, block["intent"], None, about) for text in texts]
    return messages


def _examples(block: Any) -> Iterator[str]:
    """The examples of an intent; nothing when it holds more than plain ones."""
    if not isinstance(block, dict) or not block.keys() <= _BLOCK:
        return
    lines = block.get("examples")
    if not isinstance(block.get("intent"), str) or not isinstance(lines, str):
        return
    written = lines.splitlines()
    if all(line.startswith("- ") for line in written) and _ENTITY not in lines:
        yield from (line[2:].strip() for line in written)
