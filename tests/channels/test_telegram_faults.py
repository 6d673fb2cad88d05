"""What the network and Telegram do wrong: nothing is lost, nothing is said twice."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, text

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.webhook import SECRET_HEADER
from tests.channels.assistant import SmallAssistant
from tests.channels.conftest import SECRET
from tests.emulators.server import Server
from tests.emulators.telegram import TelegramEmulator, User
from tests.waiting import until


def test_duplicate_update_is_answered_once(
    bot: Server, mother: User, emulator: TelegramEmulator, assistant: SmallAssistant
) -> None:
    update = mother.sends("a")
    emulator.repeats(update)
    emulator.repeats(update)
    mother.gets()
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"
    mother.gets_nothing()
    assert len(assistant.handled) == 2
    assert emulator.webhook_statuses == [200] * 4


def test_duplicate_after_a_restart(
    serve: Callable[..., Server], mother: User, emulator: TelegramEmulator
) -> None:
    first = serve()
    emulator.waits_for("setMyCommands")
    update = mother.sends("a")
    mother.gets()
    first.stop()
    serve()
    emulator.repeats(update)
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"
    mother.gets_nothing()


def test_order_within_a_conversation_and_none_between(
    bot: Server, mother: User, emulator: TelegramEmulator, assistant: SmallAssistant
) -> None:
    assistant.slow_seconds = 600
    father = emulator.user(2)
    mother.sends("chậm")
    for n in range(5):
        mother.sends(str(n))
    father.sends("nhanh")
    assert father.gets()[0].text == "Đã nghe: nhanh"
    assert mother.inbox == []
    assistant.slow_seconds = 0
    texts = [sent.text for sent in mother.gets(6)]
    assert texts == ["Đã nghe: chậm", *(f"Đã nghe: {n}" for n in range(5))]


def test_blocked_is_recorded_once(
    bot: Server, mother: User, emulator: TelegramEmulator, channel: TelegramChannel
) -> None:
    mother.blocks()
    mother.presses("start:birth_registration")
    emulator.user(2).sends("a")
    emulator.user(2).gets()
    emulator.settle()
    assert len(emulator.called("sendMessage")) == 2
    assert undelivered(channel) == [
        ("telegram:1", "Telegram: Forbidden: bot was blocked by the user")
    ]


def test_flood_control_is_waited_for(bot: Server, mother: User, emulator: TelegramEmulator) -> None:
    emulator.floods("sendMessage", retry_after=1)
    started = time.monotonic()
    mother.sends("a")
    mother.sends("b")
    assert [sent.text for sent in mother.gets(2)] == ["Đã nghe: a", "Đã nghe: b"]
    assert time.monotonic() - started >= 1
    assert len(emulator.called("sendMessage")) == 3


@pytest.mark.parametrize("fault", ["fails", "resets"])
def test_an_outage_delays(
    bot: Server, mother: User, emulator: TelegramEmulator, fault: str
) -> None:
    getattr(emulator, fault)("sendMessage", times=2)
    mother.presses("start:birth_registration")
    assert [sent.text for sent in mother.gets(2)] == ["Mình bắt đầu.", "Sinh ở <đâu>?"]
    mother.gets_nothing()


def test_refused_message_stops_no_other(
    bot: Server, mother: User, emulator: TelegramEmulator, channel: TelegramChannel
) -> None:
    emulator.fails("sendMessage", status=400)
    mother.presses("start:birth_registration")
    assert mother.gets()[0].text == "Sinh ở <đâu>?"
    assert [conversation for conversation, _ in undelivered(channel)] == ["telegram:1"]


def test_failing_assistant_ends_in_an_apology(
    bot: Server, mother: User, assistant: SmallAssistant
) -> None:
    mother.sends("lỗi")
    [apology] = mother.gets()
    assert apology.text.startswith("Máy đang bị lỗi")
    assert len(assistant.handled) == 3
    mother.sends("a")
    assert mother.gets()[0].text == "Đã nghe: a"


def test_start_while_telegram_is_out(
    serve: Callable[..., Server], mother: User, emulator: TelegramEmulator
) -> None:
    emulator.fails("getMe", times=1)
    emulator.fails("setWebhook", times=1)
    serve()
    mother.sends("a")
    assert mother.gets()[0].text == "Đã nghe: a"


def test_stopped_before_telegram_was_there(
    serve: Callable[..., Server], mother: User, emulator: TelegramEmulator
) -> None:
    emulator.fails("getMe", times=1000)
    first = serve()
    update = {"update_id": 1, "message": mother.message(text="a")}
    posted = httpx.post(
        f"{first.url}/telegram/webhook", json=update, headers={SECRET_HEADER: SECRET}
    )
    assert posted.status_code == 200
    until(lambda: run(first.app.state.channel, "SELECT 1 FROM outbox WHERE sending"))
    first.stop()
    gc.collect()  # a coroutine that nobody awaited is told of now, and a warning is an error
    emulator.recovers()
    second = serve()
    assert mother.gets()[0].text == "Đã nghe: a"
    assert not emulator.called("editMessageText"), "it was never on its way"
    second.stop()


def test_dropped_midway_is_answered_once(
    serve: Callable[..., Server],
    mother: User,
    emulator: TelegramEmulator,
    assistant: SmallAssistant,
) -> None:
    first = serve()
    emulator.waits_for("setMyCommands")
    assistant.slow_seconds = 600
    mother.sends("chậm")
    until(lambda: assistant.handled)
    first.drop()
    assert mother.inbox == []
    assistant.slow_seconds = 0
    serve()
    assert mother.gets()[0].text == "Đã nghe: chậm"
    mother.gets_nothing()


def test_nothing_is_kept_of_what_is_answered(
    bot: Server, mother: User, emulator: TelegramEmulator, channel: TelegramChannel
) -> None:
    mother.sends("thẻ 001234567890 của bí-mật")
    assert mother.gets()[0].text == "Đã nghe: thẻ ••• của bí-mật"
    mother.sends(contact={"phone_number": "0905123456", "first_name": "bí-mật"})
    mother.gets()
    emulator.settle()
    rows = run(channel, "SELECT conversation, body FROM seen_events")
    assert rows == [(None, None)] * 2
    assert run(channel, "SELECT * FROM outbox") == []


def test_polling(serve: Callable[..., Server], mother: User, emulator: TelegramEmulator) -> None:
    emulator.webhook = {"url": "http://127.0.0.1:9/old"}
    emulator.fails("getUpdates")
    server = serve(telegram_mode="polling", telegram_webhook_secret=None, public_url="")
    emulator.waits_for("getUpdates")
    assert emulator.called("deleteWebhook")
    mother.sends("xin chào")
    mother.gets()
    mother.taps("Khai sinh")
    mother.gets(2)
    emulator.happens("message", {"not": "a message"})
    mother.sends("a")
    assert mother.gets()[0].text == "Đã nghe: a"
    assert httpx.post(f"{server.url}/telegram/webhook", json={"update_id": 1}).status_code == 401
    server.stop()
    mother.sends("b")
    serve(telegram_mode="polling", telegram_webhook_secret=None, public_url="")
    assert mother.gets()[0].text == "Đã nghe: b"
    mother.gets_nothing()


@pytest.fixture
def channel(bot: Server) -> TelegramChannel:
    found: TelegramChannel = bot.app.state.channel
    return found


def undelivered(channel: TelegramChannel) -> list[tuple[str, str]]:
    return asyncio.run(channel.undelivered())


def run(channel: TelegramChannel, statement: str) -> list[tuple[Any, ...]]:
    def read(connection: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(text(statement))]

    return asyncio.run(channel.courier._store.run(read))
