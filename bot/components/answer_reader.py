"""Reads a message as an answer to whatever may have been asked."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from bot.components.change_finder import INSTEAD
from bot.components.ngram_featurizer import row_of
from bot.components.text.answer_model import AnswerModel, Said
from bot.components.training_augmenter import ORIGIN, about
from knowledge_base.errors import EngineError

ANSWERS = "answers"
"""The message attribute: question → [[value, probability], …], best first."""
ANSWERS_INSTEAD = "answers_instead"
"""The same of what counts in a message that takes something back; absent in others."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerReader(GraphComponent):
    """In: sparse sentence features; when training also the messages of `AnswerGatherer`, and the
    intents of the others, which are what no answer looks like.
    Out: attribute `answers`, for each question that the message may answer the likeliest choices.
    Which question was asked the dialogue knows, and looks there when the words of the answer do
    not tell by themselves; `answers_instead` likewise, of what counts where something is taken
    back. A new question needs its choices, no more.

    Config: `strength`, the inverse of the regularisation."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: AnswerModel | None = None,
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
    ) -> AnswerReader:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AnswerReader:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, AnswerModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        messages = [
            m
            for m in training_data.training_examples
            if m.get(TEXT) and (m.get(INTENT) or "question" in about(m))
        ]
        said = [
            Said(
                origin=m.get(ORIGIN, number),
                intent=m.get(INTENT),
                question=about(m).get("question"),
                value=about(m).get("value"),
                noise="noise" in about(m),
            )
            for number, m in enumerate(messages)
        ]
        if not any(one.question for one in said):
            raise EngineError("config.yml: AnswerGatherer must come before AnswerReader")
        rows = vstack([row_of(m) for m in messages]).tocsr()
        self.model = AnswerModel.fit(rows, said, self.strength)
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self.model is not None and message.get(TEXT):
                readings = self.model.read(row_of(message))
                message.set(ANSWERS, readings, add_to_output=True)
                if message.get(INSTEAD):
                    readings = self.model.read(row_of(message, INSTEAD))
                    message.set(ANSWERS_INSTEAD, readings, add_to_output=True)
        return messages
