"""The parts of the road together: an outage, a pace, a message that comes too late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.delivery import beside as beside_module
from bot.delivery.courier import Courier
from bot.delivery.gate import SEVERAL, Gate
from bot.delivery.inbox import Accepted, Answer
from bot.delivery.outbox import Later
from bot.delivery.pace import Pace


async def echo(accepted: Accepted) -> Answer:
    return Answer([{"text": accepted.event}])


class Messenger:
    """Takes messages unless it is `down`."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.tried = 0
        self.down = False

    async def send(self, conversation: str, body: dict[str, Any]) -> None:
        self.tried += 1
        if self.down:
            raise Later("down")
        self.got.append(body["text"])


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.02)


async def test_after_an_outage_all_comes_and_little_was_tried(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside_module, "LONGEST_PROBE", 0.2)
    messenger = Messenger()
    messenger.down = True
    courier = Courier(database, "telegram", echo, echo, messenger.send)
    await courier.start()
    for number in range(40):
        await courier.accept(str(number), f"c{number}", {})
    await asyncio.sleep(1)
    assert SEVERAL <= messenger.tried < 40
    messenger.down = False
    await until(lambda: len(messenger.got) == 40)
    await courier.stop()


async def test_who_asked_for_a_wait_has_it_also_after_an_outage(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside_module, "LONGEST_PROBE", 0.1)
    messenger = Messenger()
    tried: list[float] = []

    async def send(conversation: str, body: dict[str, Any]) -> None:
        if conversation == "limited" and not tried:
            tried.append(time.monotonic())
            raise Later("too many", 3.0, kind="limit")
        if conversation == "limited":
            tried.append(time.monotonic())
        await messenger.send(conversation, body)

    courier = Courier(database, "telegram", echo, echo, send)
    await courier.start()
    await courier.accept("limited", "limited", {})
    await until(lambda: tried)
    messenger.down = True
    for number in range(20):
        await courier.accept(str(number), f"c{number}", {})
    await until(lambda: courier.outage)
    messenger.down = False
    await until(lambda: len(messenger.got) == 21)
    await courier.stop()
    assert tried[1] - tried[0] >= 2.9
    assert messenger.got[-1] == "limited"


async def test_too_late_is_not_sent_and_the_reason_kept(database: str) -> None:
    messenger = Messenger()
    courier = Courier(database, "telegram", echo, echo, messenger.send)
    await courier.start()
    await courier.post("c", {"text": "old"}, not_after=int(time.time()) - 5)
    await courier.post("c", {"text": "new"}, not_after=int(time.time()) + 60)
    await until(lambda: messenger.got)
    assert messenger.got == ["new"]
    assert await courier.outbox.undelivered() == [("c", "too late to send it")]
    await courier.stop()


async def test_another_process_goes_on_where_one_stopped(postgresql: str) -> None:
    first, second = Messenger(), Messenger()
    first.down = True
    one = Courier(postgresql, "telegram", echo, echo, first.send)
    two = Courier(postgresql, "telegram", echo, echo, second.send)
    await one.start()
    await two.start()
    await one.accept("1", "c", {})
    await until(lambda: first.tried)
    assert second.got == []
    await one.stop()
    await until(lambda: second.got == ["1"])
    await two.stop()


def test_one_message_the_messenger_cant_take_is_no_outage() -> None:
    gate = Gate()
    assert not any(gate.failed("c") for _ in range(3 * SEVERAL))
    assert gate.admits("d")
    assert [gate.failed(f"d{n}") for n in range(SEVERAL - 1)][-1]
    assert not gate.admits("e")
    gate.probe(["e"])
    assert gate.admits("e")
    assert gate.answered()
    assert gate.admits("d0")
    assert not gate.answered()


async def test_pace_of_all_and_of_one() -> None:
    pace = Pace(per_second=100, per_conversation=1, burst=2)
    began = time.monotonic()
    await asyncio.gather(*(pace.turn(f"c{n}") for n in range(11)))
    assert 0.09 <= time.monotonic() - began < 2
    assert pace.wait("c0") == 0
    await pace.turn("c0")
    assert 0 < pace.wait("c0") <= 1
    assert pace.wait("other") == 0


async def test_what_has_a_name_is_sent_once(database: str) -> None:
    messenger = Messenger()
    for run in range(2):  # a restart in between
        courier = Courier(database, "telegram", echo, echo, messenger.send)
        await courier.start()
        bodies = {"text": "a"}, {"text": "b"}
        taken = [await courier.post("c", *bodies, once="a reminder") for _ in range(2)]
        assert taken == [run == 0, False]
        assert await courier.post("c", {"text": "c"}, once=f"another {run}")
        await until(lambda: len(messenger.got) == 3 + run)  # noqa: B023 - it is awaited here
        await courier.stop()
    assert messenger.got == ["a", "b", "c", "c"]
