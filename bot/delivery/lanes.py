"""One thing at a time within a conversation, conversations beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

Work = Callable[[str], Awaitable[float | None]]
"""Does the next thing for a key. Returns the seconds to wait before being called again
(0 for at once), or None when nothing is left. Must not raise."""


class Lanes:
    """Runs `work` for every key that was woken, at most `at_once` keys working together.

    A key that has more to do queues up behind the others, so nobody keeps the rest waiting."""

    def __init__(self, work: Work, at_once: int = 32) -> None:
        self._work = work
        self._slots = asyncio.Semaphore(at_once)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._asleep: dict[str, asyncio.Event] = {}
        self._closing = False

    def wake(self, key: str) -> None:
        """There is something to do for `key`; one that waits goes on waiting."""
        if self._closing:
            return
        if key in self._tasks:
            self._again.add(key)
        else:
            self._tasks[key] = asyncio.create_task(self._run(key))

    def hurry(self, keys: Iterable[str]) -> None:
        """Those of the keys that wait are called now, in this order."""
        for key in keys:
            if key in self._asleep:
                self._asleep[key].set()

    async def _run(self, key: str) -> None:
        try:
            while not self._closing:
                # What arrives from here on may be too late for this look.
                self._again.discard(key)
                async with self._slots:
                    wait = await self._work(key)
                if wait is None and key not in self._again:
                    return
                if wait:
                    await self._sleep(key, wait)
        finally:
            del self._tasks[key]

    async def _sleep(self, key: str, seconds: float) -> None:
        if self._closing:
            return
        hurried = self._asleep[key] = asyncio.Event()
        try:
            async with asyncio.timeout(seconds):
                await hurried.wait()
        except TimeoutError:
            pass
        finally:
            del self._asleep[key]

    async def close(self, seconds: float) -> None:
        """Let what runs finish for at most `seconds`, then cancel it."""
        self._closing = True
        self.hurry(list(self._asleep))
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
