"""The parts of the road together: an outage, a pace, a message that comes too late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from bot.delivery import beside as beside_module
from bot.delivery import pace as pace_module
from bot.delivery.beside import PROBES
from bot.delivery.courier import SENDING_AT_ONCE, Courier
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
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


async def test_after_an_outage_all_comes_and_little_was_tried(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside_module, "LONGEST_PROBE", 0.05)
    probed = []
    probe = Gate.probe

    def counted(gate: Gate, conversations: Sequence[str]) -> None:
        probed.extend(conversations)
        probe(gate, conversations)

    monkeypatch.setattr(Gate, "probe", counted)
    messenger = Messenger()
    messenger.down = True
    courier = Courier(database, "telegram", echo, echo, messenger.send)
    await courier.start()
    for number in range(40):
        await courier.accept(str(number), f"c{number}", {})
    async with asyncio.timeout(60):
        while (await courier.outbox.backlog())[0] < 40:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    await until(lambda: len(probed) > 3 * PROBES)
    # Those that were on their way when the outage was noticed, and the probes.
    assert SEVERAL < messenger.tried <= SEVERAL + SENDING_AT_ONCE + len(probed)
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
            raise Later("too many", 1.5, kind="limit")
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
    # Called with all the others when the outage was over, it would not have waited.
    assert tried[1] - tried[0] >= 1.4


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


async def test_pace_of_all_and_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = 1000.0, []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(pace_module, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(pace_module, "asyncio", SimpleNamespace(sleep=sleep))
    pace = Pace(per_second=100, per_conversation=1, burst=2)
    for number in range(11):
        await pace.turn(f"c{number}")
    assert slept == pytest.approx([number / 100 for number in range(1, 11)])
    assert pace.wait("c0") == 0
    await pace.turn("c0")
    assert pace.wait("c0") == 1
    assert pace.wait("other") == 0
    now += 0.75
    assert pace.wait("c0") == 0.25
    now += 0.25
    assert pace.wait("c0") == 0


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
