"""Reads one message with the trained model and nothing of Rasa: for `rong understand` and benches.

A Rasa model is an archive of what each component saved; the parts saved by our components are
enough to understand a message, and load in a tenth of the time that importing Rasa takes. A test
holds this reading against Rasa's own.
"""

from __future__ import annotations

import json
import tarfile
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scipy.sparse import csr_matrix

from bot.components.text import sequence
from bot.components.text.answer_model import AnswerModel, Readings, beside
from bot.components.text.encoder import OWN, Encoder, load_encoder
from bot.components.text.linear import Array, LinearModel
from bot.components.text.names import Names
from bot.components.text.nearest import NearestQuestions
from bot.components.text.ngrams import NgramVectorizer
from bot.components.text.scope import (
    CAUTION,
    NEIGHBOURS,
    RIVAL,
    THRESHOLD,
    TRUST,
    Ranking,
    blend,
    linked,
    ranking,
    settle,
)
from bot.components.text.sequence import SequenceModel
from bot.components.text.views import SHORTHAND, Shorthand, Views, views
from bot.settings import PROJECT
from knowledge_base.answers.earlier import what_counts
from knowledge_base.answers.weighing import Hearing
from knowledge_base.answers.words import AnswerWords, load_words
from knowledge_base.errors import EngineError
from knowledge_base.schema import TOPICS

BARE_ANSWER = "inform"
"""An answer to a question nobody asked here means nothing by itself."""


@dataclass(frozen=True)
class Understood:
    """One message understood. `topic` may be an act or `out_of_scope`; None where there is none.
    `confidence` is the probability of the topic, 0 to 1."""

    topic: str | None
    procedure: str | None
    confidence: float
    runner_up: str | None = None


class Understanding:
    """The components' saved parts, put together as `config.yml` does."""

    def __init__(self, folder: Path) -> None:
        """`folder`: an unpacked Rasa model. Raises `EngineError` when a component is missing."""
        metadata = json.loads((folder / "metadata.json").read_text("utf-8"))
        self._folder = folder
        self._nodes: dict[str, dict[str, Any]] = metadata["predict_schema"]["nodes"]
        table = self._config("VietnameseNormaliser").get("shorthand", SHORTHAND)
        self._shorthand = Shorthand.from_file(PROJECT / table)
        self._vectorizer = NgramVectorizer.load(self._saved("NgramFeaturizer"))
        self._intents = LinearModel.load(self._saved("LinearIntentClassifier"))
        self._procedures = LinearModel.load(self._saved("ProcedureLinker"))
        self._names = Names.load(self._saved("ProcedureLinker"))
        guard = self._config("ScopeGuard")
        self._threshold = guard.get("threshold", THRESHOLD)
        self._rival = guard.get("rival", RIVAL)
        self._weights = (guard.get("trust", TRUST), guard.get("caution", CAUTION))
        self._encoder: Encoder | None = None
        if self._has("NearestQuestion"):
            self._encoder = load_encoder(self._config("SentenceEncoder").get("model", OWN))
            self._questions = NearestQuestions.load(self._saved("NearestQuestion"))
            self._neighbours = self._config("NearestQuestion").get("weight", NEIGHBOURS)
        self._answers: AnswerModel | None = None
        if self._has("AnswerReader"):
            self._answers = AnswerModel.load(self._saved("AnswerReader"))
        self._sequence: SequenceModel | None = None
        if self._has("SequenceReader"):
            folder = PROJECT / self._config("SequenceReader").get("model", sequence.OWN)
            self._sequence = SequenceModel.load(folder)

    @classmethod
    def from_model(cls, model: Path) -> Understanding:
        """Read a Rasa model archive."""
        with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
            archive.extractall(folder, filter="data")
            return cls(Path(folder))

    def read(self, text: str) -> Understood:
        """What `text` asks or does, and which procedure it is about."""
        seen = views(text, self._shorthand)
        if not seen["stripped"]:
            return Understood(None, None, 0.0)
        intents, procedures = self._rankings(seen, *self._features(seen))
        topic, confidence = next(iter(intents.items()))
        if confidence < self._threshold or topic == BARE_ANSWER:
            return Understood(None, None, confidence)
        if topic not in TOPICS:
            return Understood(topic, None, confidence)
        names = [name for name, _ in linked(procedures, self._threshold, self._rival)]
        first, second = (*names, None, None)[:2]
        return Understood(topic, first, confidence, second)

    def hear(self, text: str) -> Hearing:
        """`text` as what is said to any question."""
        seen = views(text, self._shorthand)
        if not seen["stripped"]:
            return Hearing(text)
        features = self._features(seen)
        intents, _ = self._rankings(seen, *features)
        intent, confidence = next(iter(intents.items()))
        if confidence < self._threshold:
            intent, confidence = "", 0.0
        counts = what_counts(text, self._words) if self._has("ChangeFinder") else None
        instead = None
        if counts is not None:
            instead = self._answered(views(counts, self._shorthand))
        return Hearing(text, intent, confidence, self._answered(seen, features), instead)

    def _features(self, seen: Views) -> tuple[csr_matrix, Array | None]:
        """The row of n-grams, and as a matrix of one row the vector of what is meant."""
        row = self._vectorizer.transform([seen])
        return row, None if self._encoder is None else self._encoder.encode([seen["folded"]])

    def _answered(
        self, seen: Views, features: tuple[csr_matrix, Array | None] | None = None
    ) -> Readings:
        """What is answered to each question; `features`, where they are known already."""
        if self._answers is None or not seen["stripped"]:
            return {}
        row, vectors = features or self._features(seen)
        heard = None if self._sequence is None else self._sequence.read(seen)
        return self._answers.read(row if vectors is None else beside(row, vectors), heard)

    @cached_property
    def _words(self) -> AnswerWords:
        return load_words(PROJECT / self._config("ChangeFinder").get("words", "nlu_data"))

    def _rankings(
        self, seen: Views, row: csr_matrix, vectors: Array | None
    ) -> tuple[Ranking, Ranking]:
        """Intents and procedures after the models have heard each other and the neighbours."""
        procedures, intents = _ranked(self._procedures, row), _ranked(self._intents, row)
        if vectors is not None:
            votes = self._questions.votes(vectors[0])
            if votes:
                procedures = blend(procedures, votes.procedures, self._neighbours)
                intents = blend(intents, votes.intents, self._neighbours)
        return settle(intents, procedures, self._names.of(seen), *self._weights)

    def _has(self, component: str) -> bool:
        return any(node["uses"].endswith(f".{component}") for node in self._nodes.values())

    def _node(self, component: str) -> dict[str, Any]:
        for node in self._nodes.values():
            if node["uses"].rpartition(".")[2] == component:
                return node
        raise EngineError(f"the model has no {component}; is it in config.yml? train it again")

    def _config(self, component: str) -> dict[str, Any]:
        config: dict[str, Any] = self._node(component)["config"]
        return config

    def _saved(self, component: str) -> Path:
        return self._folder / "components" / str(self._node(component)["resource"]["name"])


def _ranked(model: LinearModel, row: Any) -> Ranking:
    return ranking(model.classes, model.probabilities(row)[0])
