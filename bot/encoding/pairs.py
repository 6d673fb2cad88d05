"""What the encoder learns from: pairs of texts that mean nearly the same, all from this project."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from bot.components.text.augment import variants
from bot.components.text.views import Shorthand, views
from bot.model_files import ProjectPaths
from bot.utterances import utterances
from knowledge_base.answers.examples import BESIDES, answer_examples
from knowledge_base.catalogs import LOCALES, load_catalogs
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import PLACEHOLDER, messages
from knowledge_base.schema import TOPICS

Pair = tuple[str, str]

LEAST_LETTERS = 8
"""Shorter texts mean too much: "có" pairs with everything."""


def all_pairs(knowledge: KnowledgeBase, seed: int) -> Mapping[str, list[Pair]]:
    """The pairs by where they come from, as the encoder is fed (`read_as`).

    `questions`: an utterance and what it asks, as the knowledge base words it; `spellings`: an
    utterance and how others would spell it; `answers`: two answers that choose the same;
    `procedures`: any text of a procedure and its title; `translations`: a Vietnamese text and its
    translation, drafts among them."""
    dice, shorthand = random.Random(seed), Shorthand.from_file()
    made = {
        "questions": _questions(knowledge),
        "spellings": _spellings(dice),
        "answers": _answers(dice),
        "procedures": _procedures(knowledge),
        "translations": _translations(knowledge),
    }
    return {
        name: sorted({(read_as(a, shorthand), read_as(b, shorthand)) for a, b in pairs})
        for name, pairs in made.items()
    }


def read_as(text: str, shorthand: Shorthand) -> str:
    """`text` as an encoder is given it: lower case, shorthand written out, marks kept."""
    return views(text, shorthand)["folded"]


def asked(knowledge: KnowledgeBase, topic: str, procedure: str | None) -> str:
    """In words of the knowledge base what a question of `topic` about `procedure` asks."""
    question = knowledge.phrases.get(f"topic.{topic}", topic)
    return f"{question}: {knowledge.procedure(procedure).title}" if procedure else question


def _questions(knowledge: KnowledgeBase) -> Iterator[Pair]:
    for utterance in utterances():
        if utterance.intent in TOPICS:
            yield utterance.text, asked(knowledge, utterance.intent, utterance.procedure)


def _spellings(dice: random.Random) -> Iterator[Pair]:
    for utterance in utterances():
        for variant in variants(utterance.text, 1, dice):
            if len(utterance.text) >= LEAST_LETTERS:
                yield utterance.text, variant


def _answers(dice: random.Random) -> Iterator[Pair]:
    """Every answer with another one to the same choice."""
    chosen: dict[tuple[str, str], list[str]] = {}
    for one in answer_examples(ProjectPaths().root / "nlu_data"):
        if one.value not in BESIDES and len(one.text) >= LEAST_LETTERS:
            chosen.setdefault((one.question, one.value), []).append(one.text)
    for texts in chosen.values():
        dice.shuffle(texts)
        yield from zip(texts, [*texts[1:], texts[0]], strict=True)


def _procedures(knowledge: KnowledgeBase) -> Iterator[Pair]:
    for message in messages(knowledge):
        procedure = knowledge.procedures.get(message.domain)
        if procedure and len(message.text) >= LEAST_LETTERS and message.text != procedure.title:
            yield PLACEHOLDER.sub("", message.text), procedure.title
    for procedure in knowledge.procedures.values():
        for name in (*procedure.aliases, *procedure.examples):
            yield name, procedure.title


def _translations(knowledge: KnowledgeBase) -> Iterator[Pair]:
    shown = load_catalogs(LOCALES).by_language
    for by_id in shown.values():
        for (_, vietnamese), translation in by_id.items():
            if len(vietnamese) >= LEAST_LETTERS:
                yield PLACEHOLDER.sub("", vietnamese), PLACEHOLDER.sub("", translation.text)
