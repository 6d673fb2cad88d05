"""Says what is asked or done: a topic, an act, a bare answer, or something out of scope."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._linear import LinearComponent
from bot.components.text.scope import Ranking


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(LinearComponent):
    """In: sparse sentence features; when training also the intent and `origin`.
    Out: `intent` and `intent_ranking`, every intent with its calibrated probability.

    Config: `strength`, the inverse of the regularisation."""

    def labelled(self, training_data: TrainingData) -> Iterable[tuple[Message, str]]:
        return ((m, m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT))

    def tell(self, message: Message, chances: Ranking) -> None:
        named = [{"name": name, "confidence": chance} for name, chance in chances.items()]
        message.set(INTENT, named[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, named, add_to_output=True)
