"""Finds what counts in a message that takes back what was said before."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._base import ConfiguredComponent
from bot.settings import PROJECT
from knowledge_base.answers.earlier import what_counts
from knowledge_base.answers.words import load_words

INSTEAD = "instead"
"""The message attribute: what counts of the text; absent where all of it does."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class ChangeFinder(ConfiguredComponent):
    """In: a message's text, which stays as it is. Out: attribute `instead`, the text without the
    clauses that speak of an earlier answer (`nãy bấm chưa có`), where there are such; not when
    training.

    Config: `words`, the folder of the answers' words."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.words = load_words(PROJECT / str(config["words"]))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"words": "nlu_data"}

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            counts = what_counts(message.get(TEXT) or "", self.words)
            if counts is not None:
                message.set(INSTEAD, counts)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
