"""How fast a messenger lets us send."""

from __future__ import annotations

import asyncio
import time

FORGET = 10_000
"""Conversations remembered before those that have long recovered are forgotten."""


class Pace:
    """At most `per_second` messages a second in all, and `per_conversation` to one person, of whom
    `burst` may come at once. 0 is no limit. Several processes share the first limit."""

    def __init__(self, per_second: float = 0, per_conversation: float = 0, burst: int = 3) -> None:
        self._per_second = per_second
        self._gap = 1 / per_conversation if per_conversation else 0.0
        self._burst = burst
        self._free_at = 0.0
        self._recovered_at: dict[str, float] = {}
        self._held_until: dict[str, float] = {}
        self.processes = 1
        """How many processes send now."""

    def wait(self, conversation: str) -> float:
        """Seconds until this person may be sent another message; 0 when one may be sent."""
        now = time.monotonic()
        held = self._held_until.get(conversation, 0.0) - now
        if not self._gap:
            return max(0.0, held)
        ahead = self._recovered_at.get(conversation, 0.0) - now
        return max(0.0, held, ahead - (self._burst - 1) * self._gap)

    def hold(self, conversation: str, seconds: float) -> None:
        """The messenger wants no call for this person for so long."""
        now = time.monotonic()
        self._held_until[conversation] = now + seconds
        if len(self._held_until) > FORGET:
            kept = {key: until for key, until in self._held_until.items() if until > now}
            self._held_until = kept

    async def turn(self, conversation: str) -> None:
        """Count a message, and wait until it may be sent: who asked first goes first."""
        now = time.monotonic()
        if self._gap:
            self._recovered_at[conversation] = self._gap + max(
                now, self._recovered_at.get(conversation, 0.0)
            )
            if len(self._recovered_at) > FORGET:
                kept = {key: at for key, at in self._recovered_at.items() if at > now}
                self._recovered_at = kept
        if self._per_second:
            at = max(now, self._free_at)
            self._free_at = at + max(1, self.processes) / self._per_second
            if at > now:
                await asyncio.sleep(at - now)
