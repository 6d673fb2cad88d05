"""Word and character n-grams of several views of a text as one sparse TF-IDF row.

Serving needs numpy and scipy only. Each group of n-grams is scaled to length 1 on its own, so
that a long message does not drown its words in its letters.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from bot.components.text.beside import each
from bot.components.text.views import Views

MANY = 5_000
"""Texts from which it is worth while to work on two processors."""
_LONGEST = 30
"""Letters of a word that are looked at; no word of ours is as long."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class Group:
    """N-grams of one view: `unit` is `word` or `char` (within a word), lengths `low` to `high`."""

    view: str
    unit: str
    low: int
    high: int
    weight: float = 1.0

    def terms(self, text: str) -> Iterable[str]:
        tokens = _TOKEN.findall(text)
        if self.unit == "char":
            return chain.from_iterable(
                _pieces(token[:_LONGEST], self.low, self.high) for token in tokens
            )
        sizes = range(self.low, self.high + 1)
        return chain.from_iterable(in_a_row(tokens, size) for size in sizes)


def in_a_row(tokens: Sequence[str], size: int) -> Iterable[str]:
    """So many words as follow each other; of several words the edges of the text are two."""
    if size == 1:
        return tokens
    edged = ["^", *tokens, "$"]
    return map(" ".join, zip(*(edged[at:] for at in range(size)), strict=False))


@lru_cache(maxsize=20_000)
def _pieces(token: str, low: int, high: int) -> tuple[str, ...]:
    """Character n-grams of a word with its edges; the same words come again and again."""
    edged = f" {token} "
    return tuple(
        edged[at : at + size]
        for size in range(low, high + 1)
        for at in range(max(1, len(edged) - size + 1))
    )


Columns = NDArray[np.int32]


class _ColumnsOf:
    """Finds the columns of a group's n-grams in a text, those of an n-gram said twice twice."""

    def __init__(self, group: Group, vocabulary: Mapping[str, int]) -> None:
        self._group, self._vocabulary = group, vocabulary
        self._unknown = vocabulary.get(UNKNOWN)
        self._of_token = lru_cache(maxsize=20_000)(self._within)

    def __call__(self, text: str) -> Columns:
        if self._group.unit == "char":
            parts = [self._of_token(token[:_LONGEST]) for token in _TOKEN.findall(text)]
            return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
        known = self._vocabulary.get
        tokens = _TOKEN.findall(text)
        found: list[int | None] = []
        for size in range(self._group.low, self._group.high + 1):
            if size == 1:
                found += [known(token, self._unknown) for token in tokens]
            else:
                found += map(known, in_a_row(tokens, size))
        return np.array([column for column in found if column is not None], dtype=np.int32)

    def _within(self, token: str) -> Columns:
        pieces = _pieces(token, self._group.low, self._group.high)
        found = [self._vocabulary[piece] for piece in pieces if piece in self._vocabulary]
        return np.array(found, dtype=np.int32)


UNKNOWN = ""
"""The term that stands for every single word outside the vocabulary."""

_UNKNOWN_WEIGHT = 5.0
"""As if an unknown word stood in one text of about fifty."""

DEFAULT_GROUPS = (
    Group("folded", "word", 1, 2),
    Group("stripped", "word", 1, 3),
    Group("stripped", "char", 2, 4, 0.5),
    Group("sounded", "word", 1, 2),
    Group("tail", "word", 1, 2),
)


