"""What the network and Zalo do wrong, and what others send."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.channels.webhooks import BODY_LIMIT
from bot.channels.zalo_bot.channel import ZaloBotChannel
from bot.channels.zalo_bot.webhook import SECRET_HEADER
from tests.channels.assistant import SmallAssistant
from tests.channels.conftest import SECRET
from tests.emulators.server import Server
from tests.emulators.zalo_bot import BotPerson, ZaloBotEmulator
from tests.waiting import until


def post(server: Server, body: Any, secret: str | None = SECRET) -> httpx.Response:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    address = f"{server.url}/zalo/bot/webhook"
    if isinstance(body, bytes):
        return httpx.post(address, content=body, headers=headers)
    return httpx.post(address, json=body, headers=headers)


def test_duplicates_are_answered_once(
    bot: Server, mother: BotPerson, emulator: ZaloBotEmulator, assistant: SmallAssistant
) -> None:
    update = mother.sends("a")
    emulator.repeats(update)
    mother.gets()
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"
    mother.gets_nothing()
    assert len(assistant.handled) == 2


@pytest.mark.parametrize("fault", ["fails", "resets", "floods"])
def test_an_outage_delays(
    bot: Server,
    mother: BotPerson,
    emulator: ZaloBotEmulator,
    fault: str,
) -> None:
    getattr(emulator, fault)("sendMessage", times=2)
    mother.sends("start:birth_registration")
    assert mother.gets()[0].text.startswith("Mình bắt đầu.\n\nSinh ở")
    mother.gets_nothing()


@pytest.mark.parametrize("in_status", [True, False])
def test_refused_is_recorded_once(
    bot: Server,
    mother: BotPerson,
    emulator: ZaloBotEmulator,
    channel: ZaloBotChannel,
    in_status: bool,
) -> None:
    emulator.errors_in_status = in_status
    mother.blocked = True
    mother.sends("a")
    emulator.waits_for("sendMessage")
    emulator.settle()
    assert len(emulator.called("sendMessage")) == 1
    assert asyncio.run(channel.undelivered()) == [
        (f"zalo_bot:{mother.id}", "Zalo 400: Bad request: The chat_id is invalid")
    ]


def test_a_wrong_token_is_told(serve: Callable[..., Server], emulator: ZaloBotEmulator) -> None:
    channel: ZaloBotChannel = serve(zalo_bot_token="1:wrong").app.state.channel
    until(lambda: channel.problem)
    assert "RONG_ZALO_BOT_TOKEN is wrong" in str(channel.problem)
    assert "1:wrong" not in str(channel.problem)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x"])
def test_forged_secret(bot: Server, assistant: SmallAssistant, secret: str | None) -> None:
    answer = post(bot, {"event_name": "message.text.received"}, secret)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert assistant.handled == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"{}", 200),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"a=b", 400),
        (b'{"event_name": "message.text.received"}', 200),
        (b'{"event_name": "webhook.test", "message": {"text": "x"}}', 200),
        (b'{"result": []}', 200),
        (b'{"x": "' + b"a" * BODY_LIMIT + b'"}', 413),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_bodies(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, body: bytes, status: int
) -> None:
    assert post(bot, body).status_code == status
    mother.sends("vẫn được")
    assert mother.gets()[0].text == "Đã nghe: vẫn được"
    assert len(assistant.handled) == 1


def test_polling_takes_no_webhook(serve: Callable[..., Server], emulator: ZaloBotEmulator) -> None:
    server = serve(zalo_bot_mode="polling", zalo_bot_webhook_secret=None)
    assert post(server, {"event_name": "x"}, "").status_code == 401


def test_logs_hold_no_words_and_no_token(
    bot: Server, mother: BotPerson, emulator: ZaloBotEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator.fails("sendMessage")
    mother.sends("bí-mật")
    mother.gets()
    mother.sends("lỗi")
    mother.gets()
    assert "HTTP Request" in caplog.text
    for secret in (emulator.token, SECRET, "bí-mật", "broken while reading"):
        assert secret not in caplog.text
