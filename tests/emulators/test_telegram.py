"""The emulator's answers as bytes on the wire; with a second library in the file beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.emulators.telegram import TelegramEmulator


@pytest.fixture
def emulator() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


def test_raw_shapes(emulator: TelegramEmulator) -> None:
    with httpx.Client(base_url=emulator.url) as http:
        for path in ("/botnonsense/getMe", f"/bot{emulator.token}/noSuchThing"):
            answer = http.post(path)
            assert answer.status_code == 404
            assert answer.json()["ok"] is False
        escaped = emulator.token.replace(":", "%3A")
        kept = emulator.keeps("voice", b"OggS")
        sent = http.post(f"/bot{emulator.token}/getFile", json={"file_id": kept["file_id"]})
        path = sent.json()["result"]["file_path"]
        assert http.get(f"/file/bot{escaped}/{path}").content == b"OggS"
        assert http.get(f"/file/bot42%3Aother/{path}").status_code == 404
        emulator.floods("getMe", retry_after=3)
        answer = http.get(f"/bot{emulator.token}/getMe")
        assert answer.status_code == 429
        assert answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }


BUTTONS = '{"inline_keyboard": [[{"text": "x", "callback_data": "%s"}]]}'


@pytest.mark.parametrize(
    ("form", "status", "description"),
    [
        ({"chat_id": 7, "text": "x"}, 200, None),
        ({"chat_id": 7, "text": "😀" * 2048}, 200, None),
        ({"chat_id": 7, "text": "😀" * 2049}, 400, "message is too long"),
        ({"chat_id": 7, "text": "<b>" + "a" * 4096 + "</b>", "parse_mode": "HTML"}, 200, None),
        ({"chat_id": 7, "text": " "}, 400, "message text is empty"),
        ({"chat_id": 7}, 400, "message text is empty"),
        ({"chat_id": 7, "text": "<x>", "parse_mode": "HTML"}, 400, "can't parse entities"),
        ({"chat_id": 7, "text": "<b>x</i>", "parse_mode": "HTML"}, 400, "can't parse entities"),
        ({"chat_id": 7, "text": "x", "reply_markup": BUTTONS % ("a" * 64)}, 200, None),
        ({"chat_id": 7, "text": "x", "reply_markup": BUTTONS % ("a" * 65)}, 400, "BUTTON_DATA"),
        ({"chat_id": 7, "text": "x", "reply_markup": BUTTONS % ("đ" * 33)}, 400, "BUTTON_DATA"),
        ({"chat_id": 7, "text": "x", "reply_markup": BUTTONS % ""}, 400, "BUTTON_DATA"),
        ({"chat_id": 7, "text": "x", "reply_markup": "{"}, 400, "reply keyboard markup"),
        ({"chat_id": 9, "text": "x"}, 400, "chat not found"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_limits(
    emulator: TelegramEmulator, form: dict[str, Any], status: int, description: str | None
) -> None:
    emulator.user(7)
    answer = httpx.post(f"{emulator.url}/bot{emulator.token}/sendMessage", data=form)
    assert answer.status_code == status
    body = answer.json()
    assert body["ok"] is (status == 200)
    if description:
        assert body["error_code"] == status
        assert body["description"].startswith("Bad Request: ")
        assert description in body["description"]
    else:
        assert {"message_id", "date", "chat", "from", "text"} <= set(body["result"])
