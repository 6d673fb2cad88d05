"""Two pieces of work on two processors, for training. Two threads won't do: the solver's random
numbers are the process's, so that which thread comes first would change the model."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def both(one: Callable[[], A], other: Callable[[], B]) -> tuple[A, B]:
    """What `one` and `other` give; `one` in a copy of this process where one can be made (not
    where threads run, which a copy would lack), so what it changes stays there."""
    alone = threading.active_count() == 1 and multiprocessing.parent_process() is None
    if not alone or "fork" not in multiprocessing.get_all_start_methods():
        return one(), other()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=lambda: sender.send(one()), daemon=True)
    child.start()
    sender.close()
    mine = other()
    try:
        theirs: A = receiver.recv()
    except EOFError:  # it failed there, so that it fails here as well, and says why
        theirs = one()
    finally:
        receiver.close()
        child.join()
    return theirs, mine


def each(work: Callable[[A], B], on: Sequence[A]) -> list[B]:
    """What `work` gives for each of `on`, in their order; half of them by `both` at a time."""
    evens, odds = both(
        lambda: [work(one) for one in on[::2]], lambda: [work(one) for one in on[1::2]]
    )
    found = [*evens, *odds]
    found[::2], found[1::2] = evens, odds
    return found
