"""Tells an outage of a messenger from the trouble of one message."""

from __future__ import annotations

from collections.abc import Iterable

SEVERAL = 5
"""So many conversations failing one after the other, with no success between, are an outage."""


class Gate:
    """Closed during an outage: only the conversations in `probes` try then."""

    def __init__(self) -> None:
        self._failed: set[str] = set()
        self.probes: frozenset[str] = frozenset()
        self.closed = False

    def admits(self, conversation: str) -> bool:
        """Whether sending is worth a try."""
        return not self.closed or conversation in self.probes

    def failed(self, conversation: str) -> bool:
        """A message could not be sent for now. True when this closes the gate."""
        self._failed.add(conversation)
        if self.closed or len(self._failed) < SEVERAL:
            return False
        self.closed = True
        return True

    def answered(self) -> bool:
        """The messenger took a message, or refused it for good. True when this opens the gate."""
        opens = self.closed
        self._failed.clear()
        self.probe(())
        self.closed = False
        return opens

    def probe(self, conversations: Iterable[str]) -> None:
        """Let these try."""
        self.probes = frozenset(conversations)
