"""`/metrics`: what it says, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.gateway.app import create_app
from bot.settings import Settings
from tests.channels.assistant import SmallAssistant
from tests.channels.speaker import SilentSpeaker
from tests.emulators.server import Server
from tests.emulators.telegram import TelegramEmulator

SECRET = "a-secret-of-the-tests-0123"
TOKEN = "a-token-of-the-metrics"
CHAT = 424_242_424


@pytest.fixture
def telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TelegramEmulator]:
    monkeypatch.setattr("bot.delivery.outbox.FIRST_WAIT", 0.05)
    with TelegramEmulator() as emulator:
        emulator.database = tmp_path / "rong.db"
        yield emulator


@pytest.fixture
def given() -> dict[str, Any]:
    """More settings of the server."""
    return {}


@pytest.fixture
def server(telegram: TelegramEmulator, tmp_path: Path, given: dict[str, Any]) -> Iterator[Server]:
    # The webhook's address is known once the server has its port.
    connected = telegram.settings("http://127.0.0.1:1", SECRET)
    settings = Settings(_env_file=None, data_dir=tmp_path, **(connected | given))
    assistant: Any = SmallAssistant()
    with Server(create_app(settings, assistant, SilentSpeaker(tmp_path))) as running:
        telegram.waits_for("setMyCommands")
        telegram.webhook["url"] = f"{running.url}/telegram/webhook"
        yield running


def read(server: Server, **headers: str) -> dict[tuple[str, ...], float]:
    """Values by the name of the sample and its labels' values."""
    answer = httpx.get(f"{server.url}/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert str(CHAT) not in answer.text
    assert "bí-mật" not in answer.text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_what_happens_is_counted(server: Server, telegram: TelegramEmulator) -> None:
    before = read(server)

    def more(name: str, *labels: str) -> float:
        key = (name, *labels)
        return after.get(key, 0.0) - before.get(key, 0.0)

    mother = telegram.user(CHAT)
    telegram.floods("sendMessage")
    telegram.loses_answer("sendMessage")
    update = mother.sends("bí-mật")
    telegram.repeats(update)
    assert len(mother.gets(2)) == 2, "the answer was lost, so it came once more"
    telegram.forges(update)
    httpx.post(f"{server.url}/telegram/webhook", content=b"x" * 2_000_000)
    httpx.post(f"{server.url}/nobody/webhook", content=b"x")
    mother.blocks()
    mother.sends("nữa")
    telegram.settle()
    assert len(telegram.called("sendMessage")) == 4
    after = read(server)
    assert more("rong_events_total", "telegram", "accepted") == 2
    assert more("rong_events_total", "telegram", "duplicate") == 1
    assert more("rong_webhooks_refused_total", "telegram", "401") == 2
    assert more("rong_sends_total", "telegram", "limit") == 1
    assert more("rong_sends_total", "telegram", "unreachable") == 1
    assert more("rong_sends_total", "telegram", "sent") == 1
    assert more("rong_sends_repeated_total", "telegram") == 1
    assert more("rong_turn_seconds_count", "telegram") == 2
    assert after["rong_queue", "telegram", "answers"] == 0
    assert after["rong_outage", "telegram"] == 0
    assert not any("nobody" in key for key in after)
    undelivered = (
        after["rong_undelivered", "telegram"],
        more("rong_sends_total", "telegram", "closed"),
    )
    assert undelivered == (1, 1)


def test_what_waits(server: Server, telegram: TelegramEmulator) -> None:
    mother = telegram.user(CHAT)
    telegram.floods("sendMessage", retry_after=3600)
    mother.sends("bí-mật")
    telegram.waits_for("sendMessage")
    after = read(server)
    assert after["rong_queue", "telegram", "sends"] == 1
    assert 0 <= after["rong_queue_oldest_seconds", "telegram", "sends"] < 3600


class TestWhoMayRead:
    def test_this_computer_where_there_is_no_token(self, server: Server) -> None:
        assert httpx.get(f"{server.url}/metrics").status_code == 200
        through = {"x-forwarded-for": "203.0.113.5"}
        refused = httpx.get(f"{server.url}/metrics", headers=through)
        assert refused.status_code == 403
        assert "rong_" not in refused.text
        elsewhere = httpx.get(f"{server.url}/metrics", headers={"host": "rong.example"})
        assert elsewhere.status_code == 403

    @pytest.mark.parametrize("given", [{"metrics_token": TOKEN}])
    def test_only_with_the_token_where_there_is_one(self, server: Server) -> None:
        for wrong in ({}, {"authorization": "Bearer no"}, {"authorization": TOKEN}):
            assert httpx.get(f"{server.url}/metrics", headers=wrong).status_code == 403
        read(server, authorization=f"Bearer {TOKEN}")
        away = {"authorization": f"Bearer {TOKEN}", "x-forwarded-for": "203.0.113.5"}
        assert httpx.get(f"{server.url}/metrics", headers=away).status_code == 200
