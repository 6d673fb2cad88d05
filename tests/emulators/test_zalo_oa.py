"""The emulator's answers as bytes on the wire (no second client of the OpenAPI exists to ask)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from tests.emulators.pushing import BUDGET_SECONDS
from tests.emulators.zalo_oa import OaPerson, ZaloOaEmulator
from tests.waiting import until


class Listener:
    """A webhook that notes what it is sent; the first `refuses` are refused. It answers when
    `goes_on` is set."""

    def __init__(self) -> None:
        self.refuses = 0
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.got: list[tuple[dict[str, str], bytes]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                listener.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                listener.goes_on.wait()
                refused = len(listener.got) <= listener.refuses
                self.send_response(500 if refused else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def emulator(listener: Listener) -> Iterator[ZaloOaEmulator]:
    with ZaloOaEmulator(scale=1 / 3000) as emulator:
        emulator.webhook = listener.url
        emulator.pusher.budget = 30
        yield emulator


@pytest.fixture
def mother(emulator: ZaloOaEmulator) -> OaPerson:
    person = emulator.person("2512523625412515")
    person.last_interaction = time.time()
    return person


def renew(emulator: ZaloOaEmulator, **changes: str) -> dict[str, Any]:
    form = {
        "app_id": emulator.app_id,
        "refresh_token": emulator.refresh_token,
        "grant_type": "refresh_token",
    }
    headers = {"secret_key": changes.pop("secret", emulator.app_secret)}
    url = f"{emulator.url}/v4/oa/access_token"
    answer = httpx.post(url, data=form | changes, headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def send(emulator: ZaloOaEmulator, person: str, text: str, token: str = "") -> httpx.Response:
    body = {"recipient": {"user_id": person}, "message": {"text": text}}
    headers = {"access_token": token or emulator.access_token}
    answer = httpx.post(f"{emulator.url}/v3.0/oa/message/cs", json=body, headers=headers)
    assert answer.status_code == 200
    return answer


def test_tokens(emulator: ZaloOaEmulator, mother: OaPerson) -> None:
    first = renew(emulator)
    assert first["expires_in"] == "90000"
    assert renew(emulator, refresh_token="refresh-0")["error"] == -14014
    assert renew(emulator, app_id="1")["error"] == -14002
    assert renew(emulator, secret="x")["error"] == -14004
    assert renew(emulator, grant_type="x")["error"] == -14018
    assert send(emulator, mother.id, "a", "unknown").json()["error"] == -216
    assert send(emulator, mother.id, "a").json()["error"] == 0
    renew(emulator)
    assert send(emulator, mother.id, "a", first["access_token"]).json()["error"] == -220
    emulator.expires()
    assert send(emulator, mother.id, "a").json()["error"] == -220


def test_sending(emulator: ZaloOaEmulator, mother: OaPerson) -> None:
    renew(emulator)
    answer = send(emulator, mother.id, "hello, world!")
    data = answer.json()["data"]
    assert {"message_id", "user_id", "sent_time"} <= set(data)
    assert answer.headers["x-ratelimit-limit"] == "4000"
    assert send(emulator, mother.id, "e\u0302" * 2000).json()["error"] == 0
    assert send(emulator, mother.id, "a" * 2001).json()["error"] == -210
    assert send(emulator, mother.id, " ").json()["error"] == -201
    assert send(emulator, "nobody", "a").json()["error"] == -201
    mother.was_away(days=6)
    assert send(emulator, mother.id, "a").json()["error"] == 0
    mother.was_away(days=8)
    assert send(emulator, mother.id, "a").json()["error"] == -230
    mother.blocked = True
    assert send(emulator, mother.id, "a").json()["error"] == -217
    stranger = emulator.person("7")
    stranger.follows = False
    assert send(emulator, stranger.id, "a").json()["error"] == -213
    emulator.limit = 1
    assert send(emulator, mother.id, "a").json()["error"] == -32


def test_echo_after_each_message(
    emulator: ZaloOaEmulator, mother: OaPerson, listener: Listener
) -> None:
    renew(emulator)
    send(emulator, mother.id, "a")
    until(lambda: len(listener.got) == 3)
    names = [event["event_name"] for event in emulator.pushed]
    assert names == ["oa_send_text", "user_received_message", "user_seen_message"]


def test_webhooks_climb_the_ladder(
    emulator: ZaloOaEmulator, mother: OaPerson, listener: Listener
) -> None:
    listener.refuses = 3
    mother.sends("a")
    until(emulator.told)
    assert [headers.get("num_retry") for headers, _ in listener.got] == [None, "1", "2", "3"]
    bodies = {body for _, body in listener.got}
    assert len(bodies) == 1
    assert listener.got[0][0]["x-zevent-signature"].startswith("mac=")


def test_two_seconds_are_all_it_waits(
    emulator: ZaloOaEmulator, mother: OaPerson, listener: Listener
) -> None:
    assert BUDGET_SECONDS == 2
    emulator.pusher.budget = 0.2
    listener.goes_on.clear()
    mother.sends("a")
    until(lambda: emulator.pusher.statuses)
    assert emulator.pusher.statuses == [0]
    listener.goes_on.set()
