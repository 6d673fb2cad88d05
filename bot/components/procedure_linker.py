"""Says which procedure a message is about, from what the knowledge base calls each one."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._linear import LinearComponent
from bot.components.text.scope import NONE, OTHER, OUT_OF_SCOPE, Ranking
from bot.components.training_augmenter import about

RANKING = "procedure_ranking"
"""The message attribute: every procedure, `none` and `other`, with probabilities."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ProcedureLinker(LinearComponent):
    """In: sparse sentence features; when training also the metadata `procedure` of messages,
    those that `TrainingAugmenter` took from the knowledge base among them. Out: attribute
    `procedure_ranking`; `ScopeGuard` makes the entity of it. A new procedure needs a folder with
    words for it, no more.

    Config: `strength` as in the intent classifier."""

    def labelled(self, training_data: TrainingData) -> Iterable[tuple[Message, str]]:
        for message in training_data.training_examples:
            if message.get(TEXT) and (message.get(INTENT) or "procedure" in about(message)):
                yield message, label_of(message)

    def tell(self, message: Message, chances: Ranking) -> None:
        message.set(RANKING, chances, add_to_output=True)


def label_of(message: Message) -> str:
    """What a message of the training data is about: a procedure, `OTHER` or `NONE`."""
    if message.get(INTENT) == OUT_OF_SCOPE:
        return OTHER
    return str(about(message).get("procedure", NONE))
