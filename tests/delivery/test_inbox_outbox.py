from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy import text as sql

from bot.delivery import inbox as inbox_module
from bot.delivery import outbox as outbox_module
from bot.delivery.claims import Lost
from bot.delivery.inbox import Accepted, Answer, Inbox
from bot.delivery.outbox import Later, Never, Outbox, Waiting, pause
from bot.delivery.store import Store


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    store = Store(database)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def inbox(store: Store) -> Inbox:
    return Inbox(store, "telegram")


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return Outbox(store, "telegram")


async def next_event(inbox: Inbox, conversation: str = "c") -> Accepted:
    found = await inbox.next(conversation)
    assert found is not None
    return found


async def next_message(outbox: Outbox, conversation: str = "c") -> Waiting:
    found = await outbox.next(conversation)
    assert found is not None
    return found


async def test_accepted_once_per_channel(inbox: Inbox, store: Store) -> None:
    assert await inbox.accept("1", "c", {"text": "a"})
    assert not await inbox.accept("1", "c", {"text": "a"})
    assert await Inbox(store, "zalo").accept("1", "c", {"text": "a"})
    await inbox.done(await next_event(inbox), Answer())
    assert not await inbox.accept("1", "c", {"text": "a"})


async def test_in_order_within_a_conversation(inbox: Inbox) -> None:
    for event, conversation in (("3", "c"), ("1", "d"), ("2", "c")):
        await inbox.accept(event, conversation, {"text": event})
    assert await inbox.waiting() == ["c", "d"]
    assert (await next_event(inbox)).body == {"text": "3"}
    await inbox.done(await next_event(inbox), Answer())
    assert (await next_event(inbox)).event == "2"
    await inbox.done(await next_event(inbox), Answer())
    assert await inbox.next("c") is None
    assert await inbox.waiting() == ["d"]


async def test_answer_goes_to_the_outbox_in_order(inbox: Inbox, outbox: Outbox) -> None:
    await inbox.accept("1", "c", {"text": "a"})
    answer = Answer([{"text": "x"}, {"text": "y"}], {"#t": "a long value"})
    await inbox.done(await next_event(inbox), answer)
    assert await outbox.waiting() == ["c"]
    for text in "xy":
        message = await next_message(outbox)
        assert message.body == {"text": text}
        await outbox.sent(message)
    assert await outbox.waiting() == []
    assert await inbox.value("#t") == "a long value"
    assert await inbox.value("#other") is None


async def test_token_offered_again(inbox: Inbox) -> None:
    for event in "12":
        await inbox.accept(event, "c", {"text": "a"})
        await inbox.done(await next_event(inbox), Answer(tokens={"#t": f"value {event}"}))
    assert await inbox.value("#t") == "value 2"


async def test_attempts_are_counted(inbox: Inbox) -> None:
    await inbox.accept("1", "c", {"text": "a"})
    await inbox.tried(await next_event(inbox))
    assert (await next_event(inbox)).attempts == 1


async def test_purge_keeps_what_waits(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, outbox: Outbox
) -> None:
    await inbox.accept("old", "c", {"text": "a"})
    await inbox.done(await next_event(inbox), Answer([{"text": "x"}], {"#t": "v"}))
    await outbox.give_up(await next_message(outbox), Never("refused"))
    await inbox.accept("waits", "c", {"text": "b"})
    for seconds in (inbox_module.KEEP_SECONDS, outbox_module.FAILED_KEEP_SECONDS):
        now = time.time() + seconds + 60
        monkeypatch.setattr(time, "time", lambda now=now: now)
        await inbox.purge(30)
        await outbox.purge()
    assert await inbox.accept("old", "d", {"text": "a"})
    assert not await inbox.accept("waits", "c", {"text": "b"})
    assert await inbox.value("#t") is None
    assert await outbox.undelivered() == []


async def fill(inbox: Inbox, texts: str) -> None:
    await inbox.accept(texts, "c", {"text": "a"})
    await inbox.done(await next_event(inbox), Answer([{"text": text} for text in texts]))