class NgramVectorizer:
    """Learns a vocabulary with inverse document frequencies and turns views into rows."""

    def __init__(self, groups: Sequence[Group] = DEFAULT_GROUPS, min_count: int = 3) -> None:
        self.groups = tuple(groups)
        self.min_count = min_count
        self.vocabularies: list[dict[str, int]] = []
        self.idf = np.zeros(0, dtype=np.float32)
        self._columns: list[tuple[Group, _ColumnsOf]] = []
        self._group_of = np.zeros(0, dtype=np.int64)

    @property
    def size(self) -> int:
        """Columns of a row."""
        return len(self.idf)

    def fit(self, texts: Sequence[Views]) -> NgramVectorizer:
        """Keep what occurs in at least `min_count` texts."""
        self.vocabularies, weights, column = [], [], 0
        often = each(lambda group: self._often(group, texts), self.groups)
        for group, seen in zip(self.groups, often, strict=True):
            kept = sorted(seen)
            if group.unit == "word":
                kept.append(UNKNOWN)
            self.vocabularies.append({term: column + i for i, term in enumerate(kept)})
            weights += [
                _UNKNOWN_WEIGHT
                if term == UNKNOWN
                else math.log((1 + len(texts)) / (1 + seen[term])) + 1
                for term in kept
            ]
            column += len(kept)
        self.idf = np.array(weights, dtype=np.float32)
        self._know()
        return self

    def _often(self, group: Group, texts: Sequence[Views]) -> dict[str, int]:
        """The n-grams of a group that are kept, and how many texts have them."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(group.terms(text[group.view])))
        return {term: count for term, count in seen.items() if count >= self.min_count}

    def _know(self) -> None:
        pairs = list(zip(self.groups, self.vocabularies, strict=True))
        self._columns = [(group, _ColumnsOf(group, vocabulary)) for group, vocabulary in pairs]
        self._group_of = np.repeat(np.arange(len(pairs)), [len(known) for _, known in pairs])

    def transform(self, texts: Sequence[Views]) -> csr_matrix:
        """Rows of shape (len(texts), size)."""
        if len(texts) < MANY:
            return self._rows(texts)
        half = len(texts) // 2
        return vstack(each(self._rows, [texts[:half], texts[half:]])).tocsr()

    def _rows(self, texts: Sequence[Views]) -> csr_matrix:
        found = [of(text[group.view]) for text in texts for group, of in self._columns]
        ends = np.cumsum([0, *map(len, found)], dtype=np.int32)[:: len(self.groups)]
        columns = np.concatenate(found) if found else np.zeros(0, dtype=np.int32)
        counts = np.ones(len(columns), dtype=np.float32)
        rows = csr_matrix((counts, columns, ends), shape=(len(texts), self.size))
        rows.sum_duplicates()
        weights = (1 + np.log(rows.data)) * self.idf[rows.indices]
        # a length for each row and group
        place = np.repeat(np.arange(len(texts)), np.diff(rows.indptr)) * len(self.groups)
        place += self._group_of[rows.indices]
        lengths = np.sqrt(np.bincount(place, weights**2, len(texts) * len(self.groups)))
        scale = np.tile([group.weight for group in self.groups], len(texts)) / (lengths + 1e-9)
        rows.data = (weights * scale[place]).astype(np.float32)
        return rows

    def transform_each(self, texts: Sequence[Views]) -> Iterator[csr_matrix]:
        """The same as rows of their own, each of shape (1, size)."""
        rows = self.transform(texts)
        empty = csr_matrix((1, self.size), dtype=np.float32)
        for start, end in pairwise(rows.indptr.tolist()):
            row = copy(empty)  # a tenth of the time that a new matrix takes to check its parts
            row.data, row.indices = rows.data[start:end], rows.indices[start:end]
            row.indptr = np.array([0, end - start], dtype=rows.indptr.dtype)
            yield row

    def save(self, folder: Path) -> None:
        """Write `ngrams.json` and `idf.npy` into `folder`."""
        content = {
            "groups": [asdict(group) for group in self.groups],
            "min_count": self.min_count,
            "terms": [list(vocabulary) for vocabulary in self.vocabularies],
        }
        (folder / "ngrams.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        np.save(folder / "idf.npy", self.idf, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> NgramVectorizer:
        content = json.loads((folder / "ngrams.json").read_text("utf-8"))
        made = cls([Group(**group) for group in content["groups"]], content["min_count"])
        column = 0
        for terms in content["terms"]:
            made.vocabularies.append({term: column + i for i, term in enumerate(terms)})
            column += len(terms)
        made.idf = np.load(folder / "idf.npy", allow_pickle=False)
        made._know()
        return made
