"""The webhook refuses what is not Zalo's, and survives everything."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.channels.webhooks import BODY_LIMIT
from bot.channels.zalo_oa.signature import sign
from tests.channels.assistant import SmallAssistant
from tests.emulators.server import Server
from tests.emulators.zalo_oa import OA_ID, OaPerson, ZaloOaEmulator

HEADER = "X-ZEvent-Signature"


def post(server: Server, body: bytes, signature: str | None = None) -> httpx.Response:
    headers = {} if signature is None else {HEADER: signature}
    return httpx.post(f"{server.url}/zalo/oa/webhook", content=body, headers=headers)


def event(emulator: ZaloOaEmulator, **changes: Any) -> dict[str, Any]:
    found = {
        "app_id": emulator.app_id,
        "event_name": "user_send_text",
        "sender": {"id": "246845883529197922"},
        "recipient": {"id": OA_ID},
        "message": {"text": "xin chào", "msg_id": "m1"},
        "timestamp": str(int(time.time() * 1000)),
    }
    return found | changes


def packed(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def test_the_formula() -> None:
    expected = hashlib.sha256(b'1{"a":"\xc3\xa0"}154k').hexdigest()
    assert sign("1", '{"a":"à"}'.encode(), "154", "k") == expected


@pytest.mark.parametrize("body", [b"", b"{}", b" {} "])
def test_the_probe(bot: Server, body: bytes) -> None:
    assert post(bot, body).status_code == 200


@pytest.mark.parametrize("first", ["app_id", "oa_id"])
@pytest.mark.parametrize("key", ["secret_key", "app_secret"])
@pytest.mark.parametrize("prefix", ["mac=", "", "MAC="])
def test_signatures_that_count(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, first: str, key: str, prefix: str
) -> None:
    mother.follows, mother.last_interaction = True, time.time()
    data = event(emulator)
    body = packed(data)
    term = data["app_id"] if first == "app_id" else OA_ID
    mac = sign(term, body, data["timestamp"], getattr(emulator, key))
    assert post(bot, body, prefix + mac).status_code == 200
    mother.gets()


def test_numbers_instead_of_text(bot: Server, mother: OaPerson, emulator: ZaloOaEmulator) -> None:
    mother.last_interaction = time.time()
    now = int(time.time() * 1000)
    data = event(
        emulator, app_id=int(emulator.app_id), timestamp=now, sender={"id": int(mother.id)}
    )
    body = packed(data)
    mac = sign(emulator.app_id, body, str(now), emulator.secret_key)
    assert post(bot, body, f"mac={mac}").status_code == 200
    mother.gets()


def forgeries() -> dict[str, Callable[[ZaloOaEmulator, bytes, str], str | None]]:
    return {
        "none": lambda e, body, at: None,
        "empty": lambda e, body, at: "mac=",
        "another key": lambda e, body, at: "mac=" + sign(e.app_id, body, at, "x"),
        "no key": lambda e, body, at: "mac=" + sign(e.app_id, body, at, ""),
        "another time": lambda e, body, at: "mac=" + sign(e.app_id, body, "1", e.secret_key),
        "another body": lambda e, body, at: "mac=" + sign(e.app_id, b"{}", at, e.secret_key),
        "more than the mac": lambda e, body, at: (
            "mac=" + sign(e.app_id, body, at, e.secret_key) + "0"
        ),
    }


@pytest.mark.parametrize("kind", forgeries())
def test_forged(
    bot: Server, emulator: ZaloOaEmulator, assistant: SmallAssistant, kind: str
) -> None:
    data = event(emulator)
    body = packed(data)
    answer = post(bot, body, forgeries()[kind](emulator, body, data["timestamp"]))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    emulator.settle()
    assert assistant.handled == []


def test_forged_by_the_emulator(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, assistant: SmallAssistant
) -> None:
    emulator.forges(event(emulator))
    mother.sends("thật")
    mother.gets()
    assert [incoming.text for incoming in assistant.handled] == ["thật"]
    assert 401 in emulator.pusher.statuses


def test_replayed_after_days(
    bot: Server, emulator: ZaloOaEmulator, assistant: SmallAssistant
) -> None:
    data = event(emulator, timestamp=str(int((time.time() - 3 * 86400) * 1000)))
    body = packed(data)
    mac = sign(emulator.app_id, body, data["timestamp"], emulator.secret_key)
    assert post(bot, body, f"mac={mac}").status_code == 200
    emulator.settle()
    assert assistant.handled == []


def test_truncated(bot: Server, emulator: ZaloOaEmulator, assistant: SmallAssistant) -> None:
    data = event(emulator)
    body = packed(data)
    mac = sign(emulator.app_id, body, data["timestamp"], emulator.secret_key)
    assert post(bot, body[:-20], f"mac={mac}").status_code == 400
    assert assistant.handled == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"null", 400),
        (b"text=xin+chao", 400),
        (b'{"event_name": "user_send_text"}', 401),
        (b'{"x": "' + b"a" * BODY_LIMIT + b'"}', 413),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_bodies(
    bot: Server, mother: OaPerson, assistant: SmallAssistant, body: bytes, status: int
) -> None:
    answer = post(bot, body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    mother.sends("vẫn được")
    assert mother.gets()[0].text == "Đã nghe: vẫn được"
    assert len(assistant.handled) == 1


def test_media_of_a_foreign_host_is_never_fetched(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    # The emulator, by a name that is not its own, is the foreign host: it notes what is asked.
    foreign = emulator.url.replace("127.0.0.1", "localhost") + "/v2.0/oa/getoa"
    mother.sends_a("image", {"url": foreign})
    mother.sends_a("audio", {"url": foreign})
    mother.gets(2)
    assert not emulator.called("getoa")


def test_logs_hold_no_words_and_no_keys(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator.fails("message/cs")
    emulator.refuses("message/cs", -210)
    mother.sends("bí-mật một")
    mother.sends("bí-mật hai")
    mother.gets()
    mother.sends("lỗi")
    mother.gets()
    assert "HTTP Request" in caplog.text
    for secret in (
        emulator.app_secret,
        emulator.secret_key,
        emulator.access_token,
        emulator.refresh_token,
        "bí-mật",
        "broken while reading",
    ):
        assert secret not in caplog.text
