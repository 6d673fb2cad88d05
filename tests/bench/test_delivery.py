"""Two processes on one PostgreSQL database, one killed with SIGKILL: the bench, small."""

from __future__ import annotations

from pathlib import Path

from bot.bench._delivery import Event, Load, Servers, emulator, judge, reordered
from tests.delivery.conftest import postgresql, server_database

__all__ = ["postgresql", "server_database"]


async def test_two_processes_and_a_kill(postgresql: str, tmp_path: Path) -> None:
    settings = {
        "data_dir": str(tmp_path),
        "database_url": postgresql,
        "telegram_per_second": 1000,
    }
    with emulator() as telegram:
        async with Servers(telegram, "echo", settings, 2) as servers:
            load = Load(telegram, servers)
            events = load.make(60, chats=15)
            telegram.errors = 0.2
            await load.send(reordered(events, 0.1), 30, repeated=0.2, kills=1)
            await load.answered(events, 40)
            verdict = judge(load, events)
    assert telegram.refused > 0
    assert len(servers.killed_at) == 1
    assert (verdict.lost, verdict.twice, verdict.out_of_order) == (0, 0, 0)


def test_reordered_keeps_every_message() -> None:
    events = [Event(number, number % 3, "m") for number in range(100)]
    mixed = reordered(events, 0.5)
    assert mixed != events
    assert sorted(mixed, key=lambda event: event.id) == events
