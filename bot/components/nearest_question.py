"""Finds the known questions that mean nearly the same, and lets them vote."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._base import LearningComponent
from bot.components.procedure_linker import RANKING, label_of
from bot.components.sentence_encoder import vector_of
from bot.components.text.nearest import Known, NearestQuestions
from bot.components.text.scope import NEIGHBOURS, blend
from bot.components.training_augmenter import ORIGIN, about
from knowledge_base.errors import EngineError

NEAREST = "nearest"
"""The message attribute: [{topic, procedure, cosine}, …], best first."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NearestQuestion(LearningComponent[NearestQuestions]):
    """In: dense sentence features, `intent_ranking` and `procedure_ranking`; when training the
    intent, procedure and need of the utterances that were written (not those put together).
    Out: both rankings with the votes of the nearest known utterances, and attribute `nearest`,
    what these ask, for a message that nothing else is made of.

    Config: `weight`, how much the votes count, 0 to 1."""

    learns = NearestQuestions

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"weight": NEIGHBOURS}

    def train(self, training_data: TrainingData) -> Resource:
        vectors, known = [], []
        origins = set()
        for number, message in enumerate(training_data.intent_examples):
            vector, origin = vector_of(message), message.get(ORIGIN, number)
            if vector is not None and origin not in origins and not about(message).get("composed"):
                origins.add(origin)  # its variants follow, which nobody wrote
                vectors.append(vector)
                procedure = about(message).get("procedure")
                known.append(Known(message.get(INTENT), label_of(message), procedure))
        if not known:
            raise EngineError("config.yml: SentenceEncoder must come before NearestQuestion")
        return self.keep(NearestQuestions(np.stack(vectors), known))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            vector = vector_of(message)
            if self.model is None or vector is None:
                continue
            votes = self.model.votes(vector)
            message.set(NEAREST, [asdict(n) for n in votes.near] if votes else [], True)
            if votes is None or not message.get(RANKING):
                continue
            before = {i["name"]: i["confidence"] for i in message.get(INTENT_RANKING_KEY) or []}
            intents = blend(before, votes.intents, self.config["weight"])
            procedures = blend(message.get(RANKING), votes.procedures, self.config["weight"])
            named = [{"name": name, "confidence": chance} for name, chance in intents.items()]
            message.set(INTENT, named[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
            message.set(RANKING, procedures, add_to_output=True)
        return messages
