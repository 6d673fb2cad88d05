"""Reads a message word by word, as the answer to any question: a small recurrent network.

What n-grams can't tell is which of the words belong together: whose paper was lost, what was
denied. The network (a GRU in both directions, Cho et al. 2014, Learning Phrase Representations
using RNN Encoder-Decoder) goes over the words in order; each question then looks at the words that
matter to it (attention, one query a question) and at the strongest of each feature. It is trained
by `rong train-reader` with torch, and served with numpy and safetensors.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.components.text.views import Views
from knowledge_base.errors import EngineError

Array = NDArray[np.float32]
Numbers = NDArray[np.int64]

OWN = "bot/sequence/model"
"""The project's own network, a folder below the project's."""
LONGEST = 60
"""Words of a message that are read; people who are asked say less."""
UNKNOWN_WORD = 1
"""The number of every word outside the vocabulary; 0 stands for no word."""
PIECES, PIECES_OF_WORD = 8192, 12
"""How many kinds of pieces of words there are, and how many of one word are looked at."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Words:
    """A message's words as numbers: `folded` with diacritics, `stripped` without, each (words,);
    `pieces` of each, (words, PIECES_OF_WORD), filled up with PIECES."""

    folded: Numbers
    stripped: Numbers
    pieces: Numbers


class Vocabulary:
    """Gives words their numbers."""

    def __init__(self, folded: Sequence[str], stripped: Sequence[str]) -> None:
        self.folded, self.stripped = list(folded), list(stripped)
        first = UNKNOWN_WORD + 1
        self._folded = {word: number for number, word in enumerate(self.folded, first)}
        self._stripped = {word: number for number, word in enumerate(self.stripped, first)}

    def words(self, seen: Views) -> Words:
        """The words of a message; one unknown word where there is none."""
        folded, stripped = words_of(seen)
        pieces = np.array([pieces_of(word) for word in stripped or [""]], dtype=np.int64)
        unknown = UNKNOWN_WORD
        return Words(
            np.array([self._folded.get(w, unknown) for w in folded or [""]], dtype=np.int64),
            np.array([self._stripped.get(w, unknown) for w in stripped or [""]], dtype=np.int64),
            pieces,
        )


def words_of(seen: Views) -> tuple[list[str], list[str]]:
    """The words with and without diacritics, as many of both."""
    folded = _TOKEN.findall(seen["folded"])[:LONGEST]
    stripped = _TOKEN.findall(seen["stripped"])[:LONGEST]
    # a mark alone is a word with diacritics and none without
    return (folded, stripped) if len(folded) == len(stripped) else (stripped, stripped)


@lru_cache(maxsize=20_000)
def pieces_of(word: str) -> tuple[int, ...]:
    """The numbers of a word's first character n-grams, two to four long, by their checksum."""
    edged = f"<{word[:LONGEST]}>"
    found = [
        zlib.crc32(edged[at : at + size].encode()) % PIECES
        for size in (2, 3, 4)
        for at in range(len(edged) - size + 1)
    ][:PIECES_OF_WORD]
    return (*found, *[PIECES] * (PIECES_OF_WORD - len(found)))


