"""Lets what is asked and what it is about correct each other, and says so when neither is known."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components._base import ConfiguredComponent
from bot.components._linear import add_entity
from bot.components.procedure_linker import NAMED, RANKING
from bot.components.text.scope import (
    CAUTION,
    OUT_OF_SCOPE,
    RIVAL,
    THRESHOLD,
    TRUST,
    Ranking,
    linked,
    settle,
)
from knowledge_base.schema import TOPICS


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ScopeGuard(ConfiguredComponent):
    """In: `intent_ranking`, `procedure_ranking` and `procedure_named`. Out: `intent` and
    `intent_ranking` weighed anew; `nlu_fallback` in front when the best is less likely than
    `threshold`. With a topic, an entity `procedure` over the whole text where one is likely, with
    `confidence_entity` and `runner_up` ({value, confidence}, or None when no other is plausible);
    an entity `need` is left only with what is out of scope. A text that is a procedure's name and
    no more is about that one, and one of two names about these, whatever the rankings say.

    Config: `threshold`, least probability that counts, of a topic as of a procedure; `trust`, how
    much the procedure ranking counts (0 to 1); `caution`, by how much the odds of "out of scope"
    are raised; `rival`, from what share of the first one's probability a second procedure is
    plausible."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.threshold: float = config["threshold"]
        self.trust: float = config["trust"]
        self.caution: float = config["caution"]
        self.rival: float = config["rival"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"threshold": THRESHOLD, "trust": TRUST, "caution": CAUTION, "rival": RIVAL}

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            before = {i["name"]: i["confidence"] for i in message.get(INTENT_RANKING_KEY) or []}
            procedures = message.get(RANKING)
            if not before or not procedures:
                continue
            names = message.get(NAMED) or ()
            chances, procedures = settle(before, procedures, names, self.trust, self.caution)
            ranked = [{"name": name, "confidence": chance} for name, chance in chances.items()]
            if max(chances.values()) < self.threshold:
                doubt = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": self.threshold}
                ranked.insert(0, doubt)
            message.set(INTENT, ranked[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)
            self._keep_entities(message, str(ranked[0]["name"]), procedures)
        return messages

    def _keep_entities(self, message: Message, meant: str, procedures: Ranking) -> None:
        found = message.get(ENTITIES) or []
        kept = [e for e in found if e["entity"] == "need" and meant == OUT_OF_SCOPE]
        message.set(ENTITIES, kept, add_to_output=True)
        links = linked(procedures, self.threshold, self.rival)
        if meant not in TOPICS or not links:
            return
        (value, confidence), *others = links
        rival = {"value": others[0][0], "confidence": others[0][1]} if others else None
        add_entity(
            message,
            "procedure",
            value,
            confidence_entity=confidence,
            runner_up=rival,
            extractor="ScopeGuard",
        )
