"""Webhooks as Zalo pushes them: two seconds for an answer, then again after longer and longer."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import httpx

BUDGET_SECONDS = 2.0
LADDER = (30, 300, 900, 1800, 3600)
"""Seconds before each repetition of a webhook that was not answered with 200 in time."""

Request = Callable[[], tuple[str, bytes, dict[str, str]]]
"""Address, body and headers of a webhook, made anew for each attempt."""


class Attempt(NamedTuple):
    """`number` 0 is the first; after the last of `repetitions` there is no other."""

    due: float
    order: int
    number: int
    repetitions: int
    request: Request


class Pusher:
    """Delivers webhooks beside each other. `scale` shortens the ladder for tests; `budget` is how
    long an answer may take, in seconds."""

    def __init__(self, scale: float = 1 / 300) -> None:
        self.scale = scale
        self.budget = BUDGET_SECONDS
        self.statuses: list[int] = []
        self._waiting: list[Attempt] = []
        self._open = 0
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closing = False

    @property
    def idle(self) -> bool:
        """Whether every webhook was answered with 200, or given up."""
        return not self._open

    def push(self, request: Request, repetitions: int = len(LADDER)) -> None:
        """Deliver a webhook, so often again if it is not answered with 200."""
        with self._changed:
            self._open += 1
            self._put(request, 0, repetitions, time.monotonic())

    def _put(self, request: Request, number: int, repetitions: int, due: float) -> None:
        with self._changed:
            attempt = Attempt(due, next(self._order), number, repetitions, request)
            heapq.heappush(self._waiting, attempt)
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()

    def run(self) -> None:
        """Deliver until closed."""
        with httpx.Client() as client, ThreadPoolExecutor(8) as threads:
            while True:
                with self._changed:
                    while not self._closing and not self._due():
                        wait = self._waiting[0].due - time.monotonic() if self._waiting else None
                        self._changed.wait(wait)
                    if self._closing:
                        return
                    attempt = heapq.heappop(self._waiting)
                # The first attempts go out in order, as over one good connection.
                if attempt.number:
                    threads.submit(self._deliver, client, attempt)
                else:
                    self._deliver(client, attempt)

    def _due(self) -> bool:
        return bool(self._waiting) and self._waiting[0].due <= time.monotonic()

    def _deliver(self, client: httpx.Client, attempt: Attempt) -> None:
        address, body, headers = attempt.request()
        if attempt.number:
            headers = {**headers, "num_retry": str(attempt.number)}
        status = 0
        try:
            if address:
                answer = client.post(address, content=body, headers=headers, timeout=self.budget)
                status = answer.status_code
        except httpx.HTTPError:
            pass
        self.statuses.append(status)
        if status != 200 and attempt.number < attempt.repetitions:
            due = time.monotonic() + LADDER[attempt.number] * self.scale
            self._put(attempt.request, attempt.number + 1, attempt.repetitions, due)
        else:
            with self._changed:
                self._open -= 1
