"""One person who says a lot keeps nobody else waiting."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bot.delivery import beside as beside_module
from bot.delivery.courier import SENDING_AT_ONCE, Courier
from bot.delivery.inbox import Accepted, Answer
from bot.delivery.outbox import Later
from bot.delivery.pace import Pace

MANY = 200
OTHERS = 30


class Messenger:
    """Takes messages, unless it is `down`, and remembers whose."""

    def __init__(self) -> None:
        self.down = False
        self.got: list[str] = []

    async def send(self, conversation: str, body: dict[str, Any]) -> None:
        await asyncio.sleep(0.001)
        if self.down:
            raise Later("down")
        self.got.append(conversation)

    async def has(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.got) < count:  # noqa: ASYNC110 - there is no event to wait for
                await asyncio.sleep(0.01)


async def echo(accepted: Accepted) -> Answer:
    return Answer([{"text": accepted.event}])


async def fill(courier: Courier) -> None:
    """One person's messages first, then one of each of the others."""
    for number in range(MANY):
        await courier.inbox.accept(f"m{number}", "many", {})
    for number in range(OTHERS):
        await courier.inbox.accept(f"o{number}", f"other{number}", {})


def ahead(got: list[str]) -> int:
    """How many of the one person's messages went before those of the others.

    As many of these as work at once may come later: a busy machine lets a thread wait for long,
    and the one person, who has all the other threads, gets on meanwhile."""
    places = [place for place, conversation in enumerate(got) if conversation != "many"]
    return got[: places[-1 - SENDING_AT_ONCE]].count("many")


@pytest.mark.parametrize("per_second", [0, 400])
async def test_hundreds_of_messages_of_one_person(database: str, per_second: float) -> None:
    messenger = Messenger()
    courier = Courier(database, "telegram", echo, echo, messenger.send, pace=Pace(per_second, 0, 1))
    await courier._store.open()
    await fill(courier)
    await courier.start()
    await messenger.has(MANY + OTHERS)
    await courier.stop()
    # The two take turns at worst, and the others come eight at a time.
    assert ahead(messenger.got) <= OTHERS
    assert messenger.got.count("many") == MANY


async def test_nor_after_an_outage(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside_module, "LONGEST_PROBE", 0.2)
    messenger = Messenger()
    messenger.down = True
    courier = Courier(database, "telegram", echo, echo, messenger.send)
    await courier.start()
    await fill(courier)
    courier._wake(await courier.inbox.waiting(), [])
    async with asyncio.timeout(60):
        while (await courier.outbox.backlog())[0] < MANY + OTHERS:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    assert courier.outage
    messenger.down = False
    await messenger.has(MANY + OTHERS)
    await courier.stop()
    assert ahead(messenger.got) <= OTHERS


async def test_a_slow_pace_for_one_is_none_for_others(database: str) -> None:
    messenger = Messenger()
    courier = Courier(database, "telegram", echo, echo, messenger.send, pace=Pace(0, 0.5, 2))
    await courier._store.open()
    await fill(courier)
    began = time.monotonic()
    await courier.start()
    async with asyncio.timeout(60):
        while len(set(messenger.got)) < OTHERS + 1:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    # Two at once and one each two seconds from then on.
    assert messenger.got.count("many") <= 3 + (time.monotonic() - began) / 2
    await courier.stop()
