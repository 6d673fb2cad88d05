"""Webhooks under fire: what was recorded, changed at random, signed as the messenger would.

    python -m tests.channels.fuzz --minutes 10

Each body goes through the whole road: the webhook's route, the parser, the inbox on SQLite, an
answer. Whatever comes, the route answers 200, 400, 401 or 413, no error is logged, and somebody
who writes afterwards is answered. A body that breaks this is printed, to be kept in `corpus/`.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.channels.zalo_oa.signature import HEADER, sign
from bot.settings import Settings
from tests.channels.app import application
from tests.channels.assistant import SmallAssistant
from tests.channels.readers import READERS, recorded
from tests.channels.speaker import SilentSpeaker

CORPUS = Path(__file__).parent / "corpus"
SECRET = "a-secret-of-the-tests-0123"
ALLOWED = {200, 400, 401, 413}
NOWHERE = "http://127.0.0.1:9"
SETTINGS: dict[str, dict[str, Any]] = {
    "telegram": {
        "telegram_token": "42:abc",
        "telegram_api_url": NOWHERE,
        "telegram_webhook_secret": SECRET,
    },
    "zalo_bot": {
        "zalo_bot_token": "42:abc",
        "zalo_bot_api_url": NOWHERE,
        "zalo_bot_webhook_secret": SECRET,
    },
    "zalo_oa": {
        "zalo_oa_app_id": "1",
        "zalo_oa_app_secret": "the-application-secret",
        "zalo_oa_secret_key": SECRET,
        "zalo_oa_refresh_token": "r",
        "zalo_oa_api_url": NOWHERE,
        "zalo_oa_oauth_url": NOWHERE,
    },
}
PATHS = {
    "telegram": "/telegram/webhook",
    "zalo_bot": "/zalo/bot/webhook",
    "zalo_oa": "/zalo/oa/webhook",
}
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**53,
    2**63,
    2**64,
    10**400,
    1e308,
    float("inf"),
    float("nan"),
    0.5,
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202e",
    "e\u0301" * 300,
    "a" * 5000,
    "9" * 400,
    "9" * 19,
    "1e9",
    "-5",
    "../../etc/passwd",
    "https://f2.zdn.vn/1.aac",
    "http://127.0.0.1:9/x",
    "#rong:",
    "#rong:act:listen:../..",
    "#rong:answer:" + "x" * 900,
    "act:delete",
    "/start",
    "/start@",
    "PRIVATE",
    "private",
    [],
    [[]],
    {},
    {"id": {}},
    {"id": "2"},
    [{"payload": {"album_id": "7", "url": 5}}],
]


EXPECTED = ("messages wait", "answering failed: FetchFailed")
"""The messenger is nowhere, so nothing is sent and no sound is fetched."""


class Found(AssertionError):
    """A body that was not taken as it should be."""


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a payload, as a path of keys."""
    if not isinstance(data, (dict, list)):
        return
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(payload: Any, chance: random.Random, others: list[Any]) -> Any:
    """A payload with a few places changed, left out, copied, or from another payload."""
    data = json.loads(json.dumps(payload))
    for _ in range(chance.randint(1, 4)):
        spots = list(places(data))
        if not spots:
            return data
        *way, last = chance.choice(spots)
        inside = data
        for key in way:
            inside = inside[key]
        act = chance.randrange(5)
        if act <= 1:
            inside[last] = copy.deepcopy(chance.choice(ODD))
        elif act == 2:
            del inside[last]
        elif act == 3:
            data[chance.choice(list(data) or ["message"])] = inside[last]
            data = json.loads(json.dumps(data))
        else:
            inside[last] = json.loads(json.dumps(chance.choice(others)))
    return data


def broken(body: bytes, chance: random.Random) -> bytes:
    """Bytes with some changed, left out or put in; sometimes cut, sometimes deeply nested."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        act = chance.randrange(6)
        if act == 0:
            data[at:at] = bytes([chance.randrange(256)]) * chance.choice([1, 2, 1000])
        elif act == 1:
            del data[at : at + chance.choice([1, 5, 50])]
        elif act == 2:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif act == 3:
            del data[at:]
        elif act == 4:
            data[at:at] = chance.choice([b"[", b'{"a":']) * chance.choice([3, 5000])
        else:
            data[at:at] = b"\\u0000\\ud800"
    return bytes(data)


def headers(name: str, body: bytes) -> dict[str, str]:
    """As the messenger would sign the body."""
    found = {"content-type": "application/json"}
    if name == "telegram":
        return found | {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    if name == "zalo_bot":
        return found | {"X-Bot-Api-Secret-Token": SECRET}
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = {}
    data = data if isinstance(data, dict) else {}
    app_id, at = data.get("app_id"), data.get("timestamp")
    mac = sign(word(app_id), body, word(at), SECRET)
    return found | {HEADER: f"mac={mac}"}


def word(value: Any) -> str:
    """An id or a time as the signature takes it."""
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    return text if text.isascii() and len(text) <= 64 else ""


class Errors(logging.Handler):
    """Remembers what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not any(words in message for words in EXPECTED):
            self.seen.append(message)