class SequenceModel:
    """The network with its weights, as `bot.sequence.training` saves them."""

    def __init__(
        self,
        classes: Mapping[str, Sequence[str]],
        vocabulary: Vocabulary,
        weights: Mapping[str, NDArray[Any]],
    ) -> None:
        """`classes`: question → its choices, and what else may be said; `weights`: by name, with d
        numbers for a word and h for each direction:
        `folded` (words + 2, d), `stripped` (words + 2, d), `pieces` (PIECES + 1, d);
        `inputs` (2, d, 3h), `inputs_bias` (2, 3h), `states` (2, h, 3h), `states_bias` (2, 3h), for
        both directions, of the reset, update and new gates;
        `queries` (questions, 2h); `attended` (classes, 2h), `strongest` (classes, 2h), `bias`
        (classes,)."""
        self.classes = {question: list(names) for question, names in classes.items()}
        self.vocabulary = vocabulary
        # word vectors stay as small as they were saved: few of them are needed at a time
        self._vectors = {name: weights[name] for name in ("folded", "stripped", "pieces")}
        self._w = {
            name: np.ascontiguousarray(array, dtype=np.float32)
            for name, array in weights.items()
            if name not in self._vectors
        }
        counts = [len(names) for names in self.classes.values()]
        self._starts = np.cumsum([0, *counts[:-1]])
        self._owner = np.repeat(np.arange(len(counts)), counts)
        self._columns = [(q, name) for q, names in self.classes.items() for name in names]

    def read(self, seen: Views) -> dict[str, dict[str, float]]:
        """Question → the probability of each of its classes."""
        margins = self.margins(self.vocabulary.words(seen))
        odds = np.exp(margins - np.maximum.reduceat(margins, self._starts)[self._owner])
        odds /= np.add.reduceat(odds, self._starts)[self._owner]
        found: dict[str, dict[str, float]] = {question: {} for question in self.classes}
        for (question, name), chance in zip(self._columns, odds.tolist(), strict=True):
            found[question][name] = chance
        return found

    def margins(self, words: Words) -> Array:
        """What speaks for each class of each question, (classes,)."""
        hidden = self._hidden(self._embedded(words))
        looks = hidden @ self._w["queries"].T
        looks = np.exp(looks - looks.max(axis=0))
        attended = (looks / looks.sum(axis=0)).T @ hidden
        margins: Array = (
            np.einsum("ch,ch->c", attended[self._owner], self._w["attended"])
            + self._w["strongest"] @ hidden.max(axis=0)
            + self._w["bias"]
        )
        return margins

    def _embedded(self, words: Words) -> Array:
        """A vector for each word, (words, d)."""
        count = np.maximum((words.pieces != PIECES).sum(axis=1, keepdims=True), 1)
        pieces = self._vectors["pieces"][words.pieces].astype(np.float32).sum(axis=1)
        whole = self._vectors["folded"][words.folded].astype(np.float32)
        whole += self._vectors["stripped"][words.stripped]
        embedded: Array = whole + pieces / np.sqrt(count, dtype=np.float32)
        return embedded

    def _hidden(self, embedded: Array) -> Array:
        """What the network knows at each word from both sides, (words, 2h)."""
        size = self._w["states"].shape[1]
        both = np.stack([embedded, embedded[::-1]])
        inputs = both @ self._w["inputs"] + self._w["inputs_bias"][:, None]
        state = np.zeros((2, 1, size), np.float32)
        found = np.empty((2, len(embedded), size), np.float32)
        for at in range(len(embedded)):
            told = inputs[:, at, None]
            kept = state @ self._w["states"] + self._w["states_bias"][:, None]
            gates = 1 / (1 + np.exp(-(told[..., : 2 * size] + kept[..., : 2 * size])))
            reset, update = gates[..., :size], gates[..., size:]
            new = np.tanh(told[..., 2 * size :] + reset * kept[..., 2 * size :])
            state = (1 - update) * new + update * state
            found[:, at] = state[:, 0]
        return np.concatenate([found[0], found[1, ::-1]], axis=1)

    @classmethod
    def load(cls, folder: Path) -> SequenceModel:
        """Read a folder of `rong train-reader`. Raises `EngineError` where it is not whole."""
        from safetensors.numpy import load_file

        try:
            content = json.loads((folder / "words.json").read_text("utf-8"))
            vocabulary = Vocabulary(content["folded"], content["stripped"])
            return cls(content["classes"], vocabulary, load_file(folder / "model.safetensors"))
        except Exception as error:  # the library raises errors without a class of their own
            raise _broken(folder, error) from error


def classes_in(folder: Path) -> dict[str, list[str]]:
    """Question → the classes that the network of `folder` knows, without its weights. Raises
    `EngineError` where there are none."""
    try:
        content: dict[str, dict[str, list[str]]] = json.loads(
            (folder / "words.json").read_text("utf-8")
        )
        return content["classes"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _broken(folder, error) from error


def _broken(folder: Path, error: Exception) -> EngineError:
    return EngineError(
        f"{folder}: not a whole network; `rong train-reader` makes it anew: {error!r}"
    )
