"""A conversation on its way, over each messenger: from the kiosk to the phone by code, from the
phone to the counter; and several people with one phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from bot.engine import Engine
from bot.tries import MOST
from tests.channels.real import Town, town
from tests.emulators.messengers import MOTHER

KIOSK = ["language:en", "start:birth_registration", "answer:within_deadline", "answer:facility"]
CODE = re.compile(r"\b([2-9A-Z]{3})-([2-9A-Z]{3})\b")
WHOM = "Hôm nay làm cho ai?"


@pytest.fixture(params=list(MOTHER))
def there(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[Town]:
    password = SecretStr("mật khẩu")
    with town(request.param, engine, tmp_path, counter_password=password) as there:
        there.runs(there.assistant.erase(there.conversation))
        yield there


def at_the_kiosk(there: Town, choices: list[str]) -> dict[str, Any]:
    """A visitor taps; the last answer."""
    id, body = uuid4().hex, {}
    for choice in choices:
        answer = httpx.post(
            f"{there.address}/api/conversations/{id}/messages", json={"choice": choice}, timeout=60
        )
        body = answer.json()
    return body


def code_of(text: str) -> str:
    found = CODE.search(text)
    assert found, text
    return found[0]


def test_kiosk_to_phone_to_counter(there: Town) -> None:
    shown = at_the_kiosk(there, [*KIOSK, "act:link"])["messages"][0]
    long = re.search(r"/link/(\w+)\.svg", shown["picture"])
    assert long
    typed = code_of(shown["text"]).lower()
    if there.name == "telegram":  # as t.me/<bot>?start=<code> does
        typed = f"/start {long[1]}"
    said = there.says(typed)
    assert "birth notification" in said, "the step and the language came along"
    turn = there.runs(there.assistant.engine.last(there.conversation))
    assert (turn.language, turn.step) == ("en", "birth_notification")
    assert turn.answers == {"child_born": "within_deadline", "born_where": "facility"}
    # It is used up; who has it now gets nothing, and what one was doing stays.
    again = at_the_kiosk(there, ["start:birth_registration"])
    assert again["state"]["answers"] == {}
    there.says("1")
    there.says("talk to staff")
    code = code_of(there.says("1"))
    with httpx.Client(base_url=there.address, follow_redirects=True, timeout=60) as clerk:
        clerk.post("/counter/login", data={"password": "mật khẩu"})
        page = clerk.post("/counter/open", data={"code": code}).text
    assert "Đăng ký khai sinh" in page
    assert "Có giấy chứng sinh" in page


def test_a_used_code_and_guessing(there: Town) -> None:
    code = code_of(at_the_kiosk(there, [*KIOSK, "act:link"])["messages"][0]["text"])
    there.says(code)
    stolen = httpx.post(f"{there.address}/api/link", json={"code": code})
    assert stolen.status_code == 404
    there.runs(there.assistant.erase(there.conversation))
    for _ in range(MOST):
        assert "sai hoặc đã hết hạn" in there.says("HJK-347")
    good = code_of(at_the_kiosk(there, [*KIOSK, "act:link"])["messages"][0]["text"])
    assert "gõ sai mã nhiều lần" in there.says(good)


def test_whom_it_is_for(there: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    there.says("làm giấy khai sinh cho con")
    there.says("12/11/2026")
    monkeypatch.setattr("bot.engine.engine.AWAY", 0)
    said = there.says("ở bệnh viện")
    assert WHOM in said
    turn = there.runs(there.assistant.engine.last(there.conversation))
    assert "born_where" not in turn.answers, "nothing counts before it is known whom it is for"
    said = there.says("1")  # the same person: what was said counts now
    assert "giấy chứng sinh" in said
    said = there.says("xin chào")
    assert WHOM in said
    said = there.says("2")
    assert "các câu trả lời lần trước sẽ mất" in said
    monkeypatch.setattr("bot.engine.engine.AWAY", 6 * 3600)
    assert "Bé sinh ngày nào?" in there.says("có")
    turn = there.runs(there.assistant.engine.last(there.conversation))
    assert turn.answers == {}
