"""Waiting for what happens elsewhere. How long it may take only ends a test that would hang."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Return when the condition holds; fail when it does not come to hold."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "awaited in vain"
        time.sleep(0.01)
