"""Reads a message as an answer to whatever may have been asked."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.components._base import LearningComponent
from bot.components.change_finder import INSTEAD
from bot.components.ngram_featurizer import row_of
from bot.components.sentence_encoder import vector_of
from bot.components.sequence_reader import SEQUENCE, SEQUENCE_INSTEAD
from bot.components.text.answer_model import AnswerModel, Said, beside
from bot.components.training_augmenter import ORIGIN, about
from knowledge_base.errors import EngineError

ANSWERS = "answers"
"""The message attribute: question → [[value, probability], …], best first."""
ANSWERS_INSTEAD = "answers_instead"
"""The same of what counts in a message that takes something back; absent in others."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerReader(LearningComponent[AnswerModel]):
    """In: sparse sentence features, and dense ones where there is an encoder; when training also
    the messages of `AnswerGatherer`, and the intents of the others, which are what no answer looks
    like; when serving also `sequence` of `SequenceReader`, where there is one.
    Out: attribute `answers`, for each question the likeliest choices, or that it is no answer.
    Which question was asked the dialogue knows, and looks there when the words of the answer do
    not tell by themselves; `answers_instead` likewise, of what counts where something is taken
    back. A new question needs its choices, no more.

    Config: `strength`, the inverse of the regularisation."""

    learns = AnswerModel

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        messages: list[Message] = []
        said: list[Said] = []
        for number, message in enumerate(training_data.training_examples):
            told = about(message)
            if message.get(TEXT) and (message.get(INTENT) or "question" in told):
                messages.append(message)
                said.append(
                    Said(
                        origin=message.get(ORIGIN, number),
                        intent=message.get(INTENT),
                        question=told.get("question"),
                        value=told.get("value"),
                        also=told.get("also", {}),
                        noise="noise" in told,
                    )
                )
        if not any(one.question for one in said):
            raise EngineError("config.yml: AnswerGatherer must come before AnswerReader")
        rows = vstack([row_of(m) for m in messages]).tocsr()
        vectors = [vector for m in messages if (vector := vector_of(m)) is not None]
        if vectors:
            rows = beside(rows, np.stack(vectors))
        return self.keep(AnswerModel.fit(rows, said, self.config["strength"]))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self.model is not None and message.get(TEXT):
                readings = self.model.read(_row(message), message.get(SEQUENCE))
                message.set(ANSWERS, readings, add_to_output=True)
                if message.get(INSTEAD):
                    heard = message.get(SEQUENCE_INSTEAD)
                    readings = self.model.read(_row(message, INSTEAD), heard)
                    message.set(ANSWERS_INSTEAD, readings, add_to_output=True)
        return messages


def _row(message: Message, attribute: str = TEXT) -> csr_matrix:
    row, vector = row_of(message, attribute), vector_of(message, attribute)
    return row if vector is None else beside(row, vector[None])
