"""The known questions whose meaning is nearest to a message, and what they vote for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.components.text.scope import Ranking
from knowledge_base.schema import TOPICS

Array = NDArray[np.float32]

VOTERS = 15
"""How many of the nearest questions vote."""
SHARPNESS = 12.0
"""How much more a nearer one counts: a vote is exp(SHARPNESS × cosine)."""
LEAST_COSINE = 0.3
"""A question less similar than this is not near."""


@dataclass(frozen=True)
class Known:
    """A known question: its intent, what the procedure model calls it, and its procedure."""

    intent: str
    label: str
    procedure: str | None


@dataclass(frozen=True)
class Near:
    """A topic and procedure that a near question asks about. `cosine`: −1 to 1."""

    topic: str
    procedure: str | None
    cosine: float


@dataclass(frozen=True)
class Votes:
    """What the nearest questions vote for, in shares that add up to 1; `near`: what they ask, best
    first."""

    intents: Ranking
    procedures: Ranking
    near: Sequence[Near]


class NearestQuestions:
    """Vectors of all known questions."""

    def __init__(self, vectors: Array, known: Sequence[Known]) -> None:
        """`vectors`: (questions, dimension), each of length 1."""
        self._vectors, self._known = vectors, list(known)

    def votes(self, vector: Array) -> Votes | None:
        """For one message's vector; None for a vector of zeros, which is near to nothing."""
        if not vector.any() or not self._known:
            return None
        cosines = self._vectors @ vector
        count = min(VOTERS, len(cosines))
        order = np.argpartition(-cosines, count - 1)[:count]
        order = order[np.argsort(-cosines[order], kind="stable")]
        weights = np.exp(SHARPNESS * (cosines[order] - cosines[order[0]]))
        weights /= weights.sum()
        intents: Ranking = {}
        procedures: Ranking = {}
        near: dict[tuple[str, str | None], Near] = {}
        for at, weight in zip(order, weights, strict=True):
            one, cosine = self._known[at], float(cosines[at])
            intents[one.intent] = intents.get(one.intent, 0.0) + float(weight)
            procedures[one.label] = procedures.get(one.label, 0.0) + float(weight)
            if one.intent in TOPICS and cosine >= LEAST_COSINE:
                asked = (one.intent, one.procedure)
                near.setdefault(asked, Near(*asked, cosine))
        return Votes(intents, procedures, tuple(near.values()))

    def save(self, folder: Path) -> None:
        """Write `nearest.json` and `nearest.npz` into `folder`."""
        rows = [[one.intent, one.label, one.procedure] for one in self._known]
        (folder / "nearest.json").write_text(json.dumps(rows), "utf-8")
        np.savez_compressed(folder / "nearest.npz", vectors=self._vectors.astype(np.float16))

    @classmethod
    def load(cls, folder: Path) -> NearestQuestions:
        rows = json.loads((folder / "nearest.json").read_text("utf-8"))
        with np.load(folder / "nearest.npz", allow_pickle=False) as arrays:
            vectors = arrays["vectors"].astype(np.float32)
        return cls(vectors, [Known(*row) for row in rows])
