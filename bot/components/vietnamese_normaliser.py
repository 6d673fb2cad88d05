"""Adds the views of a message that the models read."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._base import ConfiguredComponent
from bot.components.change_finder import INSTEAD
from bot.components.text.beside import each
from bot.components.text.views import SHORTHAND, Shorthand, views

VIEWS = "views"
"""The message attribute: view name → text."""
VIEWS_INSTEAD = "views_instead"
"""The same of what counts in a message that takes something back."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class VietnameseNormaliser(ConfiguredComponent):
    """In: a message's text, which stays as it is. Out: attribute `views`, the text folded,
    stripped of diacritics, and with spellings confused by ear made one; shorthand written out.
    Where there is an attribute `instead`, `views_instead` are the same of that.

    Config: `shorthand`, the table of abbreviations."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.shorthand = Shorthand.from_file(_table(config))

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"shorthand": str(SHORTHAND)}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The table is outside the configuration, so its content is part of the fingerprint."""
        table = _table({**cls.get_default_config(), **config})
        return sha256(table.read_bytes()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(VIEWS, views(message.get(TEXT) or "", self.shorthand))
            if message.get(INSTEAD):
                message.set(VIEWS_INSTEAD, views(message.get(INSTEAD), self.shorthand))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        seen = each(lambda message: views(message.get(TEXT), self.shorthand), messages)
        for message, views_of in zip(messages, seen, strict=True):
            message.set(VIEWS, views_of)
        return training_data


def _table(config: dict[str, Any]) -> Path:
    return Path(__file__).parents[2] / str(config["shorthand"])  # an absolute path stays as it is
