"""The webhook refuses what is not Telegram's, and survives everything."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from bot.channels.telegram.webhook import SECRET_HEADER
from bot.channels.webhooks import BODY_LIMIT
from tests.channels.assistant import SmallAssistant
from tests.channels.conftest import SECRET
from tests.emulators.server import Server
from tests.emulators.telegram import TelegramEmulator, User


def post(server: Server, body: Any, secret: str | None = SECRET) -> httpx.Response:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    if isinstance(body, bytes):
        return httpx.post(f"{server.url}/telegram/webhook", content=body, headers=headers)
    return httpx.post(f"{server.url}/telegram/webhook", json=body, headers=headers)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ä"])
def test_forged_secret(
    bot: Server, mother: User, assistant: SmallAssistant, secret: str | None
) -> None:
    update = {"update_id": 1, "message": mother.message(text="forged")}
    if secret == "ä":
        answer = httpx.post(
            f"{bot.url}/telegram/webhook", json=update, headers=[(SECRET_HEADER, b"\xe4")]
        )
    else:
        answer = post(bot, update, secret)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 401
    assert assistant.handled == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"null", 400),
        (b"{}", 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": 1}', 200),
        (b'{"update_id": 1, "message": 5}', 200),
        (b'{"update_id": 1, "message": {}}', 200),
        (b'{"update_id": 1, "message": {"message_id": 1, "date": 1e99, "chat": {"id": 1}}}', 200),
        (b'{"update_id": 1, "callback_query": {"id": []}}', 200),
        (b'{"update_id": 1, "something_new": {"a": 1}}', 200),
        (b'{"update_id": 1, "x": "' + b"a" * BODY_LIMIT + b'"}', 413),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_bodies(
    bot: Server, mother: User, assistant: SmallAssistant, body: bytes, status: int
) -> None:
    answer = post(bot, body)
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
    assert assistant.handled == []
    mother.sends("vẫn được")
    assert mother.gets()[0].text == "Đã nghe: vẫn được"


def test_logs_hold_no_words_and_no_token(
    bot: Server,
    mother: User,
    emulator: TelegramEmulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator.fails("sendMessage")
    emulator.fails("sendMessage", status=400)
    mother.sends("bí-mật một")
    mother.sends("bí-mật hai")
    mother.gets()
    mother.sends("lỗi")
    mother.gets()
    assert "HTTP Request" in caplog.text
    for secret in (emulator.token, SECRET, "bí-mật", "broken while reading"):
        assert secret not in caplog.text
