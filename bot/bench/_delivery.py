"""What `rong bench delivery` runs: servers to kill, a messenger that errs, its webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import itertools
import json
import logging
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.settings import PROJECT
from knowledge_base.errors import SettingsError

SECRET = "a-secret-of-the-bench-0123"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
READY_SECONDS = 90.0
IN_FLIGHT = 1.0
"""A message taken so many seconds before a kill may not have been noted as sent: as long as a call
takes at most here, where servers and messenger share the processors."""
COUNTED = re.compile(r"^rong_sends_(repeated|found)_total\{.*?\} (\S+)$", re.MULTILINE)


def emulator() -> Any:
    """Telegram. `errors`: share of messages refused with 502; `down`: all are; `refused`: how many
    were."""
    if str(PROJECT) not in sys.path:
        sys.path.insert(0, str(PROJECT))
    try:
        telegram = importlib.import_module("tests.emulators.telegram").TelegramEmulator()
        fault = importlib.import_module("tests.emulators.faults").Fault
    except ModuleNotFoundError as error:
        raise SettingsError(f"the emulators of tests/ are needed; missing: {error.name}") from error
    telegram.errors, telegram.down, telegram.refused = 0.0, False, 0
    # A server that is killed breaks off its calls, which is no error of the emulator.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)

    async def meets(method: str, request: object) -> Any:
        fails = telegram.down or random.random() < telegram.errors
        if method != "sendMessage" or not fails:
            return None
        telegram.refused += 1
        return fault(method, "status", 1, 502)

    telegram.fault = meets
    return telegram


class Servers:
    """Server processes on one database."""

    def __init__(self, telegram: Any, assistant: str, settings: dict[str, Any], count: int) -> None:
        self._telegram, self._assistant, self._settings = telegram, assistant, settings
        self.ports = [_free_port() for _ in range(count)]
        self._running: list[subprocess.Popen[bytes]] = []
        self.killed_at: list[float] = []
        self.doubted = {"found": 0, "repeated": 0}
        """Messages on their way when a server died: which the next one found with the messenger,
        and which it sent again, not knowing."""

    async def __aenter__(self) -> Servers:
        self._running = [self._start(port) for port in self.ports]
        await self.ready()
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self._running:
            process.kill()
            process.wait()

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        settings = {
            "telegram_token": self._telegram.token,
            "telegram_api_url": self._telegram.url,
            "telegram_webhook_secret": SECRET,
            "public_url": f"http://127.0.0.1:{self.ports[0]}",
            "voice_online": False,
            "reload_seconds": 0,
            **self._settings,
        }
        given = json.dumps({"port": port, "assistant": self._assistant, "settings": settings})
        command = [sys.executable, "-W", "ignore", "-m", "bot.bench._server", given]
        quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
        return subprocess.Popen(command, cwd=PROJECT, env=quiet, stderr=subprocess.DEVNULL)

    @property
    def pids(self) -> list[int]:
        """Their process ids."""
        return [process.pid for process in self._running]

    async def ready(self) -> None:
        """Wait until all take requests."""
        deadline = time.monotonic() + READY_SECONDS
        async with httpx.AsyncClient() as client:
            for port in self.ports:
                while True:
                    with contextlib.suppress(httpx.HTTPError):
                        await client.get(f"http://127.0.0.1:{port}/health")
                        break
                    if time.monotonic() > deadline:
                        raise SettingsError("the server of the bench does not start")
                    await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """SIGKILL to one of them; another is started in its place."""
        number = random.randrange(len(self.ports))
        await self.ask(self.ports[number])
        self._running[number].send_signal(signal.SIGKILL)
        self.killed_at.append(time.monotonic())
        self._running[number].wait()
        self._running[number] = self._start(self.ports[number])

    async def ask(self, *ports: int) -> None:
        """Add up what those servers count, who forget it when they end."""
        async with httpx.AsyncClient() as client:
            for port in ports:
                text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
                for name, value in COUNTED.findall(text):
                    self.doubted[name] += int(float(value))


@dataclass
class Event:
    """A message of a person. Times by the monotonic clock."""

    id: int
    chat: int
    text: str
    message: int = 0
    """Telegram's number of the message, which it counts together with those of the bot."""
    sent: float = 0.0
    accepted: float = 0.0


