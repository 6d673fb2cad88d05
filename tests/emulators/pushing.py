"""Webhooks as Zalo pushes them: two seconds for an answer, then again after longer and longer."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

BUDGET_SECONDS = 2.0
LADDER = (30, 300, 900, 1800, 3600)
"""Seconds before each repetition of a webhook that was not answered with 200 in time."""

Request = Callable[[], tuple[str, bytes, dict[str, str]]]
"""Address, body and headers of a webhook, made anew for each attempt."""


class Pusher:
    """Delivers webhooks beside each other. `scale` shortens the ladder for tests."""

    def __init__(self, scale: float = 1 / 300) -> None:
        self.scale = scale
        self.statuses: list[int] = []
        self.seconds: list[float] = []
        self._waiting: list[tuple[float, int, int, Request]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closing = False

    def push(self, request: Request, attempt: int = 0, after: float = 0) -> None:
        """Deliver a webhook, `after` seconds from now."""
        with self._changed:
            due = time.monotonic() + after
            heapq.heappush(self._waiting, (due, next(self._order), attempt, request))
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()

    def run(self) -> None:
        """Deliver until closed."""
        with httpx.Client(timeout=BUDGET_SECONDS) as client, ThreadPoolExecutor(8) as threads:
            while True:
                with self._changed:
                    while not self._closing and not self._due():
                        wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                        self._changed.wait(wait)
                    if self._closing:
                        return
                    _, _, attempt, request = heapq.heappop(self._waiting)
                # The first attempts go out in order, as over one good connection.
                if attempt:
                    threads.submit(self._deliver, client, attempt, request)
                else:
                    self._deliver(client, attempt, request)

    def _due(self) -> bool:
        return bool(self._waiting) and self._waiting[0][0] <= time.monotonic()

    def _deliver(self, client: httpx.Client, attempt: int, request: Request) -> None:
        address, body, headers = request()
        if attempt:
            headers = {**headers, "num_retry": str(attempt)}
        started = time.monotonic()
        status = 0
        try:
            if address:
                status = client.post(address, content=body, headers=headers).status_code
        except httpx.HTTPError:
            pass
        self.statuses.append(status)
        self.seconds.append(time.monotonic() - started)
        if status != 200 and attempt < len(LADDER):
            self.push(request, attempt + 1, LADDER[attempt] * self.scale)
