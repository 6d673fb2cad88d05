"""Finds the known questions that mean nearly the same, and lets them vote."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.procedure_linker import RANKING, label_of
from bot.components.sentence_encoder import vector_of
from bot.components.text.nearest import Known, NearestQuestions
from bot.components.text.scope import NEIGHBOURS, blend
from bot.components.training_augmenter import about
from knowledge_base.errors import EngineError

NEAREST = "nearest"
"""The message attribute: [{topic, procedure, cosine}, …], best first."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NearestQuestion(GraphComponent):
    """In: dense sentence features, `intent_ranking` and `procedure_ranking`; when training the
    intent, procedure and need of the utterances that were written (not those put together).
    Out: both rankings with the votes of the nearest known utterances, and attribute `nearest`,
    what these ask, for a message that nothing else is made of.

    Config: `weight`, how much the votes count, 0 to 1."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        questions: NearestQuestions | None = None,
    ) -> None:
        self.weight: float = config["weight"]
        self._storage, self._resource = model_storage, resource
        self.questions = questions

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"weight": NEIGHBOURS}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NearestQuestion:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NearestQuestion:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, NearestQuestions.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        vectors, known = [], []
        for message in training_data.intent_examples:
            vector = vector_of(message)
            if vector is not None and not about(message).get("composed"):
                vectors.append(vector)
                procedure = about(message).get("procedure")
                known.append(Known(message.get(INTENT), label_of(message), procedure))
        if not known:
            raise EngineError("config.yml: SentenceEncoder must come before NearestQuestion")
        self.questions = NearestQuestions(np.stack(vectors), known)
        with self._storage.write_to(self._resource) as folder:
            self.questions.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            vector = vector_of(message)
            if self.questions is None or vector is None:
                continue
            votes = self.questions.votes(vector)
            message.set(NEAREST, [asdict(n) for n in votes.near] if votes else [], True)
            if votes is None or not message.get(RANKING):
                continue
            before = {i["name"]: i["confidence"] for i in message.get(INTENT_RANKING_KEY) or []}
            intents = blend(before, votes.intents, self.weight)
            procedures = blend(message.get(RANKING), votes.procedures, self.weight)
            named = [{"name": name, "confidence": chance} for name, chance in intents.items()]
            message.set(INTENT, named[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
            message.set(RANKING, procedures, add_to_output=True)
        return messages
