"""Says when a message seems to be in a language other than the source language."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._base import LearningComponent
from bot.components.text.tongue import Tongues
from bot.settings import PROJECT
from bot.utterances import utterances
from knowledge_base.glossary import glossary_languages, load_glossary
from knowledge_base.languages import load_languages

LANGUAGES = "languages"
"""The message attribute: codes of languages, best first; empty for the source language."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(LearningComponent[Tongues]):
    """In: a message's text; when training, the training utterances and the glossary of every
    language that is offered. Out: attribute `languages`, the languages that people may be offered
    to switch to; nothing is switched by itself. A new language needs its entry and its texts.

    Config: `languages` and `glossary`, where these lie."""

    learns = Tongues

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"languages": "knowledge_base/languages.yml", "glossary": "knowledge_base/glossary"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What the languages are told by is outside the configuration."""
        config = {**cls.get_default_config(), **config}
        languages = load_languages(PROJECT / config["languages"])
        return sha256(repr((languages, _written(config))).encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        languages = load_languages(PROJECT / self.config["languages"])
        return self.keep(Tongues.learn(_written(self.config), languages))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.model.of(message.get(TEXT) or "") if self.model else []
            message.set(LANGUAGES, found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def _written(config: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for utterance in utterances():
        found.setdefault(utterance.language, []).append(utterance.text)
    glossary = PROJECT / config["glossary"]
    for code in glossary_languages(glossary):
        found.setdefault(code, []).extend(e.word for e in load_glossary(code, glossary))
    return found
