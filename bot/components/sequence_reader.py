"""Reads a message word by word as an answer to whatever may have been asked."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._base import ConfiguredComponent
from bot.components.text.encoder import digest_of
from bot.components.text.sequence import OWN, SequenceModel
from bot.components.vietnamese_normaliser import VIEWS, VIEWS_INSTEAD
from bot.settings import PROJECT

SEQUENCE = "sequence"
"""The message attribute: question → choice → probability."""
SEQUENCE_INSTEAD = "sequence_instead"
"""The same of what counts in a message that takes something back; absent in others."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SequenceReader(ConfiguredComponent):
    """In, when serving: attribute `views`. Out: attribute `sequence`, what a network that reads
    words in their order makes of the message as an answer to each question it knows; the same of
    `views_instead` as `sequence_instead`. `AnswerReader` hears it. A question that was added or
    changed since is not among those it knows.

    Config: `model`, a folder that `rong train-reader` wrote."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.model = SequenceModel.load(PROJECT / config["model"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"model": OWN}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The model's files are outside the configuration."""
        return digest_of({**cls.get_default_config(), **config}["model"])

    def process(self, messages: list[Message]) -> list[Message]:
        for attribute, seen in ((SEQUENCE, VIEWS), (SEQUENCE_INSTEAD, VIEWS_INSTEAD)):
            for message in messages:
                if message.get(seen):
                    message.set(attribute, self.model.read(message.get(seen)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
