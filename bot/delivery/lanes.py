"""One thing at a time within a conversation, conversations beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Work = Callable[[str], Awaitable[float | None]]
"""Does the next thing for a key. Returns the seconds to wait before being called again
(0 for at once), or None when nothing is left. Must not raise."""


class Lanes:
    """Runs `work` for every key that was woken, at most `at_once` keys working together."""

    def __init__(self, work: Work, at_once: int = 32) -> None:
        self._work = work
        self._slots = asyncio.Semaphore(at_once)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._closing = asyncio.Event()

    def wake(self, key: str) -> None:
        """There is something to do for `key`."""
        if self._closing.is_set():
            return
        if key in self._tasks:
            self._again.add(key)
        else:
            self._tasks[key] = asyncio.create_task(self._run(key))

    async def _run(self, key: str) -> None:
        try:
            while not self._closing.is_set():
                # What arrives from here on may be too late for this look.
                self._again.discard(key)
                async with self._slots:
                    wait = await self._work(key)
                if wait is None and key not in self._again:
                    return
                if wait:
                    await self._sleep(wait)
        finally:
            del self._tasks[key]

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            pass

    async def close(self, seconds: float) -> None:
        """Let what runs finish for at most `seconds`, then cancel it."""
        self._closing.set()
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
