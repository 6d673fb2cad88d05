"""While others send what is no event, or none of the messenger's, everybody is answered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bot.channels.telegram.webhook import SECRET_HEADER as TELEGRAM_SECRET
from bot.channels.webhooks import BODY_LIMIT
from bot.channels.zalo_bot.webhook import SECRET_HEADER as ZALO_SECRET
from tests.channels.assistant import SmallAssistant
from tests.channels.conftest import SECRET
from tests.emulators.base import Emulator
from tests.emulators.messengers import MOTHER
from tests.emulators.server import Server

PATHS = {
    "telegram": "/telegram/webhook",
    "zalo_oa": "/zalo/oa/webhook",
    "zalo_bot": "/zalo/bot/webhook",
}
KEYS = {
    "telegram": {TELEGRAM_SECRET: SECRET},
    "zalo_oa": {},
    "zalo_bot": {ZALO_SECRET: SECRET},
}
PEOPLE = 5
TEXTS = 12
FORM = {"content-type": "application/x-www-form-urlencoded"}

BAD: dict[str, tuple[bytes, dict[str, str], set[int]]] = {
    "truncated": (b'{"update_id": 7, "event_name": "user_send_text", "mess', {}, {400}),
    "too long": (b'{"update_id": 7, "x": "' + b"a" * BODY_LIMIT + b'"}', {}, {413}),
    "much too long": (b"\x00" * 5 * BODY_LIMIT, {}, {413}),
    "a form": (b"update_id=7&message=xin+chao", FORM, {400}),
    "plain text": ("xin chào".encode(), {"content-type": "text/plain"}, {400}),
    "not UTF-8": (b"\xff\xfe\x00", {}, {400}),
    "a list": (b"[1, 2]", {}, {400}),
    "deep": (b"[" * 200_000, {}, {400}),
    # Only Zalo's Official Account signs; without a signature nothing is known of the sender.
    "no event": (b'{"hello": "world"}', {}, {200, 400, 401}),
}
"""Bodies that come with the right secret, and the statuses they may get."""


@pytest.fixture(params=list(MOTHER))
def channel_name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def person_id(channel_name: str, number: int) -> str:
    mother = MOTHER[channel_name]
    return str(int(mother) + number) if mother.isdecimal() else f"{mother[:-1]}{number}"


def test_good_messages_go_on(
    bot: Server, emulator: Emulator, assistant: SmallAssistant, channel_name: str
) -> None:
    people = [emulator.person(person_id(channel_name, number)) for number in range(PEOPLE)]
    forged: list[Callable[[], None]] = []
    with httpx.Client(timeout=20) as client, ThreadPoolExecutor(6) as threads:

        def bad(kind: str) -> tuple[str, int]:
            body, headers, _ = BAD[kind]
            address = bot.url + PATHS[channel_name]
            sent = client.post(address, content=body, headers=KEYS[channel_name] | headers)
            return kind, sent.status_code

        answers = [threads.submit(bad, kind) for kind in BAD for _ in range(4)]
        for text in range(TEXTS):
            for person in people:
                event: Any = person.sends(f"lời {text}")
                if text % 4 == 0:
                    emulator.repeats(event)
                    forged.append(lambda event=event: emulator.forges(event))  # type: ignore[misc]
        for forge in forged:
            threads.submit(forge)
        for answer in answers:
            kind, status = answer.result()
            assert status in BAD[kind][2], kind
    for person in people:
        got = [message.text for message in person.gets(TEXTS, seconds=60)]
        assert got == [f"Đã nghe: lời {text}" for text in range(TEXTS)]
    for person in people:
        person.gets_nothing()
    assert len(assistant.handled) == PEOPLE * TEXTS