async def test_on_its_way_until_it_is_known_to_have_arrived(inbox: Inbox, outbox: Outbox) -> None:
    await fill(inbox, "xyz")
    first = await outbox.next("c", newest=7)
    assert first is not None
    assert not first.unsure
    again = await next_message(outbox)
    assert (again.unsure, again.newest) == (True, 7)
    await outbox.later(again, Later("refused"))
    assert (await next_message(outbox)).unsure, "the first call may still have reached it"
    assert await outbox.sent(first, 50)
    assert await outbox.newest() == 50
    # Another process, which has not heard of number 50.
    assert await outbox.next("c", newest=10) is not None
    assert (await next_message(outbox)).newest == 50


async def test_refused_is_not_unsure(inbox: Inbox, outbox: Outbox) -> None:
    await fill(inbox, "xy")
    await outbox.later(await next_message(outbox), Later("502"))
    message = await next_message(outbox)
    assert not message.unsure
    await outbox.later(message, Later("the line broke", unsure=True))
    assert (await next_message(outbox)).unsure


async def test_later_waits_longer_each_time(inbox: Inbox, outbox: Outbox) -> None:
    await fill(inbox, "x")
    waits = [await outbox.later(await next_message(outbox), Later("down")) for _ in range(7)]
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert await outbox.later(await next_message(outbox), Later("flood", 7.5)) == 7.5
    assert pause(10_000) == 30


async def test_later_ends_after_a_day(
    inbox: Inbox, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(inbox, "x")
    now = time.time() + outbox_module.KEEP_SECONDS + 60
    monkeypatch.setattr(time, "time", lambda: now)
    assert await outbox.later(await next_message(outbox), Later("down")) == 0
    assert await outbox.next("c") is None
    assert await outbox.undelivered() == [("c", "undelivered for a day: down")]


async def test_never_keeps_the_reason(inbox: Inbox, outbox: Outbox) -> None:
    await fill(inbox, "xyz")
    await outbox.give_up(await next_message(outbox), Never("refused"))
    assert (await next_message(outbox)).body == {"text": "y"}
    await outbox.give_up(await next_message(outbox), Never("blocked", conversation_closed=True))
    assert await outbox.next("c") is None
    assert await outbox.undelivered() == [("c", "refused"), ("c", "blocked")]


async def test_the_messengers_order_of_what_waits(inbox: Inbox) -> None:
    for event, position in (("b", 2), ("d", 4), ("c", 3)):
        await inbox.accept(event, "c", {}, position)
    order = []
    while found := await inbox.next("c"):
        order.append(found.event)
        await inbox.done(found, Answer())
        if found.event == "c":
            await inbox.accept("a", "c", {}, 1)
    assert order == ["b", "c", "a", "d"]


async def test_what_was_begun_is_ended_first(inbox: Inbox) -> None:
    await inbox.accept("2", "c", {}, 2)
    assert not (await next_event(inbox)).begun
    await inbox.accept("1", "c", {}, 1)
    again = await next_event(inbox)
    assert (again.event, again.begun) == ("2", True)
    await inbox.done(again, Answer())
    assert (await next_event(inbox)).event == "1"


async def test_answered_twice_counts_once(inbox: Inbox, outbox: Outbox) -> None:
    await inbox.accept("1", "c", {})
    found = await next_event(inbox)
    await inbox.done(found, Answer([{"text": "x"}]))
    with pytest.raises(Lost):
        await inbox.done(found, Answer([{"text": "x"}]))
    await outbox.sent(await next_message(outbox))
    assert await outbox.next("c") is None


async def test_tables_of_an_earlier_version_are_completed(database: str, store: Store) -> None:
    def age(connection: Connection) -> None:
        connection.execute(sql("DROP INDEX ix_seen_events_waiting"))
        connection.execute(sql("ALTER TABLE seen_events DROP COLUMN position"))
        connection.execute(sql("ALTER TABLE seen_events DROP COLUMN begun"))
        connection.execute(sql("ALTER TABLE outbox DROP COLUMN not_after"))
        connection.execute(
            sql(
                "INSERT INTO seen_events (channel, event, received_at, status, conversation, "
                "body, attempts) VALUES ('telegram', '1', 5, 'accepted', 'c', '{}', 0)"
            )
        )

    await store.run(age)
    later = Store(database)
    await later.open()
    found = await Inbox(later, "telegram").next("c")
    assert found is not None
    assert found.event == "1"
    await later.close()


async def test_unopened_store_says_so(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(RuntimeError, match="not open"):
        await store.run(lambda connection: None)
    await store.close()
