"""The pipeline without each of its parts in turn: what each is worth on held-out text."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import yaml

from bot.components.text.ngrams import DEFAULT_GROUPS
from bot.model_files import ProjectPaths
from bot.settings import PROJECT
from bot.training import ensure_model
from bot.understanding import Understanding

Step = dict[str, Any]
UNHEARD = frozenset({"temporary_residence", "social_pension", "certified_copy", "child_id_card"})
"""Procedures that stand for a new one, of which nobody has written what people ask."""
SHARED = ("bot", "nlu_data", "knowledge_base")
"""Folders that a variant of the project takes as they are."""


@dataclass(frozen=True)
class Variant:
    """The project with another `config.yml`; `change` changes the pipeline in place. Of the
    procedures `unheard` nothing is learnt but their names; only what asks about them is read."""

    name: str
    change: Callable[[list[Step]], None] = lambda pipeline: None
    unheard: frozenset[str] = frozenset()


def variants() -> Iterator[Variant]:
    """Everything, and everything without one part."""
    yield Variant("everything")
    yield Variant("without the sentence encoder", without("SentenceEncoder", "NearestQuestion"))
    yield Variant("nearly the encoder alone", setting("NearestQuestion", weight=20))
    yield Variant("without the view with diacritics", without_views("folded"))
    yield Variant("without the view without diacritics", without_views("stripped"))
    yield Variant("without pieces of words", without_views(unit="char"))
    yield Variant("without pieces of words or composed questions", _plain)
    yield Variant("without the view of sounds", without_views("sounded"))
    yield Variant("without the view of a message's end", without_views("tail"))
    yield Variant("without other spellings", setting("TrainingAugmenter", share=0))
    yield Variant("without composed questions", _uncomposed)
    yield Variant("without needs of other offices", setting("TrainingAugmenter", elsewhere=""))
    yield Variant("four procedures by their names alone", unheard=UNHEARD)
    yield Variant("the same without composed questions", _uncomposed, UNHEARD)
    yield Variant("models don't hear each other", setting("ScopeGuard", trust=0, caution=1))


def without(*components: str) -> Callable[[list[Step]], None]:
    """Leaves out `components`."""

    def change(pipeline: list[Step]) -> None:
        pipeline[:] = [step for step in pipeline if _component(step) not in components]

    return change


def setting(component: str, **values: Any) -> Callable[[list[Step]], None]:
    """Sets `values` of a component."""

    def change(pipeline: list[Step]) -> None:
        next(step for step in pipeline if _component(step) == component).update(values)

    return change


def without_views(view: str = "", unit: str = "") -> Callable[[list[Step]], None]:
    """Leaves out the n-grams of a view, or of a unit."""
    kept = [
        list(astuple(group))
        for group in DEFAULT_GROUPS
        if view != group.view and unit != group.unit
    ]
    return setting("NgramFeaturizer", groups=kept)


def _plain(pipeline: list[Step]) -> None:
    without_views(unit="char")(pipeline)
    _uncomposed(pipeline)


def _uncomposed(pipeline: list[Step]) -> None:
    setting("TrainingAugmenter", composed=0, needs=0)(pipeline)


@contextmanager
def trained(variant: Variant) -> Iterator[Understanding]:
    """The model of a variant, trained from this project's files. Raises `EngineError` when Rasa
    can't train it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in SHARED:
            (root / name).symlink_to(PROJECT / name)
        if variant.unheard:
            hidden = [f"nlu_{procedure}.yml" for procedure in variant.unheard]
            (root / "nlu_data").unlink()
            copytree(PROJECT / "nlu_data", root / "nlu_data", ignore=ignore_patterns(*hidden))
        config = yaml.safe_load((PROJECT / "config.yml").read_text("utf-8"))
        variant.change(config["pipeline"])
        (root / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
        yield Understanding.from_model(ensure_model(ProjectPaths(root)).path)


def _component(step: Mapping[str, Any]) -> str:
    return str(step["name"]).rpartition(".")[2]
