"""Links a message to the procedure it is about, from what the knowledge base calls each one."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from bot.components.ngram_featurizer import row_of
from bot.components.text.linear import LinearModel
from bot.components.text.scope import (
    ELSEWHERE,
    NONE,
    OTHER,
    OUT_OF_SCOPE,
    RIVAL,
    THRESHOLD,
    linked,
    ranking,
)
from bot.components.training_augmenter import ORIGIN, about

RANKING = "procedure_ranking"
"""The message attribute: every procedure, need, `none` and `other`, with probabilities."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ProcedureLinker(GraphComponent):
    """In: sparse sentence features; when training also the metadata `procedure` of messages,
    those that `TrainingAugmenter` took from the knowledge base among them.
    Out: at most one entity `procedure` over the whole text, with `confidence_entity` and
    `runner_up` ({value, confidence}, or None when no other procedure is plausible), and
    attribute `procedure_ranking`, needs that other offices serve among it. A new procedure needs
    a folder with words for it, no more.

    Config: `threshold`, least probability that counts; `rival`, from what share of the first
    one's probability a second is plausible; `strength` as in the intent classifier."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self.config = config
        self._storage, self._resource = model_storage, resource
        self.model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "threshold": THRESHOLD,
            "rival": RIVAL,
            "strength": 0.5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ProcedureLinker:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ProcedureLinker:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        messages = [
            m
            for m in training_data.training_examples
            if m.get(TEXT) and (m.get(INTENT) or "procedure" in about(m))
        ]
        self.model = LinearModel.fit(
            vstack([row_of(m) for m in messages]).tocsr(),
            [_label(m) for m in messages],
            [m.get(ORIGIN, number) for number, m in enumerate(messages)],
            self.config["strength"],
        )
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self.model is None:
            return messages
        for message in messages:
            chances = ranking(self.model.classes, self.model.probabilities(row_of(message))[0])
            message.set(RANKING, chances, add_to_output=True)
            found = linked(chances, self.config["threshold"], self.config["rival"])
            if found:
                entities = [*message.get(ENTITIES, []), _entity(message.get(TEXT), found)]
                message.set(ENTITIES, entities, add_to_output=True)
        return messages


def _label(message: Message) -> str:
    if message.get(INTENT) == OUT_OF_SCOPE:
        need = about(message).get("need", OTHER)
        return OTHER if need == OTHER else f"{ELSEWHERE}{need}"
    return str(about(message).get("procedure", NONE))


def _entity(text: str, found: list[tuple[str, float]]) -> dict[str, Any]:
    (value, confidence), *others = found
    return {
        "entity": "procedure",
        "value": value,
        "start": 0,
        "end": len(text),
        "confidence_entity": confidence,
        "runner_up": {"value": others[0][0], "confidence": others[0][1]} if others else None,
        "extractor": "ProcedureLinker",
    }
