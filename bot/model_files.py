"""Which files a Rasa model is made from, and where the model that fits them lies.

A model's file name carries the fingerprint of everything it was trained from, so that a model is
either exactly the right one or not there.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.settings import PROJECT
from knowledge_base.errors import EngineError

_LIBRARIES = ("numpy", "rasa", "scikit-learn", "scipy")


@dataclass(frozen=True)
class ProjectPaths:
    """Where the files that make a model lie, inside one project folder."""

    root: Path = PROJECT

    @property
    def config(self) -> Path:
        return self.root / "config.yml"

    @property
    def domain(self) -> Path:
        return self.root / "bot" / "domain"

    @property
    def models(self) -> Path:
        return self.root / "models"

    def training_files(self) -> list[Path]:
        """What Rasa reads: `nlu*.yml` of every language, and the dialogue's rules and stories."""
        nlu = (self.root / "nlu_data").rglob("nlu*.yml")
        dialogue = (self.root / "bot" / "dialogue").rglob("*.yml")
        return [*sorted(nlu), *sorted(dialogue)]

    def inputs(self) -> list[Path]:
        """Every file whose content is part of a model, apart from the procedures."""
        readers = [self.root / "bot" / name for name in ("rasa_importer.py", "utterances.py")]
        found = [self.config, *readers, *self.domain.rglob("*.yml"), *self.training_files()]
        components = sorted((self.root / "bot" / "components").rglob("*.py"))
        found += components
        data = self.root / "nlu_data"
        found += [*data.glob("*/answers.yml"), *data.glob("*/answers/*.yml")]
        for path in components:
            used = re.findall(r"^from (knowledge_base\.[\w.]+) import", path.read_text(), re.M)
            found += [self.root / f"{name.replace('.', '/')}.py" for name in used]
        for name in _strings(_read_yaml(self.config)):
            named = self.root / name
            if "/" in name and named.exists():  # a file or folder a component is told to load
                found += [path for path in named.rglob("*") if path.is_file()] or [named]
        # a procedure is looked at by `fingerprint`, which knows what of it counts
        found = [path for path in found if path.name != "procedure.yml"]
        return sorted(set(found))


def fingerprint(paths: ProjectPaths) -> str:
    """16 hexadecimal digits that change when anything a model is made from changes."""
    digest = hashlib.sha256(f"python {sys.version_info[:2]}".encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    for path in paths.inputs():
        digest.update(str(path.relative_to(paths.root)).encode())
        digest.update(path.read_bytes() if path.exists() else b"missing")
    # of a procedure only what people call it and answer; a fee that changes needs no new model
    for path in sorted((paths.root / "knowledge_base" / "procedures").glob("*/procedure.yml")):
        procedure = _read_yaml(path)
        names = {key: procedure.get(key) for key in ("title", "aliases", "examples")}
        choices = [
            (question.get("id"), question.get("choices"))
            for question in procedure.get("questions") or ()
        ]
        digest.update(repr((path.parent.name, names, choices)).encode())
    return digest.hexdigest()[:16]


def model_path(paths: ProjectPaths) -> Path:
    """Where the model for the files as they are now lies or would lie."""
    return paths.models / f"nha-rong-{fingerprint(paths)}.tar.gz"


def _read_yaml(path: Path) -> Any:
    if not path.exists():
        raise EngineError(f"{path}: not there, so no model can be trained")
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
