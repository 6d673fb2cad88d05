"""Two processes at one PostgreSQL database, here as two owners."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select, text

from bot.delivery.claims import Leases, Lost, claims, give_back, renew
from bot.delivery.inbox import Accepted, Answer, Inbox
from bot.delivery.store import Store, outbox


@pytest.fixture
async def store(postgresql: str) -> AsyncIterator[Store]:
    store = Store(postgresql)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def one(store: Store) -> Inbox:
    return Inbox(store, "telegram", Leases("telegram", "in", "one"))


@pytest.fixture
def two(store: Store) -> Inbox:
    return Inbox(store, "telegram", Leases("telegram", "in", "two"))


async def expire(store: Store) -> None:
    await store.run(
        lambda connection: connection.execute(text("UPDATE delivery_claims SET until=0"))
    )


async def take(inbox: Inbox) -> Accepted:
    found = await inbox.next("c")
    assert found is not None
    return found


async def test_one_process_at_a_conversation(one: Inbox, two: Inbox) -> None:
    for event in "12":
        await one.accept(event, "c", {})
    await two.accept("3", "d", {})
    await take(one)
    assert await two.next("c") is None
    assert await two.waiting() == ["d"]
    assert (await two.next("d")) is not None
    await one.done(await take(one), Answer())
    assert await two.next("c") is None, "the first goes on with what waits"


async def test_given_back_when_nothing_waits(one: Inbox, two: Inbox, store: Store) -> None:
    await one.accept("1", "c", {})
    await one.done(await take(one), Answer())
    assert await one.next("c") is None
    await two.accept("2", "c", {})
    assert (await take(two)).event == "2"


async def test_a_dead_process_loses_it_and_what_it_does_late_counts_not(
    one: Inbox, two: Inbox, store: Store
) -> None:
    await one.accept("1", "c", {})
    late = await take(one)
    await expire(store)
    assert await two.waiting() == ["c"]
    taken = await take(two)
    assert taken.begun
    with pytest.raises(Lost):
        await one.done(late, Answer([{"text": "late"}]))
    await two.done(taken, Answer([{"text": "once"}]))
    rows = await store.run(lambda connection: connection.execute(select(outbox.c.body)).all())
    assert [body for (body,) in rows] == [{"text": "once"}]


async def test_slow_but_not_taken_over_it_still_counts(one: Inbox, store: Store) -> None:
    await one.accept("1", "c", {})
    slow = await take(one)
    await expire(store)
    await one.done(slow, Answer())
    assert await one.waiting() == []


async def test_renewed_and_given_back(one: Inbox, two: Inbox, store: Store) -> None:
    await one.accept("1", "c", {})
    await take(one)
    await expire(store)
    await store.run(renew, "telegram", "one")
    assert await two.next("c") is None
    await store.run(give_back, "one")
    assert (await take(two)).event == "1"


async def test_processes_that_send_are_counted(store: Store) -> None:
    async def sends(owner: str, conversation: str) -> None:
        await store.run(Leases("telegram", "out", owner).take, conversation)

    for owner, conversation in (("one", "c"), ("one", "d"), ("two", "e")):
        await sends(owner, conversation)
    assert await store.run(renew, "telegram", "one") == 2
    await expire(store)
    assert await store.run(renew, "telegram", "one") == 1


async def test_many_at_once_take_each_conversation_once(store: Store) -> None:
    import asyncio

    leases = [Leases("telegram", "in", f"p{number}") for number in range(4)]
    takes = [store.run(lease.take, f"c{n}") for n in range(20) for lease in leases]
    assert sum(await asyncio.gather(*takes)) == 20
    count = select(func.count()).select_from(claims)
    assert await store.run(lambda connection: connection.execute(count).scalar()) == 20
