"""Adds training utterances made from those that were written; leaves alone what people write."""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components._base import ConfiguredComponent
from bot.components.text.augment import takes_back, variants
from bot.components.text.compose import Composed, compose
from bot.components.text.scope import OUT_OF_SCOPE
from bot.settings import PROJECT
from knowledge_base.links import Link, load_links, load_needs

ORIGIN = "origin"
"""The message attribute that variants share with the utterance they were made from: a number."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TrainingAugmenter(ConfiguredComponent):
    """In, when training: messages with text, intent and, in the metadata of their block, the
    `procedure` they are about or the `need` that is none of ours; the names of every procedure in
    the folder `links`, and of the needs in the file `elsewhere`, if there is one. Out: the same
    with attribute `origin`, the procedures' names as messages without intent, questions put
    together from names and topics, and for `share` of these the text without diacritics, for
    another such share as others would write it; for `bare_answers` of the answers the text without
    diacritics, and for `taken_back` of them as somebody says them who takes another answer back.
    In and out when serving: messages, untouched.

    Config: `links`; `elsewhere`; `share`; `bare_answers` and `taken_back`, shares of the answers,
    which are many and written in all manners; `composed`, questions for each topic and procedure;
    `needs`, questions for each need that is none of ours; `noise`, texts of random letters;
    `seed`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        links = "knowledge_base/procedures"
        return {
            "links": links,
            "elsewhere": "",
            "share": 0.5,
            "bare_answers": 0.1,
            "taken_back": 0.1,
            "composed": 3,
            "needs": 1,
            "noise": 0,
            "seed": 1,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The procedures' names are outside the configuration; a change of them is one of it."""
        config = {**cls.get_default_config(), **config}
        return sha256(repr((load_links(_folder(config)), _needs(config))).encode()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        dice = random.Random(self.config["seed"])
        messages: list[Message] = []
        links = load_links(_folder(self.config))
        written = [*training_data.training_examples, *_foreign(_needs(self.config))]
        made = [*self._composed(written, links, dice), *_named(links)]
        for number, message in enumerate([*written, *made]):
            messages.append(message)
            if not message.get(TEXT) or not (message.get(INTENT) or about(message)):
                continue
            message.set(ORIGIN, number)
            # dice of its own, so that a new text changes the variants of no other
            dice = random.Random(f"{self.config['seed']} {message.get(TEXT)}")
            if "question" in about(message):
                share = self.config["bare_answers"]
                others = variants(message.get(TEXT), share, dice, spelling_only=True)
                if dice.random() < self.config["taken_back"]:
                    others.append(takes_back(message.get(TEXT), dice))
            else:
                others = variants(message.get(TEXT), self.config["share"], dice)
            for text in others:
                messages.append(Message({**message.data, TEXT: text}))
        return with_examples(training_data, messages)

    def _composed(
        self, written: list[Message], links: list[Link], dice: random.Random
    ) -> list[Message]:
        readable = [m for m in written if m.get(TEXT) and m.get(INTENT)]
        questions: dict[str, list[str]] = {
            m.get(INTENT): [] for m in readable if about(m).get("procedure")
        }
        wishes: dict[str, list[str]] = {}
        for message in readable:
            if message.get(INTENT) in questions and not about(message):
                questions[message.get(INTENT)].append(message.get(TEXT))
            elif message.get(INTENT) == "start" and about(message).get("procedure"):
                wishes.setdefault(about(message)["procedure"], []).append(message.get(TEXT))
        made = compose(
            questions,
            {link.id: (link.title, *link.aliases) for link in links},
            wishes,
            [m.get(TEXT) for m in readable if about(m).get("need")],
            self.config["composed"],
            self.config["needs"],
            self.config["noise"],
            dice,
        )
        return [Message.build(c.text, c.intent, intent_metadata=_told(c)) for c in made]


def _told(made: Composed) -> dict[str, Any]:
    """What the metadata of a composed message says."""
    told: dict[str, Any] = {"composed": True}
    if made.noise:
        told["noise"] = True
    if made.procedure:
        told["procedure"] = made.procedure
    return told


def _named(links: list[Link]) -> list[Message]:
    """Every text of the knowledge base that means a procedure; what is asked is not known."""
    return [
        Message({TEXT: text, METADATA: {INTENT: {"procedure": link.id}}})
        for link in links
        for text in link.texts
    ]


def _foreign(needs: list[Link]) -> list[Message]:
    """What people call the needs that other offices serve."""
    return [
        Message.build(text, OUT_OF_SCOPE, intent_metadata={"need": need.id})
        for need in needs
        for text in need.texts
    ]


def _needs(config: dict[str, Any]) -> list[Link]:
    return load_needs(PROJECT / config["elsewhere"]) if config["elsewhere"] else []


def with_examples(data: TrainingData, messages: list[Message]) -> TrainingData:
    """The same training data with these messages. Rasa's constructor would make a fingerprint of
    each of them, to find those that stand twice."""
    made = TrainingData(None, data.entity_synonyms, data.regex_features, data.lookup_tables)
    made.responses = data.responses
    made.training_examples = messages
    return made


def about(message: Message) -> dict[str, Any]:
    """What the training data says about the block that a message is from."""
    return dict((message.get(METADATA) or {}).get(INTENT) or {})


def _folder(config: dict[str, Any]) -> Path:
    return PROJECT / str(config["links"])  # an absolute path stays as it is
