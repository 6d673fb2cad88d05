"""What the components that are linear models over the n-gram row have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from bot.components._base import LearningComponent
from bot.components.ngram_featurizer import row_of
from bot.components.text.linear import STRENGTH, LinearModel
from bot.components.text.scope import Ranking, ranking
from bot.components.training_augmenter import ORIGIN
from knowledge_base.errors import EngineError


class LinearComponent(LearningComponent[LinearModel]):
    """Trains one `LinearModel` on the messages that `labelled` picks, persists and loads it.

    Config: `strength`, the inverse of the regularisation, and what the component adds."""

    learns = LinearModel

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"strength": STRENGTH}

    @abstractmethod
    def labelled(self, training_data: TrainingData) -> Iterable[tuple[Message, str]]:
        """The messages to learn from, each with its class."""

    @abstractmethod
    def tell(self, message: Message, chances: Ranking) -> None:
        """Put what the model says of a message on it."""

    def train(self, training_data: TrainingData) -> Resource:
        pairs = list(self.labelled(training_data))
        if not pairs:
            name = type(self).__name__
            raise EngineError(f"config.yml: the training data has nothing that {name} learns from")
        return self.keep(
            LinearModel.fit(
                vstack([row_of(message) for message, _ in pairs]).tocsr(),
                [label for _, label in pairs],
                [message.get(ORIGIN, number) for number, (message, _) in enumerate(pairs)],
                self.config["strength"],
            )
        )

    def process(self, messages: list[Message]) -> list[Message]:
        if self.model is not None:
            for message in messages:
                chances = self.model.probabilities(row_of(message))[0]
                self.tell(message, ranking(self.model.classes, chances))
        return messages


def add_entity(message: Message, entity: str, value: str, **more: Any) -> None:
    """Add an entity that covers the whole text."""
    found = {"entity": entity, "value": value, "start": 0, "end": len(message.get(TEXT)), **more}
    message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)