class Range:
    """One channel, to shoot at."""

    def __init__(self, name: str, app: Any, client: httpx.AsyncClient) -> None:
        self.name, self.app, self.client = name, app, client
        self.assistant: SmallAssistant = app.state.parts.assistant
        self.statuses: Counter[int] = Counter()
        self.errors = Errors()
        logging.getLogger().addHandler(self.errors)

    async def shoot(self, body: bytes) -> None:
        """Send a body. Raises `Found`."""
        try:
            answer = await self.client.post(
                PATHS[self.name], content=body, headers=headers(self.name, body)
            )
        except Exception as error:
            raise Found(f"{type(error).__name__}: {error}\n{body!r}") from error
        self.statuses[answer.status_code] += 1
        if answer.status_code not in ALLOWED:
            raise Found(f"HTTP {answer.status_code}\n{body!r}")
        if self.errors.seen:
            raise Found(f"logged: {self.errors.seen}\n{body!r}")

    async def still_works(self) -> None:
        """Somebody new writes, and is answered. Raises `Found`."""
        case = next(case for case in recorded(self.name) if "text" in (case["reads"] or {})["body"])
        data = json.loads(json.dumps(case["body"]))
        marker = f"còn đó không {sum(self.statuses.values())}"
        message = data.get("message") or data["result"]["message"]
        message["text"] = marker
        number = int(time.time() * 1000)
        if self.name == "telegram":
            data["update_id"] = message["message_id"] = number
            message["chat"]["id"] = message["from"]["id"] = number
        elif self.name == "zalo_oa":
            message["msg_id"], data["sender"]["id"] = f"m{number}", f"{number}"
            data["timestamp"], data["app_id"] = f"{number}", "1"
        else:
            message["message_id"] = f"m{number}"
            message["chat"]["id"] = message["from"]["id"] = f"c{number}"
        await self.shoot(json.dumps(data).encode())
        deadline = time.monotonic() + 60
        while not any(incoming.text == marker for incoming in self.assistant.handled):
            if time.monotonic() > deadline:
                raise Found(f"{self.name}: nobody is answered any more")
            await asyncio.sleep(0.01)
        self.assistant.handled.clear()


@asynccontextmanager
async def ranges(name: str, folder: Path) -> Any:
    """The channel of that name, running; its messenger answers nothing."""
    settings = Settings(
        _env_file=None, data_dir=folder, public_url="http://127.0.0.1:9", **SETTINGS[name]
    )
    app = application(settings, SmallAssistant(0), SilentSpeaker(folder), name)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        found = Range(name, app, client)
        try:
            yield found
        finally:
            logging.getLogger().removeHandler(found.errors)


def corpus(name: str) -> list[bytes]:
    """Recorded payloads, and bodies that once broke something."""
    kept = sorted((CORPUS / name).glob("*")) if (CORPUS / name).is_dir() else []
    bodies = [json.dumps(case["body"]).encode() for case in recorded(name)]
    return bodies + [path.read_bytes() for path in kept]


async def fuzz(name: str, folder: Path, seconds: float, seed: int) -> Counter[int]:
    """Shoot for so long; statuses answered. Raises `Found`."""
    chance = random.Random(seed)
    bodies = corpus(name)
    payloads = [case["body"] for case in recorded(name)]
    parts = [part for payload in payloads for part in payload.values()]
    async with ranges(name, folder) as target:
        for body in bodies:
            await target.shoot(body)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for _ in range(50):
                data = changed(chance.choice(payloads), chance, parts)
                body = json.dumps(data).encode() if chance.random() < 0.7 else b""
                await target.shoot(body or broken(chance.choice(bodies), chance))
            await target.still_works()
        statuses: Counter[int] = target.statuses
        return statuses


def main() -> None:
    """Shoot at each messenger's webhook in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    for number, name in enumerate(READERS):
        with tempfile.TemporaryDirectory() as folder:
            seconds = asked.minutes * 60 / len(READERS)
            work = fuzz(name, Path(folder), seconds, asked.seed + number)
            statuses = asyncio.run(work)
        told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        print(f"{name}: {sum(statuses.values())} bodies, {told}", flush=True)


if __name__ == "__main__":
    main()
