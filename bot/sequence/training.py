"""Trains the network that reads answers word by word, and writes its folder."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.components.text.sequence import PIECES, UNKNOWN_WORD, Vocabulary, Words, words_of
from bot.model_folders import put_in_place, refuse_others
from bot.sequence.examples import Example, classes_of
from knowledge_base.answers.examples import BESIDES, NO_ANSWER, UNKNOWN
from knowledge_base.answers.reading import YES_NO
from knowledge_base.errors import EngineError


@dataclass(frozen=True)
class Recipe:
    """How the network is trained. `word` and `hidden`: numbers for a word and for each direction;
    `least`: messages that a word must be in; `epochs`; `batch`: messages at a time; `rate`: the
    greatest learning rate; `dropout`; `bare`: share of messages without their diacritics;
    `forgotten`: share of words that are made unknown; `doubt`: share of certainty that is spread
    over all classes (Szegedy et al. 2016, label smoothing)."""

    word: int = 128
    hidden: int = 128
    least: int = 4
    epochs: int = 6
    batch: int = 128
    rate: float = 0.002
    decay: float = 0.01
    dropout: float = 0.3
    bare: float = 0.15
    forgotten: float = 0.06
    doubt: float = 0.05
    seed: int = 20261129


ALSO = 0.5
"""How much it counts what a message answers to another question than the one it was written for."""
BESIDE = 2
"""Questions that a message which answers none is tried on, chosen anew each time, …"""
ANYWHERE, NOTHING = 0.3, 0.06
"""… and how much that counts: where it says yes, no or that it is not known, and where it says
something else."""
INTENT = 0.3
"""How much it counts to tell the intent, from which the network learns words that no answer has."""

_AFFIRM = {"affirm": "yes", "deny": "no"}
_SILENT = "inform"


def train(
    examples: Sequence[Example],
    recipe: Recipe,
    target: Path,
    on_epoch: Callable[[int, float], None] = lambda epoch, loss: None,
) -> float:
    """Write a folder for `SequenceModel` to `target`; gives the mean loss of the last epoch.

    Raises `EngineError` when torch is not installed, or where `target` holds something else."""
    refuse_others(target, "words.json", "a network")
    try:
        import torch
        from safetensors.numpy import save_file

        from bot.sequence.network import Network
    except ImportError as error:
        raise EngineError(
            f"training the network needs the extra 'encoder' of pyproject.toml: {error}"
        ) from error
    torch.manual_seed(recipe.seed)
    lessons = _Lessons(examples, recipe)
    network = Network(
        lessons.vocabulary,
        lessons.classes,
        len(lessons.intents),
        recipe.word,
        recipe.hidden,
        recipe.dropout,
    )
    loss = _go_over(network, lessons, recipe, on_epoch)
    content = {
        "classes": lessons.classes,
        "folded": lessons.vocabulary.folded,
        "stripped": lessons.vocabulary.stripped,
    }
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "model"
        made.mkdir()
        save_file(network.arrays(), made / "model.safetensors")
        (made / "words.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        put_in_place(made, target)
    return loss


def _go_over(
    network: Any, lessons: _Lessons, recipe: Recipe, on_epoch: Callable[[int, float], None]
) -> float:
    """Go over all messages so many times; gives the mean loss of the last."""
    import torch

    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    batches = recipe.epochs * (len(lessons.words) // recipe.batch + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=batches + recipe.epochs, pct_start=0.1
    )
    loss = 0.0
    for epoch in range(1, recipe.epochs + 1):
        network.train()
        losses = []
        for lesson in lessons.shuffled():
            batch_loss = _loss(network, lesson, recipe.doubt)
            optimiser.zero_grad()
            batch_loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(batch_loss.item())
        loss = sum(losses) / len(losses)
        on_epoch(epoch, loss)
    return loss


@dataclass(frozen=True)
class _Lesson:
    """Messages of a batch; which is asked which question, the class that is right, and how much
    that counts; and the intent of each message, -1 where there is none."""

    words: Sequence[Words]
    asked: Sequence[tuple[int, int, int, float]]
    intents: Sequence[int]


def _loss(network: Any, lesson: _Lesson, doubt: float) -> Any:
    import torch
    from torch.nn import functional

    from bot.sequence.network import NEVER, Batch

    row, question, right, counts = (
        torch.tensor(column) for column in zip(*lesson.asked, strict=True)
    )
    margins, intents = network(Batch(lesson.words), row, question)
    chances = functional.log_softmax(margins, -1)
    there = margins > NEVER
    wrong = -chances.gather(1, right[:, None])[:, 0]
    spread = -chances.masked_fill(~there, 0).sum(-1) / there.sum(-1)
    answers = ((1 - doubt) * wrong + doubt * spread) * counts
    told = torch.tensor(lesson.intents)
    known = told >= 0
    others = functional.cross_entropy(intents[known], told[known], reduction="sum")
    return (answers.sum() + INTENT * others) / len(lesson.words)


class _Lessons:
    """The messages as numbers, and in what order and with what noise they are gone over."""

    def __init__(self, examples: Sequence[Example], recipe: Recipe) -> None:
        self._recipe, self._dice = recipe, random.Random(recipe.seed)
        self._noise = np.random.default_rng(recipe.seed)
        self.classes = classes_of(examples)
        self.intents = sorted({one.intent for one in examples if one.intent})
        self.vocabulary = _vocabulary(examples, recipe.least)
        self.words = [self.vocabulary.words(one.seen) for one in examples]
        self._examples = examples
        self._at = {name: number for number, name in enumerate(self.classes)}
        self._yes_no = [q for q, names in self.classes.items() if {*names} <= {*YES_NO, *BESIDES}]
        self._all = list(self.classes)

    def shuffled(self) -> Iterator[_Lesson]:
        """Batches of messages about equally long, in a new order each time."""
        order, size = list(range(len(self.words))), self._recipe.batch
        self._dice.shuffle(order)
        batches = []
        for start in range(0, len(order), 20 * size):
            some = sorted(order[start : start + 20 * size], key=lambda n: len(self.words[n].folded))
            batches += [some[at : at + size] for at in range(0, len(some), size)]
        self._dice.shuffle(batches)
        lessons = map(self._lesson, batches)
        return (lesson for lesson in lessons if lesson.asked)

    def _lesson(self, numbers: Sequence[int]) -> _Lesson:
        told = [
            (row, self._at[question], self.classes[question].index(value), counts)
            for row, number in enumerate(numbers)
            for question, value, counts in self._asked(self._examples[number])
        ]
        intents = [self._examples[n].intent for n in numbers]
        return _Lesson(
            [self._noisy(self.words[number]) for number in numbers],
            told,
            [self.intents.index(name) if name else -1 for name in intents],
        )

    def _asked(self, example: Example) -> Iterator[tuple[str, str, float]]:
        """Questions, what the message answers to them, and how much that counts."""
        for question, value in example.answers.items():
            yield question, value, 1.0 if question == example.question else ALSO
        if example.intent is None or example.intent == _SILENT:
            return
        if example.intent in _AFFIRM:
            for question in self._dice.sample(self._yes_no, min(1, len(self._yes_no))):
                yield question, _AFFIRM[example.intent], ANYWHERE
            return
        unknown = example.intent == "dont_know"
        for question in self._dice.sample(self._all, min(BESIDE, len(self._all))):
            yield question, UNKNOWN if unknown else NO_ANSWER, ANYWHERE if unknown else NOTHING

    def _noisy(self, words: Words) -> Words:
        folded, stripped, pieces = words.folded, words.stripped, words.pieces
        if self._dice.random() < self._recipe.bare:
            folded = np.full_like(folded, UNKNOWN_WORD)
        forgotten = self._noise.random(len(folded)) < self._recipe.forgotten
        return Words(
            np.where(forgotten, UNKNOWN_WORD, folded),
            np.where(forgotten, UNKNOWN_WORD, stripped),
            np.where(forgotten[:, None], PIECES, pieces),
        )


def _vocabulary(examples: Sequence[Example], least: int) -> Vocabulary:
    """Words that stand in so many messages."""
    seen: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for one in examples:
        for counter, words in zip(seen, words_of(one.seen), strict=True):
            counter.update(set(words))
    folded, stripped = (
        sorted(word for word, count in counter.items() if count >= least) for counter in seen
    )
    return Vocabulary(folded, stripped)


def describe(classes: Mapping[str, Sequence[str]]) -> str:
    """How many questions and choices a network knows, for people."""
    choices = sum(len(set(names) - set(BESIDES)) for names in classes.values())
    return f"{len(classes)} questions with {choices} choices"
