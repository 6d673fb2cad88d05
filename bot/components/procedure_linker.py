"""Says which procedure a message is about, from what the knowledge base calls each one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._linear import LinearComponent
from bot.components.text.names import Names
from bot.components.text.scope import Ranking, subject
from bot.components.text.views import Views
from bot.components.training_augmenter import ORIGIN, about
from bot.components.vietnamese_normaliser import VIEWS

RANKING = "procedure_ranking"
"""The message attribute: every procedure, `none` and `other`, with probabilities."""
NAMED = "procedure_named"
"""The message attribute: the procedure that the whole text is a name of, or None."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ProcedureLinker(LinearComponent):
    """In: sparse sentence features; when training also the metadata `procedure` of messages,
    those that `TrainingAugmenter` took from the knowledge base among them. Out: attributes
    `procedure_ranking` and `procedure_named`; `ScopeGuard` makes the entity of them. A new
    procedure needs a folder with words for it, no more.

    Config: `strength` as in the intent classifier."""

    names: Names | None = None

    def recall(self, folder: Path) -> None:
        self.names = Names.load(folder)

    def train(self, training_data: TrainingData) -> Resource:
        resource = super().train(training_data)
        self.names = Names.learn(_named(training_data))
        with self._storage.write_to(resource) as folder:
            self.names.save(folder)
        return resource

    def labelled(self, training_data: TrainingData) -> Iterable[tuple[Message, str]]:
        for message in training_data.training_examples:
            if message.get(TEXT) and (message.get(INTENT) or "procedure" in about(message)):
                yield message, label_of(message)

    def tell(self, message: Message, chances: Ranking) -> None:
        message.set(RANKING, chances, add_to_output=True)
        named = self.names.of(message.get(VIEWS)) if self.names else ()
        message.set(NAMED, list(named), add_to_output=True)


def _named(training_data: TrainingData) -> Iterator[tuple[Views, str]]:
    """What the knowledge base calls each procedure, without the variants made of it."""
    seen = set()
    for message in training_data.training_examples:
        if message.get(INTENT) or "procedure" not in about(message):
            continue
        if message.get(ORIGIN) not in seen:  # the text itself stands before its variants
            seen.add(message.get(ORIGIN))
            yield message.get(VIEWS), str(about(message)["procedure"])


def label_of(message: Message) -> str:
    """What a message of the training data is about: a procedure, `OTHER` or `NONE`."""
    return subject(message.get(INTENT), about(message).get("procedure"))
