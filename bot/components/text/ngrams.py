"""Word and character n-grams of several views of a text as one sparse TF-IDF row.

Serving needs numpy and scipy only. Each group of n-grams is scaled to length 1 on its own, so
that a long message does not drown its words in its letters.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.components.text.views import Views

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
        if self.unit == "word":
            edged = ["^", *tokens, "$"]
            for size in range(self.low, self.high + 1):
                source = tokens if size == 1 else edged
                for at in range(len(source) - size + 1):
                    yield " ".join(source[at : at + size])
        else:
            for token in tokens:
                yield from _pieces(token[:_LONGEST], self.low, self.high)


@lru_cache(maxsize=20_000)
def _pieces(token: str, low: int, high: int) -> tuple[str, ...]:
    """Character n-grams of a word with its edges; the same words come again and again."""
    edged = f" {token} "
    return tuple(
        edged[at : at + size]
        for size in range(low, high + 1)
        for at in range(max(1, len(edged) - size + 1))
    )


UNKNOWN = ""
"""The term that stands for every single word outside the vocabulary."""

_UNKNOWN_WEIGHT = 5.0
"""As if an unknown word stood in one text of about fifty."""

DEFAULT_GROUPS = (
    Group("folded", "word", 1, 2),
    Group("stripped", "word", 1, 3),
    Group("stripped", "char", 2, 5),
    Group("sounded", "word", 1, 2),
)


class NgramVectorizer:
    """Learns a vocabulary with inverse document frequencies and turns views into rows."""

    def __init__(self, groups: Sequence[Group] = DEFAULT_GROUPS, min_count: int = 2) -> None:
        self.groups = tuple(groups)
        self.min_count = min_count
        self.vocabularies: list[dict[str, int]] = []
        self.idf = np.zeros(0, dtype=np.float32)

    @property
    def size(self) -> int:
        """Columns of a row."""
        return len(self.idf)

    def fit(self, texts: Sequence[Views]) -> NgramVectorizer:
        """Keep what occurs in at least `min_count` texts."""
        self.vocabularies, weights, column = [], [], 0
        for group in self.groups:
            seen: Counter[str] = Counter()
            for text in texts:
                seen.update(set(group.terms(text[group.view])))
            kept = sorted(term for term, count in seen.items() if count >= self.min_count)
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
        return self

    def transform(self, texts: Sequence[Views]) -> csr_matrix:
        """Rows of shape (len(texts), size)."""
        indices: list[NDArray[np.int32]] = []
        data: list[NDArray[np.float32]] = []
        ends = [0]
        for text in texts:
            length = 0
            for group, vocabulary in zip(self.groups, self.vocabularies, strict=True):
                found: Counter[int] = Counter()
                unknown = vocabulary.get(UNKNOWN)
                for term in group.terms(text[group.view]):
                    column = vocabulary.get(term)
                    if column is not None:
                        found[column] += 1
                    elif unknown is not None and " " not in term:
                        found[unknown] += 1
                if not found:
                    continue
                columns = np.fromiter(found.keys(), dtype=np.int32, count=len(found))
                values = np.fromiter(found.values(), dtype=np.float32, count=len(found))
                values = (1 + np.log(values)) * self.idf[columns]
                indices.append(columns)
                data.append(group.weight * values / np.linalg.norm(values))
                length += len(found)
            ends.append(ends[-1] + length)
        return csr_matrix(
            (
                np.concatenate(data) if data else np.zeros(0, dtype=np.float32),
                np.concatenate(indices) if indices else np.zeros(0, dtype=np.int32),
                np.array(ends, dtype=np.int32),
            ),
            shape=(len(texts), self.size),
        )

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
        return made
