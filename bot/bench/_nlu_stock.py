"""Stock Rasa's default pipeline, trained on this project's utterances in its own environment."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.bench.engine import STOCK
from bot.components.text.scope import NONE, OTHER, OUT_OF_SCOPE, subject
from bot.settings import PROJECT
from bot.utterances import utterances
from knowledge_base.errors import EngineError
from knowledge_base.links import load_links

PIPELINE = """\
recipe: default.v1
assistant_id: stock
language: vi
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
"""
"""What Rasa 3.6 suggests to a project that names no pipeline, without the response selector,
which this project has no use for."""
EPOCHS = 100
"""As often as Rasa suggests that DIET sees all of the data."""
DOUBT = "nlu_fallback"

Found = tuple[str | None, str | None, float]
Labelled = tuple[str, str]


@dataclass(frozen=True)
class Answered:
    """Topic, procedure and confidence of each text; seconds a message; both trainings together,
    in seconds by the clock and of processor time."""

    found: list[Found]
    latencies: list[float]
    training: float
    work: float


@dataclass(frozen=True)
class StockNlu:
    """Stock Rasa in an environment of its own; `python` is that environment's, `epochs` how often
    it sees the training data."""

    python: Path
    epochs: int = EPOCHS

    @classmethod
    def find(cls, epochs: int = EPOCHS) -> StockNlu | None:
        """The environment of `make bench-stock`, if it is there."""
        python = STOCK / "bin" / "python"
        return cls(python, epochs) if python.exists() else None

    def run(self, texts: Sequence[str]) -> Answered:
        """Train one model for topics and one for procedures, because one intent can't be both,
        and read every text with both. Raises `EngineError` with what Rasa printed."""
        topics = self._read(topic_data(), texts)
        procedures = self._read(procedure_data(), texts)
        found: list[Found] = []
        for topic, procedure in zip(topics["found"], procedures["found"], strict=True):
            name, about = (None if f["name"] == DOUBT else f["name"] for f in (topic, procedure))
            about = None if name == OUT_OF_SCOPE or about in (NONE, OTHER) else about
            found.append((name, about, topic["confidence"]))
        took = zip(topics["latencies"], procedures["latencies"], strict=True)
        training, work = (topics[key] + procedures[key] for key in ("training", "work"))
        return Answered(found, [one + other for one, other in took], training, work)

    def _read(self, data: Iterable[Labelled], texts: Sequence[str]) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "config.yml").write_text(PIPELINE.format(epochs=self.epochs), "utf-8")
            (place / "nlu.yml").write_text(as_rasa(data), "utf-8")
            (place / "texts.json").write_text(json.dumps(list(texts)), "utf-8")
            script = Path(__file__).with_name("_stock_reader.py")
            done = subprocess.run(
                [str(self.python), str(script), folder], capture_output=True, text=True, check=False
            )
            answer = place / "answer.json"
            if done.returncode or not answer.exists():
                raise EngineError(f"stock Rasa failed: {done.stderr.strip()[-2000:]}")
            return json.loads(answer.read_text("utf-8"))


def topic_data() -> Iterable[Labelled]:
    """Each utterance with what it asks or does."""
    return [(one.text, one.intent) for one in utterances()]


def procedure_data() -> Iterable[Labelled]:
    """Each utterance with what it is about, and the names of every procedure."""
    written = [(one.text, subject(one.intent, one.procedure)) for one in utterances()]
    links = load_links(PROJECT / "knowledge_base" / "procedures")
    return [*written, *((text, link.id) for link in links for text in link.texts)]


def as_rasa(data: Iterable[Labelled]) -> str:
    """Training data in Rasa's format."""
    by_label: dict[str, list[str]] = {}
    for text, label in data:
        by_label.setdefault(label, []).append(" ".join(text.split()))
    blocks = [
        {"intent": label, "examples": "".join(f"- {text}\n" for text in dict.fromkeys(texts))}
        for label, texts in by_label.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10**6)
