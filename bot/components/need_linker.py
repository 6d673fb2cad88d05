"""Links a message to the need that it states, among those that other offices serve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._linear import LinearComponent, add_entity
from bot.components.text.scope import OTHER, OUT_OF_SCOPE, Ranking
from bot.components.training_augmenter import about


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NeedLinker(LinearComponent):
    """In: sparse sentence features; when training also the metadata `need` of the messages that
    are out of scope. Out: an entity `need` over the whole text, where one is likely. Whether the
    message is out of scope at all, others say. A new need needs its entry in `elsewhere.yml`.

    Config: `threshold`, least probability that counts; `strength` as in the intent classifier."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threshold": 0.5, **LinearComponent.get_default_config()}

    def labelled(self, training_data: TrainingData) -> Iterable[tuple[Message, str]]:
        for message in training_data.intent_examples:
            if message.get(INTENT) == OUT_OF_SCOPE:
                yield message, str(about(message).get("need", OTHER))

    def tell(self, message: Message, chances: Ranking) -> None:
        name, chance = next(iter(chances.items()))
        if name != OTHER and chance >= self.config["threshold"]:
            extractor = "NeedLinker"
            add_entity(message, "need", name, confidence_entity=chance, extractor=extractor)
