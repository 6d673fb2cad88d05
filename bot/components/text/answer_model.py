"""Reads a message as the answer to any question the knowledge base asks.

Each question has a small linear model of its own over its choices, `UNKNOWN` (the person does not
know) and `NO_ANSWER` (something else was said). All are asked at once: one row times one sparse
matrix.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.components.text.beside import each
from bot.components.text.linear import Array, LinearModel
from knowledge_base.answers.examples import BESIDES, NO_ANSWER, UNCLEAR, UNKNOWN
from knowledge_base.answers.reading import YES_NO

ASKED = 0.15
"""How likely somebody who was just asked says something else, as odds against what the training
data, in which most rows are something else, would make of it."""
LEAST = 0.01
"""Probability from which on a reading is told."""
SURELY = 0.995
"""Probability from which on a message is told to answer a question in no way, and no more."""
UNLIKELY = 1e-5
"""The least that one model takes a class for when another is heard as well."""
ELSEWHERE = 300
"""Messages that answer nothing which stand against each question's answers."""
VAGUE = 20
"""Answers too vague for one question that are taken to be so for each of the others."""
TRIED = 5
"""One question of so many is tried on answers left out, to find the scale that all share."""
FAINT = 0.02
"""Weights smaller than this are left out: they change no reading and are more than half of all."""

MEANING = 0.6
"""Length of a message's vector beside its row of n-grams, whose groups have lengths .5 and 1."""

Readings = dict[str, list[tuple[str, float]]]
"""Question → its readings with probabilities, best first, `NO_ANSWER` among them; without those
below `LEAST`."""


@dataclass(frozen=True)
class Said:
    """What a row of the training data is. `question` and `value`: it answers that, and `also` so
    others; else `intent` is what it does; `noise`: it says nothing. Variants of one utterance have
    the same `origin`."""

    origin: int
    intent: str | None = None
    question: str | None = None
    value: str | None = None
    noise: bool = False
    also: Mapping[str, str] = field(default_factory=dict)

    def answers(self) -> Mapping[str, str]:
        """Question → value."""
        return {**self.also, self.question: str(self.value)} if self.question else {}


def beside(rows: csr_matrix, vectors: Array) -> csr_matrix:
    """Rows of n-grams, shape (k, n), and behind each the vector of what it means, (k, m)."""
    count, width = vectors.shape
    ends = rows.indptr + width * np.arange(count + 1, dtype=rows.indptr.dtype)
    apart = width * np.repeat(np.arange(count, dtype=np.int32), np.diff(rows.indptr))
    first = np.arange(rows.nnz, dtype=np.int32) + apart  # where each part goes
    second = ends[1:, None] + np.arange(-width, 0, dtype=np.int32)
    data, columns = np.empty(ends[-1], np.float32), np.empty(ends[-1], np.int32)
    data[first], data[second] = rows.data, vectors * MEANING
    columns[first], columns[second] = rows.indices, np.arange(width) + rows.shape[1]
    return csr_matrix((data, columns, ends), shape=(count, rows.shape[1] + width))


