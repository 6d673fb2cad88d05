"""What the network learns from: the same messages as the Rasa model, each with what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.components.text.views import Views
from bot.model_files import ProjectPaths

LAST = "NgramFeaturizer"
"""The component of `config.yml` before which a message has all that the network reads."""


@dataclass(frozen=True)
class Example:
    """A message and what it answers, question → class; `question`: the one that was asked, or None
    where the message is none of an answer but has an `intent`."""

    seen: Views
    answers: Mapping[str, str]
    question: str | None = None
    intent: str | None = None


def examples(paths: ProjectPaths) -> list[Example]:
    """All messages that `rong train` learns from, made by the components of `config.yml`."""
    from bot import rasa_import

    rasa_import.prepare()
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.utils.common import class_from_module_path

    from bot.components.training_augmenter import about
    from bot.components.vietnamese_normaliser import VIEWS
    from bot.rasa_importer import QuickImporter

    files = [str(path) for path in paths.training_files()]
    data = QuickImporter(str(paths.config), str(paths.domain), files).get_nlu_data()
    for step in _steps(paths):
        kind = class_from_module_path(step.pop("name"))
        config = {**kind.get_default_config(), **step}
        component = kind.create(config, None, None, None)
        data = component.process_training_data(data)
    found = []
    for message in data.training_examples:
        told = about(message)
        if not message.get(TEXT) or not (message.get(INTENT) or "question" in told):
            continue
        question = told.get("question")
        answers = {**told.get("also", {}), question: told["value"]} if question else {}
        found.append(Example(message.get(VIEWS), answers, question, message.get(INTENT)))
    return found


def _steps(paths: ProjectPaths) -> Iterator[dict[str, Any]]:
    """The first components of the pipeline, with their configuration."""
    for step in yaml.safe_load(paths.config.read_text("utf-8"))["pipeline"]:
        if step["name"].endswith(f".{LAST}"):
            return
        yield dict(step)


def classes_of(told: Iterable[Example]) -> dict[str, list[str]]:
    """Question → its classes, in order: those that were answered, and what else may be said."""
    from knowledge_base.answers.examples import NO_ANSWER, UNCLEAR, UNKNOWN

    found: dict[str, set[str]] = {}
    for one in told:
        for question, value in one.answers.items():
            found.setdefault(question, {NO_ANSWER, UNCLEAR, UNKNOWN}).add(value)
    return {question: sorted(found[question]) for question in sorted(found)}
