"""A linear classifier over sparse rows whose confidence is a calibrated probability."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.components.text.beside import both

Array = NDArray[np.float32]

STRENGTH = 0.2
"""Inverse of the regularisation that measures best on held-out text."""
MANY = 5_000
"""Rows from which it is worth while to work on two processors."""
REST = "\0"
"""Stands for all classes of the other half; sorts before every class."""
_UNTRIED = 5.0
"""Scale of a model with too few examples to leave any out."""


class LinearModel:
    """One-against-rest margins (a linear support vector machine), softmax with a temperature.

    The temperature is the one that makes predictions on a left-out third of the utterances
    likeliest (Guo et al. 2017, On Calibration of Modern Neural Networks); the model that makes
    these learns from utterances as they were written, without their variants."""

    def __init__(self, classes: Sequence[str], weights: Array, bias: Array, scale: float) -> None:
        """`weights`: (columns, classes); `bias`: (classes,); `scale`: 1 / temperature."""
        self.classes = list(classes)
        self.weights = weights
        self.bias = bias
        self.scale = scale

    @classmethod
    def fit(
        cls,
        rows: csr_matrix,
        labels: Sequence[str],
        origins: Sequence[int],
        strength: float = 1.0,
        scale: float | None = None,
    ) -> LinearModel:
        """Train. `origins` tells which rows are variants of one utterance: they are left out
        together. `strength` is the inverse of the regularisation (C); `scale`, where it is known,
        need not be found."""
        y = np.array(labels)
        if scale is None:
            scale = _left_out_scale(rows, y, np.array(origins), strength)
        classes, weights, bias = _margins(rows, y, strength)
        return cls([str(name) for name in classes], weights, bias, scale)

    def probabilities(self, rows: csr_matrix) -> Array:
        """(rows, classes); each row adds up to 1."""
        margins = np.asarray(rows @ self.weights + self.bias)
        return softmax(margins * self.scale)

    def save(self, folder: Path) -> None:
        """Write `classes.json` and `weights.npz` into `folder`."""
        content = {"classes": self.classes, "scale": self.scale}
        (folder / "classes.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            folder / "weights.npz", weights=self.weights.astype(np.float16), bias=self.bias
        )

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        content = json.loads((folder / "classes.json").read_text("utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights = arrays["weights"].astype(np.float32)
            return cls(content["classes"], weights, arrays["bias"], content["scale"])


def _margins(
    rows: csr_matrix, y: NDArray[np.str_], strength: float
) -> tuple[NDArray[np.str_], Array, Array]:
    """Classes, weights (columns, classes) and bias. Each class against all others is a problem of
    its own, so many of them are solved on two processors, half of them each."""
    classes, counts = np.unique(y, return_counts=True)
    if len(classes) == 1:  # nothing to tell apart: always that one
        return classes, np.zeros((rows.shape[1], 1), np.float32), np.zeros(1, np.float32)
    balance = dict(zip(classes, len(y) / (len(classes) * counts), strict=True))
    if len(y) < MANY or len(classes) < 4:
        weights, bias = _against_rest(rows, y, balance, strength)
        return classes, weights, bias

    def half(first: int) -> tuple[Array, Array]:
        own = np.where(np.isin(y, classes[first::2]), y, REST)
        return _against_rest(rows, own, {**balance, REST: 1.0}, strength)

    evens, odds = both(lambda: half(0), lambda: half(1))
    weights = np.zeros((rows.shape[1], len(classes)), np.float32)
    bias = np.zeros(len(classes), np.float32)
    for first, (w, b) in enumerate((evens, odds)):
        weights[:, first::2], bias[first::2] = w[:, 1:], b[1:]  # REST is the first of its classes
    return classes, weights, bias


def _against_rest(
    rows: csr_matrix, y: NDArray[np.str_], balance: Mapping[str, float], strength: float
) -> tuple[Array, Array]:
    from sklearn.svm import LinearSVC  # a second of start that serving does without

    present = set(y)
    machine = LinearSVC(
        C=strength,
        class_weight={name: weight for name, weight in balance.items() if name in present},
        dual=True,
        tol=1e-2,
        max_iter=3000,
        random_state=7,
    )
    machine.fit(rows, y)
    weights, bias = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]), np.hstack([-bias, bias])
    return np.ascontiguousarray(weights.T, dtype=np.float32), bias.astype(np.float32)


def _left_out_scale(
    rows: csr_matrix,
    y: NDArray[np.str_],
    origins: NDArray[np.int64],
    strength: float,
) -> float:
    """The scale that fits rows which training did not see."""
    left_out = origins % 3 == 0
    written = np.zeros(len(origins), dtype=bool)
    written[np.unique(origins, return_index=True)[1]] = True  # the first of each origin
    learnt = written & ~left_out
    if not left_out.any() or len(set(y[learnt])) < 2:
        return _UNTRIED
    some, weights, bias = _margins(rows[learnt], y[learnt], strength)
    known = left_out & np.isin(y, some)
    margins = np.asarray(rows[known] @ weights + bias)
    return _best_scale(margins, np.searchsorted(some, y[known]))


def softmax(margins: Array) -> Array:
    shifted = np.exp(margins - margins.max(axis=1, keepdims=True))
    result: Array = shifted / shifted.sum(axis=1, keepdims=True)
    return result


def _best_scale(margins: Array, truth: NDArray[np.int64]) -> float:
    """The scale of least negative log likelihood."""

    def loss(scale: float) -> float:
        chances = softmax(margins * scale)[np.arange(len(truth)), truth]
        return -float(np.log(np.maximum(chances, 1e-9)).sum())

    return float(min(np.geomspace(0.5, 20, 40), key=loss)) if len(truth) else _UNTRIED
