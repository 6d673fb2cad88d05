"""Links a message to the procedure it is about, from what the knowledge base calls each one."""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.text.augment import variants
from bot.components.text.linear import LinearModel
from bot.components.text.ngrams import NgramVectorizer
from bot.components.text.scope import (
    NONE,
    OTHER,
    OUT_OF_SCOPE,
    RIVAL,
    THRESHOLD,
    linked,
    ranking,
)
from bot.components.text.views import Shorthand, Views, views
from bot.components.training_augmenter import ORIGIN, about
from bot.components.vietnamese_normaliser import VIEWS
from knowledge_base.links import load_links

RANKING = "procedure_ranking"
"""The message attribute: every procedure, `none` and `other`, with probabilities."""

_LINK_COPIES = 2


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ProcedureLinker(GraphComponent):
    """In: attribute `views`; when training also the metadata `procedure` of the utterances, and
    the titles, aliases and example questions of every procedure in the folder `links`.
    Out: at most one entity `procedure` over the whole text, with `confidence_entity` and
    `runner_up` ({value, confidence}, or None when no other procedure is plausible), and
    attribute `procedure_ranking`. A new procedure needs a folder with words for it, no more.

    Config: `links`; `threshold`, least probability that counts; `rival`, from what share of the
    first one's probability a second is plausible; `strength` as in the intent classifier."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        vectorizer: NgramVectorizer | None = None,
        model: LinearModel | None = None,
    ) -> None:
        self.config = config
        self._storage, self._resource = model_storage, resource
        self.vectorizer = vectorizer
        self.model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "links": "knowledge_base/procedures",
            "threshold": THRESHOLD,
            "rival": RIVAL,
            "strength": 0.5,
            "min_count": 2,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ProcedureLinker:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ProcedureLinker:
        with model_storage.read_from(resource) as folder:
            vectorizer, model = NgramVectorizer.load(folder), LinearModel.load(folder)
        return cls(config, model_storage, resource, vectorizer, model)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The procedures' names are outside the configuration; a change of them is one of it."""
        links = load_links(_folder({**cls.get_default_config(), **config}))
        return sha256(repr(links).encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        texts: list[Views] = []
        labels: list[str] = []
        origins: list[int] = []
        for message in training_data.intent_examples:
            if message.get(VIEWS):
                texts.append(message.get(VIEWS))
                labels.append(_label(message))
                origins.append(message.get(ORIGIN, len(origins)))
        self._add_links(texts, labels, origins)
        self.vectorizer = NgramVectorizer(min_count=self.config["min_count"]).fit(texts)
        rows = self.vectorizer.transform(texts)
        self.model = LinearModel.fit(rows, labels, origins, self.config["strength"])
        with self._storage.write_to(self._resource) as folder:
            self.vectorizer.save(folder)
            self.model.save(folder)
        return self._resource

    def _add_links(self, texts: list[Views], labels: list[str], origins: list[int]) -> None:
        shorthand, dice = Shorthand.from_file(), random.Random(1)
        origin = max(origins, default=0)
        for link in load_links(_folder(self.config)):
            for text in link.texts:
                origin += 1
                for variant in (text, *variants(text, _LINK_COPIES, dice)):
                    texts.append(views(variant, shorthand))
                    labels.append(link.id)
                    origins.append(origin)

    def process(self, messages: list[Message]) -> list[Message]:
        if self.model is None or self.vectorizer is None:
            return messages
        for message in messages:
            row = self.vectorizer.transform([message.get(VIEWS)])
            chances = ranking(self.model.classes, self.model.probabilities(row)[0])
            message.set(RANKING, chances, add_to_output=True)
            found = linked(chances, self.config["threshold"], self.config["rival"])
            if found:
                entities = [*message.get(ENTITIES, []), _entity(message.get(TEXT), found)]
                message.set(ENTITIES, entities, add_to_output=True)
        return messages


def _folder(config: dict[str, Any]) -> Path:
    return Path(__file__).parents[2] / str(config["links"])  # an absolute path stays as it is


def _label(message: Message) -> str:
    if message.get(INTENT) == OUT_OF_SCOPE:
        return OTHER
    return str(about(message).get("procedure", NONE))


def _entity(text: str, found: list[tuple[str, float]]) -> dict[str, Any]:
    (value, confidence), *others = found
    return {
        "entity": "procedure",
        "value": value,
        "start": 0,
        "end": len(text),
        "confidence_entity": confidence,
        "runner_up": {"value": others[0][0], "confidence": others[0][1]} if others else None,
        "extractor": "ProcedureLinker",
    }
