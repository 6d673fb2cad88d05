"""Adds what people answer to the questions of the knowledge base to the training data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._base import ConfiguredComponent
from bot.components.training_augmenter import with_examples
from bot.settings import PROJECT
from knowledge_base.answers.choices import options
from knowledge_base.answers.examples import Alike, AnswerExample, answer_examples
from knowledge_base.answers.words import AnswerWords, load_words
from knowledge_base.load import AskedQuestion, load
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.schema import Question


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class AnswerGatherer(ConfiguredComponent):
    """In, when training: the questions of the knowledge base in the folder `questions` with the
    labels and words of their choices, and the answers written under `answers`. Out: each of these
    as a message without intent, with `question` and `value` in its metadata. In and out when
    serving: messages, untouched.

    Config: `questions`; `answers`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"questions": "knowledge_base", "answers": "nlu_data"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Questions and answers are outside the configuration; a change of them is one of it."""
        gathered = gather({**cls.get_default_config(), **config})
        return sha256(repr(list(gathered)).encode()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        answers = [
            Message(
                {
                    TEXT: one.text,
                    METADATA: {
                        INTENT: {"question": one.question, "value": one.value, "also": one.also}
                    },
                }
            )
            for one in gather(self.config)
        ]
        return with_examples(training_data, [*training_data.training_examples, *answers])


def gather(config: dict[str, Any]) -> Iterator[AnswerExample]:
    """Every answer there is: what the choices are called, and what was written."""
    data = PROJECT / str(config["answers"])  # an absolute path stays as it is
    knowledge, words = load(PROJECT / str(config["questions"])), load_words(data)
    worded = [
        knowledge.asked(procedure, question)
        for procedure in knowledge.procedures.values()
        for question in procedure.questions
        if isinstance(question, Question)  # else worded by another procedure
    ]
    alike = Alike(worded)
    for one in chain(_of_choices(worded, words), answer_examples(data)):
        yield replace(one, also=alike.to_others(one.question, one.value))


def _of_choices(worded: Iterable[AskedQuestion], words: AnswerWords) -> Iterator[AnswerExample]:
    for asked in worded:
        for value, label, phrases in options(asked.question.choices, words):
            for text in (label, *phrases):
                said = PLACEHOLDER.sub("", text)  # a number that is filled in when asked
                yield AnswerExample(asked.message, value, said)