@dataclass
class Load:
    """Webhooks of Telegram: sent until a server says 200, as Telegram does."""

    telegram: Any
    servers: Servers
    events: list[Event] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    """Seconds of the calls that were answered with 200."""

    def make(self, count: int, chats: int, texts: tuple[str, ...] = ()) -> list[Event]:
        """Messages of people chosen at random, or of `chats` in turn."""
        first = 1000 + len(self.events)
        new = []
        for number in range(first, first + count):
            text = texts[number % len(texts)] if texts else f"m{number}"
            chat = number if texts else random.randrange(1, chats + 1)
            self.telegram.user(chat)
            new.append(Event(number, chat, text))
        self.events += new
        return new

    async def send(
        self, events: list[Event], rate: float, repeated: float = 0, kills: int = 0
    ) -> None:
        """Send at `rate` a second, a share of them twice, and kill a server now and then."""
        began = time.monotonic()
        every = len(events) // (kills + 1) if kills else 0
        tasks: list[asyncio.Task[None]] = []
        restarting: asyncio.Task[None] | None = None
        limits = httpx.Limits(max_connections=40)
        async with httpx.AsyncClient(timeout=10, headers=HEADERS, limits=limits) as client:
            for number, event in enumerate(events):
                await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
                tasks.append(asyncio.create_task(self._push(client, event)))
                if random.random() < repeated:
                    wait = random.choice((0.0, random.uniform(0, 3)))
                    tasks.append(asyncio.create_task(self._push(client, event, wait)))
                if every and number % every == every - 1 and kills:
                    kills -= 1
                    if restarting:  # a kill hits a server that works again
                        await restarting
                    await self.servers.kill()
                    restarting = asyncio.create_task(self.servers.ready())
            if restarting:
                await restarting
            await asyncio.gather(*tasks)

    async def _push(self, client: httpx.AsyncClient, event: Event, wait: float = 0) -> None:
        await asyncio.sleep(wait)
        event.sent = event.sent or time.monotonic()
        event.message = event.message or self.telegram.number()
        user = self.telegram.users[event.chat]
        message = {
            "message_id": event.message,
            "from": user.profile,
            "chat": user.chat,
            "date": int(time.time()),
            "text": event.text,
        }
        update = {"update_id": event.id, "message": message}
        while True:
            port = random.choice(self.servers.ports)
            began = time.monotonic()
            with contextlib.suppress(httpx.HTTPError):
                address = f"http://127.0.0.1:{port}/telegram/webhook"
                answer = await client.post(address, json=update)
                if answer.status_code == 200:
                    break
            await asyncio.sleep(random.uniform(0.05, 0.3))
        now = time.monotonic()
        self.latencies.append(now - began)
        event.accepted = event.accepted or now

    def received(self, chat: int) -> list[tuple[str, float]]:
        """Text and time of what a person got."""
        return [(sent.text, sent.at) for sent in list(self.telegram.users[chat].inbox)]

    async def answered(self, events: list[Event], seconds: float) -> float:
        """Wait until everybody got as many messages as they sent; the seconds that took."""
        began = time.monotonic()
        wanted: dict[int, int] = defaultdict(int)
        for event in events:
            wanted[event.chat] += 1
        while time.monotonic() - began < seconds:
            wanted = {
                chat: count
                for chat, count in wanted.items()
                if len({text for text, _ in self.received(chat)}) < count
            }
            if not wanted:
                break
            await asyncio.sleep(0.05)
        return time.monotonic() - began


def reordered(events: list[Event], share: float) -> list[Event]:
    """A share of the messages come after the next one of the same person."""
    result = list(events)
    places: dict[int, list[int]] = defaultdict(list)
    for place, event in enumerate(result):
        places[event.chat].append(place)
    for own in places.values():
        for first, second in itertools.pairwise(own):
            if random.random() < share:
                result[first], result[second] = result[second], result[first]
    return result


@dataclass
class Verdict:
    """What became of the messages of one run."""

    lost: int = 0
    twice: int = 0
    out_of_order: int = 0
    sent_again: int = 0
    """Messages Telegram took within `IN_FLIGHT` before a kill, and took once more afterwards."""


def judge(load: Load, events: list[Event]) -> Verdict:
    """Compare what people sent and got, with the assistant `echo`."""
    verdict = Verdict()
    chats: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        chats[event.chat].append(event)
    for chat, own in chats.items():
        times: dict[str, list[float]] = defaultdict(list)
        for text, at in load.received(chat):
            times[text].append(at)
        answers: dict[str, list[str]] = defaultdict(list)
        for text in times:
            answers[text.partition(" = ")[0]].append(text)
        for copies in times.values():
            if len(copies) > 1:
                near = any(0 <= kill - copies[0] < IN_FLIGHT for kill in load.servers.killed_at)
                verdict.sent_again += near
                verdict.twice += not near
        verdict.lost += sum(event.text not in answers for event in own)
        verdict.twice += sum(len(texts) - 1 for texts in answers.values())
        turns = [int(text.rpartition(" = ")[2]) for text in times]
        verdict.twice += max(0, max(turns, default=0) - len(own))
        first = {
            event.id: min(times[answers[event.text][0]]) for event in own if event.text in answers
        }
        ordered = sorted((event for event in own if event.id in first), key=lambda e: e.id)
        for earlier, later in itertools.pairwise(ordered):
            # What came later though Telegram had it earlier may be answered later.
            in_order = earlier.accepted < later.sent
            verdict.out_of_order += in_order and first[earlier.id] > first[later.id]
    return verdict


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