class AnswerModel:
    """Every question's model, side by side."""

    def __init__(
        self,
        classes: Mapping[str, Sequence[str]],
        weights: csr_matrix,
        bias: Array,
        scale: float,
    ) -> None:
        """`weights`: (columns, all classes in the order of `classes`); `bias` as many; `scale`:
        1 / temperature."""
        self.classes = {question: list(names) for question, names in classes.items()}
        self.weights, self.bias, self.scale = weights, bias, scale
        self._columns = [(q, name) for q, names in self.classes.items() for name in names]
        counts = [len(names) for names in self.classes.values()]
        self._starts = np.cumsum([0, *counts[:-1]])
        self._owner = np.repeat(np.arange(len(counts)), counts)
        self._no_answer = np.array([name == NO_ANSWER for _, name in self._columns])

    @classmethod
    def fit(cls, rows: csr_matrix, said: Sequence[Said], strength: float = 0.5) -> AnswerModel:
        """Train on all messages; those that answer no question are what no answer looks like."""
        of_question: dict[str, dict[int, str]] = {}
        for at, one in enumerate(said):
            for question, value in one.answers().items():
                of_question.setdefault(question, {})[at] = value
        general = _General.of(said)

        def fitted(question: str) -> LinearModel:
            own = of_question[question]
            labels = general.labels(set(own.values())) | own
            chosen = sorted(labels)
            return _fitted(
                rows[chosen],
                [labels[at] for at in chosen],
                [said[at].origin for at in chosen],
                strength,
                None if question in tried else 1.0,
            )

        names = sorted(of_question)
        tried = names[::TRIED]
        models = dict(zip(names, each(fitted, names), strict=True))
        return cls(
            {name: models[name].classes for name in names},
            hstack([csr_matrix(models[name].weights) for name in names]).tocsr(),
            np.concatenate([models[name].bias for name in names]),
            float(np.median([models[name].scale for name in tried])),
        )

    def read(
        self, row: csr_matrix, other: Mapping[str, Mapping[str, float]] | None = None
    ) -> Readings:
        """What one message answers to each question. `other`: what another model makes of it,
        question → class → probability; of questions whose classes it knows both count alike, by
        the geometric mean."""
        chances = self._chances(row)
        if other:
            chances = self._together(chances, other)
        found: Readings = {}
        likely = np.flatnonzero(chances >= LEAST)
        for at in likely[np.argsort(-chances[likely], kind="stable")].tolist():
            question, name = self._columns[at]
            told = found.setdefault(question, [])
            if not told or told[0] != _NONE:
                chance = float(chances[at])
                told.append(
                    _NONE if name == NO_ANSWER and chance >= SURELY else (name, round(chance, 4))
                )
        return {question: found[question] for question in self.classes}

    def _together(self, chances: Array, other: Mapping[str, Mapping[str, float]]) -> Array:
        theirs = np.array(
            [other.get(question, {}).get(name, -1.0) for question, name in self._columns]
        )
        known = np.logical_and.reduceat(theirs >= 0, self._starts)
        sizes = [len(other.get(question, ())) for question in self.classes]
        known &= np.bincount(self._owner) == sizes
        mean = np.sqrt(np.maximum(chances, UNLIKELY) * np.maximum(theirs, UNLIKELY))
        mean /= np.add.reduceat(mean, self._starts)[self._owner]
        together: Array = np.where(known[self._owner], mean, chances)
        return together

    def _chances(self, row: csr_matrix) -> Array:
        """The probability of each class of each question."""
        margins: Array = (np.asarray((row @ self.weights).todense())[0] + self.bias) * self.scale
        # the softmax of each question's classes, all of them at once
        shifted = margins - np.maximum.reduceat(margins, self._starts)[self._owner]
        chances: Array = np.exp(shifted)
        chances[self._no_answer] *= ASKED
        chances /= np.add.reduceat(chances, self._starts)[self._owner]
        return chances

    def save(self, folder: Path) -> None:
        """Write `answers.json` and `answers.npz` into `folder`."""
        content = {"classes": self.classes, "scale": self.scale}
        (folder / "answers.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            folder / "answers.npz",
            bias=self.bias,
            weights=self.weights.data.astype(np.float16),
            columns=self.weights.indices.astype(np.uint16),
            ends=self.weights.indptr,
        )

    @classmethod
    def load(cls, folder: Path) -> AnswerModel:
        content = json.loads((folder / "answers.json").read_text("utf-8"))
        with np.load(folder / "answers.npz", allow_pickle=False) as arrays:
            bias, ends = arrays["bias"], arrays["ends"]
            held = (arrays["weights"].astype(np.float32), arrays["columns"].astype(np.int32), ends)
        weights = csr_matrix(held, shape=(len(ends) - 1, len(bias)))
        return cls(content["classes"], weights, bias, content["scale"])


_NONE = (NO_ANSWER, 1.0)
_YES_NO = {"affirm": "yes", "deny": "no"}


@dataclass(frozen=True)
class _General:
    """Rows that mean the same whatever is asked."""

    yes_no: Mapping[int, str]
    unknown: Iterable[int]
    elsewhere: Iterable[int]
    unclear: Sequence[int]

    @classmethod
    def of(cls, said: Sequence[Said]) -> _General:
        first: dict[int, int] = {}
        for at, one in enumerate(said):
            if one.intent:
                first.setdefault(one.origin, at)  # the utterance itself, not its variants
        meant = {at: said[at].intent for at in first.values()}
        silent = {*_YES_NO, "dont_know", "inform"}
        elsewhere = [at for at, intent in meant.items() if intent not in silent]
        return cls(
            {at: _YES_NO[intent] for at, intent in meant.items() if intent in _YES_NO},
            [at for at, intent in meant.items() if intent == "dont_know"],
            [
                *_some(elsewhere, ELSEWHERE),
                *(at for at, one in enumerate(said) if one.noise),
            ],
            _some([at for at, one in enumerate(said) if one.value == UNCLEAR], VAGUE),
        )

    def labels(self, values: set[str]) -> dict[int, str]:
        """Their labels for a question with these `values`."""
        found = dict.fromkeys(self.unclear, UNCLEAR) | dict.fromkeys(self.elsewhere, NO_ANSWER)
        if "unsure" not in values:
            found |= dict.fromkeys(self.unknown, UNKNOWN)
        return found | dict(self.yes_no) if values - set(BESIDES) <= set(YES_NO) else found


def _some(places: Sequence[int], most: int) -> Sequence[int]:
    """About `most` of `places`, evenly spread."""
    return places[:: max(1, len(places) // most)]


def _fitted(
    rows: csr_matrix, labels: list[str], origins: list[int], strength: float, scale: float | None
) -> LinearModel:
    """A model over the columns that these rows have, its weights at their places in all."""
    used = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]))
    model = LinearModel.fit(rows[:, used], labels, origins, strength, scale)
    weights = np.zeros((rows.shape[1], len(model.classes)), dtype=np.float32)
    weights[used] = np.where(abs(model.weights) < FAINT, 0, model.weights)
    return LinearModel(model.classes, weights, model.bias, model.scale)
