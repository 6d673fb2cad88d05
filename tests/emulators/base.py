"""What every emulator is: a server, calls it remembers, faults on demand, pushed webhooks.

Faults: `fails`, `floods`, `resets`, `hangs`, `loses_answer`, each for the next calls of a method;
`token_dies`; `repeats`, `reordered` and `forges` of what is told to the bot.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import anyio
from fastapi import FastAPI, Request
from starlette.datastructures import UploadFile

from tests.emulators.faults import Fault
from tests.emulators.media import Media
from tests.emulators.page import add_page
from tests.emulators.people import Person
from tests.emulators.server import Server

UNFINISHED = """
    SELECT EXISTS (SELECT 1 FROM seen_events WHERE status = 'accepted')
        OR EXISTS (SELECT 1 FROM outbox WHERE reason IS NULL)
"""


class Emulator(ABC):
    """A messenger for one bot, on a free port or `port`."""

    name: str
    """Of the channel that talks to it."""
    sending: str
    """The method that sends a text."""

    def __init__(self, port: int = 0) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.webhook_statuses: list[int] = []
        self.token_works = True
        self.database: Path | None = None
        """The bot's, where it is in a file: then `settle` can look whether there is more to do."""
        self._held: list[dict[str, Any]] | None = None
        self._swapping = False
        self._twice = 0
        self._last_event: dict[str, Any] | None = None
        self._last = 0
        self._faults: list[Fault] = []
        # Not from 1: a server that knows an earlier run would take all for seen.
        self._numbers = itertools.count(int(time.time() * 10))
        self._fault_lock = threading.Lock()
        app = self._app()
        self.media = Media(self, app)
        add_page(app, self)
        self._server = Server(app, port)
        self._pusher = threading.Thread(target=self._push, daemon=True)

    @abstractmethod
    def _app(self) -> FastAPI:
        """The messenger's API."""

    @abstractmethod
    def _push(self) -> None:
        """Deliver webhooks until `_end_pushing` is called."""

    @abstractmethod
    def _end_pushing(self) -> None: ...

    @abstractmethod
    def _tell(self, event: dict[str, Any], forged: bool) -> None:
        """Tell the bot of an event; a forged one is not from the messenger."""

    @abstractmethod
    def told(self) -> bool:
        """Whether the bot has taken all it is told."""

    @abstractmethod
    def settings(self, address: str, secret: str = "") -> dict[str, str]:
        """Settings of a server at `address` that uses this messenger: by webhook, or without a
        secret the simplest way."""

    @abstractmethod
    def person(self, id: str) -> Person:
        """The person with this id."""

    def __enter__(self) -> Self:
        self._server.start()
        self._pusher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_pushing()
        self._pusher.join(60)
        self._server.stop()

    @property
    def url(self) -> str:
        return self._server.url

    def number(self) -> int:
        return next(self._numbers)

    def now(self) -> int:
        """Milliseconds since 1970; never twice the same."""
        self._last = max(self._last + 1, int(time.time() * 1000))
        return self._last

    def fails(self, method: str, times: int = 1, status: int = 502) -> None:
        """The next calls of a method end with a 5xx."""
        self._faults.append(Fault(method, "status", times, status))

    def floods(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """The next calls are refused as too many."""
        self._faults.append(Fault(method, "flood", times, retry_after))

    def resets(self, method: str, times: int = 1) -> None:
        """The connection breaks within the answer, and nothing was done."""
        self._faults.append(Fault(method, "reset", times))

    def loses_answer(self, method: str, times: int = 1, seconds: float = 0) -> None:
        """The connection breaks within the answer, after the thing was done, which takes so long,
        or until `recovers`."""
        self._faults.append(Fault(method, "lost", times, seconds))

    def hangs(self, method: str, seconds: float, times: int = 1) -> None:
        """The next calls wait so long, or until `recovers`, and then are answered; nothing is done
        once the caller has left."""
        self._faults.append(Fault(method, "hang", times, seconds))

    def token_dies(self) -> None:
        """The bot's token is refused from now on."""
        self.token_works = False

    def recovers(self) -> None:
        """No fault is left."""
        self.token_works = True
        self._twice = 0
        if self._swapping:
            held, self._held, self._swapping = self._held or [], None, False
            for event in held:
                self._tell(event, forged=False)
        with self._fault_lock:
            self._faults.clear()

    def repeats(self, event: dict[str, Any]) -> None:
        """Tell the bot of an event, again perhaps."""
        self._last_event = event
        if self._held is not None:
            self._held.append(event)
            if self._swapping and len(self._held) == 2:
                held, self._held, self._swapping = self._held, None, False
                for one in reversed(held):
                    self._tell(one, forged=False)
            return
        for _ in range(2 if self._twice else 1):
            self._tell(event, forged=False)
        self._twice = max(0, self._twice - 1)

    def twice(self, times: int) -> None:
        """The next events are told twice."""
        self._twice = times

    def swaps(self) -> None:
        """The next two events are told in the opposite order."""
        self._held, self._swapping = [], True

    def forges_last(self) -> None:
        """Somebody sends the last event once more, and has not the key."""
        if self._last_event is not None:
            self.forges(self._last_event)

    def forges(self, event: dict[str, Any]) -> None:
        """Somebody else tells the bot of the event, who has not the key."""
        self._tell(event, forged=True)

    @contextmanager
    def reordered(self) -> Iterator[None]:
        """What happens meanwhile is told in the opposite order."""
        self._held = held = []
        yield
        self._held = None
        for event in reversed(held):
            self.repeats(event)

    def called(self, method: str) -> list[dict[str, Any]]:
        """Parameters of each call of a method."""
        return [parameters for name, parameters in self.calls if name == method]

    def waits_for(self, method: str, count: int = 1, seconds: float = 30) -> None:
        """Wait until a method was called `count` times."""
        deadline = time.monotonic() + seconds
        while len(self.called(method)) < count:
            assert time.monotonic() < deadline, f"{method}: {len(self.called(method))} of {count}"
            time.sleep(0.01)

    def settle(self, seconds: float = 60) -> None:
        """Wait until the bot has taken, answered and sent all there is: what was not sent by then
        never will be."""
        deadline = time.monotonic() + seconds
        while not (self.told() and self._answered()):
            assert time.monotonic() < deadline, "it goes on and on"
            time.sleep(0.01)

    def _answered(self) -> bool:
        assert self.database, "nobody said where the bot keeps what it has to do"
        with closing(sqlite3.connect(self.database, timeout=20)) as database:
            [(unfinished,)] = database.execute(UNFINISHED)
        return not unfinished

    async def fault(self, method: str, request: Request) -> Fault | None:
        """The fault this call meets; one that takes time has done so."""
        with self._fault_lock:
            fault = next((f for f in self._faults if f.method == method and f.times), None)
            if fault is None:
                return None
            fault.times -= 1
        if fault.kind in ("hang", "lost"):
            await self._hang(fault, request)
        return fault

    async def _hang(self, fault: Fault, request: Request) -> None:
        deadline = time.monotonic() + fault.value
        while time.monotonic() < deadline and not await request.is_disconnected():
            if not any(one is fault for one in self._faults):
                return
            await anyio.sleep(0.01)


async def parameters_of(request: Request) -> dict[str, Any]:
    """Query, form, multipart or JSON, as bot APIs take them."""
    found: dict[str, Any] = defaultdict(str)
    found.update(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        found.update(await request.json())
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            for name, value in form.items():
                found[name] = await _upload(value) if isinstance(value, UploadFile) else value
    return dict(found)


async def _upload(file: UploadFile) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "data": await file.read(),
    }
