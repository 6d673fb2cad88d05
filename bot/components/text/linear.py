"""A linear classifier over sparse rows whose confidence is a calibrated probability."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Array = NDArray[np.float32]

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
        cls, rows: csr_matrix, labels: Sequence[str], origins: Sequence[int], strength: float = 1.0
    ) -> LinearModel:
        """Train. `origins` tells which rows are variants of one utterance: they are left out
        together. `strength` is the inverse of the regularisation (C)."""
        y = np.array(labels)
        number = np.array(origins)
        left_out = number % 3 == 0
        written = np.zeros(len(number), dtype=bool)
        written[np.unique(number, return_index=True)[1]] = True  # the first of each origin
        # one after the other: liblinear has one generator of random numbers for all threads, and
        # the same files are to give the same model
        scale = _left_out_scale(rows, y, left_out, written, strength)
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
    if len(set(y)) == 1:  # nothing to tell apart: always that one
        return y[:1], np.zeros((rows.shape[1], 1), np.float32), np.zeros(1, np.float32)
    from sklearn.svm import LinearSVC  # a second of start that serving does without

    machine = LinearSVC(
        C=strength, class_weight="balanced", dual=True, tol=1e-2, max_iter=3000, random_state=7
    )
    machine.fit(rows, y)
    weights, bias = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]), np.hstack([-bias, bias])
    return (
        machine.classes_,
        np.ascontiguousarray(weights.T, dtype=np.float32),
        bias.astype(np.float32),
    )


def _left_out_scale(
    rows: csr_matrix,
    y: NDArray[np.str_],
    left_out: NDArray[np.bool_],
    written: NDArray[np.bool_],
    strength: float,
) -> float:
    """The scale that fits rows which training did not see."""
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
