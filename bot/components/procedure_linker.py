"""Links a message to the procedure it is about, from what the knowledge base calls each one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._linear import LinearComponent, add_entity
from bot.components.text.scope import (
    NONE,
    OTHER,
    OUT_OF_SCOPE,
    RIVAL,
    THRESHOLD,
    Ranking,
    linked,
)
from bot.components.training_augmenter import about

RANKING = "procedure_ranking"
"""The message attribute: every procedure, `none` and `other`, with probabilities."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ProcedureLinker(LinearComponent):
    """In: sparse sentence features; when training also the metadata `procedure` of messages,
    those that `TrainingAugmenter` took from the knowledge base among them.
    Out: at most one entity `procedure` over the whole text, with `confidence_entity` and
    `runner_up` ({value, confidence}, or None when no other procedure is plausible), and
    attribute `procedure_ranking`. A new procedure needs a folder with words for it, no more.

    Config: `threshold`, least probability that counts; `rival`, from what share of the first
    one's probability a second is plausible; `strength` as in the intent classifier."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "threshold": THRESHOLD,
            "rival": RIVAL,
            **LinearComponent.get_default_config(),
        }

    def labelled(self, training_data: TrainingData) -> Iterable[tuple[Message, str]]:
        for message in training_data.training_examples:
            if message.get(TEXT) and (message.get(INTENT) or "procedure" in about(message)):
                foreign = message.get(INTENT) == OUT_OF_SCOPE
                yield message, OTHER if foreign else str(about(message).get("procedure", NONE))

    def tell(self, message: Message, chances: Ranking) -> None:
        message.set(RANKING, chances, add_to_output=True)
        found = linked(chances, self.config["threshold"], self.config["rival"])
        if not found:
            return
        (value, confidence), *others = found
        rival = {"value": others[0][0], "confidence": others[0][1]} if others else None
        add_entity(
            message,
            "procedure",
            value,
            confidence_entity=confidence,
            runner_up=rival,
            extractor="ProcedureLinker",
        )
