"""Turns the views of a message into one sparse row of n-gram weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.components.change_finder import INSTEAD
from bot.components.text.ngrams import DEFAULT_GROUPS, Group, NgramVectorizer
from bot.components.text.views import Views
from bot.components.training_augmenter import ORIGIN
from bot.components.vietnamese_normaliser import VIEWS, VIEWS_INSTEAD
from knowledge_base.errors import EngineError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(GraphComponent):
    """In: attribute `views`. Out: sparse sentence features of the text, words and pieces of words
    with and without diacritics, weighted by TF-IDF; the same of `views_instead` for the attribute
    `instead`.

    Config: `min_count`, in how many of the texts that were written an n-gram must occur; `groups`,
    a list of [view, unit, shortest, longest, weight] as in `text.ngrams.Group`."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        vectorizer: NgramVectorizer,
    ) -> None:
        self.name = name
        self._storage, self._resource = model_storage, resource
        self.vectorizer = vectorizer

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"min_count": 3, "groups": [list(astuple(group)) for group in DEFAULT_GROUPS]}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        groups = [Group(*group) for group in config["groups"]]
        vectorizer = NgramVectorizer(groups, config["min_count"])
        return cls(config, execution_context.node_name, model_storage, resource, vectorizer)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        with model_storage.read_from(resource) as folder:
            vectorizer = NgramVectorizer.load(folder)
        return cls(config, execution_context.node_name, model_storage, resource, vectorizer)

    def train(self, training_data: TrainingData) -> Resource:
        self.vectorizer.fit(list(_written(training_data)))
        with self._storage.write_to(self._resource) as folder:
            self.vectorizer.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        rows = self.vectorizer.transform_each([message.get(VIEWS) for message in messages])
        for message, row in zip(messages, rows, strict=True):
            features = Features(row, FEATURE_TYPE_SENTENCE, TEXT, self.name)
            message.add_features(features)
            if message.get(VIEWS_INSTEAD):
                instead = self.vectorizer.transform([message.get(VIEWS_INSTEAD)])
                message.add_features(Features(instead, FEATURE_TYPE_SENTENCE, INSTEAD, self.name))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(_readable(training_data))
        return training_data


def row_of(message: Message, attribute: str = TEXT) -> csr_matrix:
    """The row that this component gave the message. (Rasa's own way to it copies it.)"""
    for found in message.features:
        if (
            found.attribute == attribute
            and found.type == FEATURE_TYPE_SENTENCE
            and found.is_sparse()
        ):
            row = found.features
            return row if isinstance(row, csr_matrix) else csr_matrix(row, copy=False)
    raise EngineError("config.yml: NgramFeaturizer must come before what reads its features")


def _written(training_data: TrainingData) -> Iterator[Views]:
    """The views of each text that was written, without the variants made of it."""
    first: dict[int, Message] = {}
    for number, message in enumerate(_readable(training_data), start=1):
        first.setdefault(message.get(ORIGIN, -number), message)
    return (message.get(VIEWS) for message in first.values())


def _readable(training_data: TrainingData) -> list[Message]:
    return [m for m in training_data.training_examples if m.get(VIEWS)]
