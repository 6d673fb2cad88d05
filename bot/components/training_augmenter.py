"""Adds variants of the training utterances; does nothing to what people write."""

from __future__ import annotations

import random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.text.augment import variants

ORIGIN = "origin"
"""The message attribute that variants share with the utterance they were made from: a number."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TrainingAugmenter(GraphComponent):  # type: ignore[misc]
    """In, when training: messages with text and intent. Out: the same with attribute `origin`,
    and for each one its text without diacritics and `copies` variants as others would write it.
    In and out when serving: messages, untouched.

    Config: `copies`, variants of each utterance; `seed` makes them the same each time."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.copies: int = config["copies"]
        self.seed: int = config["seed"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"copies": 3, "seed": 1}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainingAugmenter:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        dice = random.Random(self.seed)
        messages: list[Message] = []
        for number, message in enumerate(training_data.training_examples):
            messages.append(message)
            if not message.get(TEXT) or not message.get(INTENT):
                continue
            message.set(ORIGIN, number)
            for text in variants(message.get(TEXT), self.copies, dice):
                messages.append(Message({**message.data, TEXT: text}))
        return TrainingData(
            messages,
            training_data.entity_synonyms,
            training_data.regex_features,
            training_data.lookup_tables,
            training_data.responses,
        )
