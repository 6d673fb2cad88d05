from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.delivery.lanes import Lanes


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.005)


async def test_one_at_a_time_per_key_and_keys_beside_each_other() -> None:
    waiting = {"a": [1, 2, 3], "b": [1]}
    running: set[str] = set()
    seen: list[tuple[str, int]] = []
    most = 0

    async def work(key: str) -> float | None:
        nonlocal most
        if not waiting[key]:
            return None
        assert key not in running
        running.add(key)
        most = max(most, len(running))
        await asyncio.sleep(0.01)
        seen.append((key, waiting[key].pop(0)))
        running.remove(key)
        return 0.0

    lanes = Lanes(work)
    for key in "aabab":
        lanes.wake(key)
    await until(lambda: len(seen) == 4)
    assert [n for key, n in seen if key == "a"] == [1, 2, 3]
    assert most == 2
    await lanes.close(1)


async def test_woken_while_looking_for_the_last_time() -> None:
    waiting = [1]
    looked = asyncio.Event()

    async def work(key: str) -> float | None:
        if waiting:
            waiting.pop()
            return 0.0
        looked.set()
        await asyncio.sleep(0.01)
        return None

    lanes = Lanes(work)
    lanes.wake("a")
    await looked.wait()
    waiting.append(2)
    lanes.wake("a")
    await until(lambda: waiting == [])
    await lanes.close(1)


async def test_close_interrupts_waiting_and_cancels_what_is_late() -> None:
    cancelled = []

    async def work(key: str) -> float | None:
        if key == "waits":
            return 600.0
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            cancelled.append(key)
            raise
        return None

    lanes = Lanes(work)
    lanes.wake("waits")
    lanes.wake("works")
    await asyncio.sleep(0.01)
    async with asyncio.timeout(30):
        await lanes.close(0.05)
    assert cancelled == ["works"]
    lanes.wake("late")
    await asyncio.sleep(0.01)
    assert cancelled == ["works"]
