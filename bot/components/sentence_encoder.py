"""Turns a message into one vector whose direction is its meaning."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.change_finder import INSTEAD
from bot.components.text.encoder import OWN, Encoder, digest_of, load_encoder
from bot.components.vietnamese_normaliser import VIEWS, VIEWS_INSTEAD


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """In: attribute `views`. Out: dense sentence features, one vector of length 1; the same of
    `views_instead` for the attribute `instead`.

    Config: `model`, a sentence-transformers model: a folder of this project or a name in the hub.
    The project's own is trained by `rong train-encoder`."""

    def __init__(self, config: dict[str, Any], name: str, encoder: Encoder) -> None:
        self.name, self.encoder = name, encoder

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"model": OWN}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The model's files are outside the configuration."""
        return digest_of({**cls.get_default_config(), **config}["model"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        return cls(config, execution_context.node_name, load_encoder(config["model"]))

    def process(self, messages: list[Message]) -> list[Message]:
        for attribute, seen in ((TEXT, VIEWS), (INSTEAD, VIEWS_INSTEAD)):
            some = [message for message in messages if message.get(seen)]
            if not some:
                continue
            vectors = self.encoder.encode([message.get(seen)["folded"] for message in some])
            for message, vector in zip(some, vectors, strict=True):
                features = Features(vector[None, :], FEATURE_TYPE_SENTENCE, attribute, self.name)
                message.add_features(features)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([message for message in training_data.training_examples if message.get(VIEWS)])
        return training_data


def vector_of(message: Message, attribute: str = TEXT) -> NDArray[np.float32] | None:
    """The vector that this component gave the message, if it did."""
    for found in message.features:
        if (
            found.attribute == attribute
            and found.type == FEATURE_TYPE_SENTENCE
            and found.is_dense()
        ):
            vector: NDArray[np.float32] = found.features[0]
            return vector
    return None
