"""The threads that touch a database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from bot.delivery import threads as threads_module
from bot.delivery.store import Store


def add(connection: Connection, value: int) -> int:
    connection.execute(text("INSERT INTO numbers VALUES (:value)"), {"value": value})
    if value < 0:
        raise ValueError(value)
    return value


async def opened(database: str) -> Store:
    store = Store(database)
    await store.open()
    await store.run(lambda c: c.execute(text("CREATE TABLE IF NOT EXISTS numbers (n INTEGER)")))
    return store


def kept(connection: Connection) -> list[Any]:
    return list(connection.scalars(text("SELECT n FROM numbers ORDER BY n")))


async def test_one_that_fails_takes_nothing_with_it(database: str) -> None:
    store = await opened(database)
    works = (store.run(add, number if number % 7 else -1) for number in range(1, 50))
    results = await asyncio.gather(*works, return_exceptions=True)
    failed = [result for result in results if isinstance(result, ValueError)]
    assert len(failed) == 7
    assert await store.run(kept) == [n for n in range(1, 50) if n % 7]
    await store.close()


async def test_stores_of_a_file_share_its_thread(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rong.db'}"
    one, two = await opened(url), await opened(url)
    await asyncio.gather(*(store.run(add, n) for n in range(40) for store in (one, two)))
    assert one._threads is two._threads
    await one.close()
    assert len(await two.run(kept)) == 80
    await two.close()
    again = await opened(url)
    assert len(await again.run(kept)) == 80
    await again.close()


async def test_who_left_is_not_waited_for(database: str) -> None:
    store = await opened(database)
    left = asyncio.create_task(store.run(add, 1))
    await asyncio.sleep(0)
    left.cancel()
    await store.run(add, 2)
    assert 2 in await store.run(kept)
    await store.close()


async def test_connections_the_server_has_closed(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened(postgresql)
    await asyncio.gather(*(store.run(add, n) for n in range(20)))
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    server = create_engine(postgresql)
    with server.connect() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"), {"name": name})
    server.dispose()
    monkeypatch.setattr(threads_module, "IDLE_SECONDS", 0.0)
    assert len(await store.run(kept)) == 20
    await asyncio.gather(*(store.run(add, n) for n in range(20)))
    await store.close()
