"""What runs beside answering and sending: leases, work left by others, outages, forgetting."""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import time
from collections.abc import Callable, Coroutine

from bot.delivery.claims import BEAT_SECONDS, LEASE_SECONDS, give_back, renew
from bot.delivery.gate import Gate
from bot.delivery.inbox import Inbox
from bot.delivery.lanes import Lanes
from bot.delivery.outbox import Outbox
from bot.delivery.pace import Pace
from bot.delivery.store import Store

log = logging.getLogger(__name__)

PURGE_SECONDS = 3600.0
LONGEST_PROBE = 8.0
"""During an outage the messenger is tried after 1, 2, 4 … at most so many seconds."""
PROBES = 3
AMONG = 30
"""How many of the oldest the probes are chosen from: what Telegram takes in a second."""


class Beside:
    """The tasks of one courier. `wake(unanswered, unsent)` has conversations worked at."""

    def __init__(
        self,
        store: Store,
        channel: str,
        owner: str,
        inbox: Inbox,
        outbox: Outbox,
        wake: Callable[[list[str], list[str]], None],
        token_days: int,
    ) -> None:
        self._store, self._channel, self._owner = store, channel, owner
        self._inbox, self._outbox = inbox, outbox
        self._wake = wake
        self._token_days = token_days
        self._beaten = time.monotonic()
        self._tasks: list[asyncio.Task[None]] = []
        self._watching: asyncio.Task[None] | None = None

    @property
    def sure(self) -> bool:
        """Whether what was claimed here can't have been taken over meanwhile."""
        if not self._store.shared:
            return True
        return time.monotonic() - self._beaten < LEASE_SECONDS - BEAT_SECONDS

    def start(self, pace: Pace) -> None:
        """Begin."""
        self._begin(self._purge())
        if self._store.shared:
            self._beaten = time.monotonic()
            self._begin(self._beat(pace))
            self._begin(self._look())

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def stop(self) -> None:
        """End, and let other processes have what is left."""
        tasks = [*self._tasks, *([self._watching] if self._watching else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._tasks and self._store.shared:
            try:
                await self._store.run(give_back, self._owner)
            except Exception as error:
                log.warning("%s: leases not given back: %s", self._channel, type(error).__name__)

    async def _beat(self, pace: Pace) -> None:
        while True:
            began = time.monotonic()
            try:
                pace.processes = await self._store.run(renew, self._channel, self._owner)
                self._beaten = began
            except Exception as error:
                log.error("%s: leases not renewed: %s", self._channel, type(error).__name__)
            await asyncio.sleep(BEAT_SECONDS)

    async def _look(self) -> None:
        """Take over what a dead process left."""
        while True:
            # Not all processes at once: who looks first has the work.
            await asyncio.sleep(random.uniform(0.5, 1.5))
            try:
                self._wake(await self._inbox.waiting(), await self._outbox.waiting())
            except Exception as error:
                log.error("%s: looking failed: %s", self._channel, type(error).__name__)

    def watch_outage(self, gate: Gate, sending: Lanes) -> None:
        """Have a few conversations try, until the messenger takes messages again."""
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch(gate, sending))

    async def _watch(self, gate: Gate, sending: Lanes) -> None:
        for attempt in itertools.count():
            await asyncio.sleep(min(LONGEST_PROBE, 2.0 ** min(attempt, 10)))
            if not gate.closed:
                return
            try:
                waiting = await self._outbox.waiting(free=False)
            except Exception as error:
                log.error("%s: looking failed: %s", self._channel, type(error).__name__)
                continue
            # Not always the same ones: what the messenger can't take may be just these.
            oldest = waiting[:AMONG]
            probes = [*oldest[:1], *random.sample(oldest, min(PROBES - 1, len(oldest)))]
            gate.probe(probes)
            sending.hurry(probes)

    async def _purge(self) -> None:
        while True:
            try:
                await self._inbox.purge(self._token_days)
                await self._outbox.purge()
            except Exception as error:
                log.error("%s: purging failed: %s", self._channel, type(error).__name__)
            await asyncio.sleep(PURGE_SECONDS)
