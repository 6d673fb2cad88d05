"""What is counted while messages travel, for `/metrics`. No person, conversation or text is in it:
labels are the names of channels and a few words of ours."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds of a turn; a spoken message takes the longer ones."""


class Measures:
    """The counters of this process."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._events = Counter(
            "rong_events",
            "Events of a messenger that were stored (accepted) or were there already (duplicate).",
            ("channel", "outcome"),
            registry=registry,
        )
        self._refused = Counter(
            "rong_webhooks_refused",
            "Webhook requests that were not answered with 200, by HTTP status.",
            ("channel", "status"),
            registry=registry,
        )
        self._sends = Counter(
            "rong_sends",
            "Calls to send a message: sent; tried again later (limit, unreachable, staff, error); "
            "given up (closed, late, expired, refused).",
            ("channel", "outcome"),
            registry=registry,
        )
        self._repeated = Counter(
            "rong_sends_repeated",
            "Messages sent again that may have arrived before: the line broke, or a process died.",
            ("channel",),
            registry=registry,
        )
        self._found = Counter(
            "rong_sends_found",
            "Messages that may have arrived, were looked for, and had: not sent again.",
            ("channel",),
            registry=registry,
        )
        self._turns = Histogram(
            "rong_turn_seconds",
            "Time in which an answer was made, without waiting for its turn or being sent.",
            ("channel",),
            buckets=BUCKETS,
            registry=registry,
        )

    def event(self, channel: str, new: bool) -> None:
        """An event came."""
        self._events.labels(channel, "accepted" if new else "duplicate").inc()

    def refused(self, channel: str, status: int) -> None:
        """A webhook was refused."""
        self._refused.labels(channel, str(status)).inc()

    def send(self, channel: str, outcome: str) -> None:
        """A message was sent, or not."""
        self._sends.labels(channel, outcome).inc()

    def repeated(self, channel: str) -> None:
        """A message may arrive a second time."""
        self._repeated.labels(channel).inc()

    def found(self, channel: str) -> None:
        """A message had arrived before."""
        self._found.labels(channel).inc()

    def turn(self, channel: str) -> AbstractContextManager[object]:
        """Surrounds one turn."""
        return self._turns.labels(channel).time()


@cache
def measures() -> Measures:
    """Those of this process, made at the first call."""
    return Measures()
