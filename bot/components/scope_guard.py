"""Lets what is asked and what it is about correct each other, and says so when neither is known."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.procedure_linker import RANKING
from bot.components.text.scope import CAUTION, OUT_OF_SCOPE, THRESHOLD, TRUST, reconcile
from knowledge_base.schema import TOPICS


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ScopeGuard(GraphComponent):
    """In: `intent_ranking` and `procedure_ranking`. Out: `intent` and `intent_ranking` weighed
    anew; `nlu_fallback` in front when the best is less likely than `threshold`; an entity
    `procedure` only with a topic, `need` only with what is out of scope.

    Config: `threshold`; `trust`, how much the procedure ranking counts (0 to 1); `caution`, by
    how much the odds of "out of scope" are raised."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.threshold: float = config["threshold"]
        self.trust: float = config["trust"]
        self.caution: float = config["caution"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threshold": THRESHOLD, "trust": TRUST, "caution": CAUTION}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ScopeGuard:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            before = {i["name"]: i["confidence"] for i in message.get(INTENT_RANKING_KEY) or []}
            if not before or not message.get(RANKING):
                continue
            chances = reconcile(before, message.get(RANKING), self.trust, self.caution)
            named = [{"name": name, "confidence": chance} for name, chance in chances.items()]
            if max(chances.values()) < self.threshold:
                doubt = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": self.threshold}
                named.insert(0, doubt)
            message.set(INTENT, named[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
            meant = "procedure" if named[0]["name"] in TOPICS else None
            meant = "need" if named[0]["name"] == OUT_OF_SCOPE else meant
            kept = [e for e in message.get(ENTITIES) or [] if e["entity"] == meant]
            message.set(ENTITIES, kept, add_to_output=True)
        return messages
