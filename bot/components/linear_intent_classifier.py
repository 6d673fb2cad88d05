"""Says what is asked or done: a topic, an act, a bare answer, or something out of scope."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from bot.components.ngram_featurizer import row_of
from bot.components.text.linear import LinearModel
from bot.components.text.scope import ranking
from bot.components.training_augmenter import ORIGIN


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent):
    """In: sparse sentence features; when training also the intent and `origin`.
    Out: `intent` and `intent_ranking`, every intent with its calibrated probability.

    Config: `strength`, the inverse of the regularisation."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self.strength: float = config["strength"]
        self._storage, self._resource = model_storage, resource
        self.model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 0.5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        messages = [m for m in training_data.intent_examples if m.get(TEXT)]
        self.model = LinearModel.fit(
            vstack([row_of(m) for m in messages]).tocsr(),
            [m.get(INTENT) for m in messages],
            [m.get(ORIGIN, number) for number, m in enumerate(messages)],
            self.strength,
        )
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self.model is None:
            return messages
        for message in messages:
            chances = ranking(self.model.classes, self.model.probabilities(row_of(message))[0])
            named = [{"name": name, "confidence": chance} for name, chance in chances.items()]
            message.set(INTENT, named[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
        return messages
