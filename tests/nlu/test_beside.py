"""Two pieces of work side by side give what they give one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.components.text import linear
from bot.components.text.beside import both, each
from bot.components.text.linear import LinearModel


def test_both_are_done() -> None:
    assert both(lambda: 1, lambda: "two") == (1, "two")


@pytest.mark.parametrize("count", range(4))
def test_each_is_done_and_keeps_its_place(count: int) -> None:
    assert each(lambda number: number * 10, range(count)) == [0, 10, 20][:count]


def test_one_is_done_in_another_process_where_no_thread_runs() -> None:
    script = (
        "from bot.components.text.beside import both; import os;"
        "print(len({os.getpid(), *both(os.getpid, os.getpid)}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "2"


def test_where_a_thread_runs_both_are_done_here() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert both(os.getpid, os.getpid) == (os.getpid(), os.getpid())
    finally:
        stop.set()
        thread.join()


def test_what_fails_says_why() -> None:
    def fails() -> None:
        raise ValueError("no weights")

    with pytest.raises(ValueError, match="no weights"):
        both(fails, lambda: 1)


def test_halves_of_the_classes_make_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(3)
    labels = [f"class {number % 7}" for number in range(420)]
    dense = dice.random((420, 30)) + np.eye(30)[[number % 7 for number in range(420)]]
    rows = csr_matrix(dense.astype(np.float32))
    whole = LinearModel.fit(rows, labels, range(420), 0.2)
    monkeypatch.setattr(linear, "MANY", 100)
    halves = LinearModel.fit(rows, labels, range(420), 0.2)
    assert halves.classes == whole.classes
    assert halves.probabilities(rows) == pytest.approx(whole.probabilities(rows), abs=0.02)
    again = LinearModel.fit(rows, labels, range(420), 0.2)
    assert np.array_equal(again.weights, halves.weights)
