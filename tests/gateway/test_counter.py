"""The clerk's page: nothing without a password or without a code; two languages side by side."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.engine import Engine
from bot.settings import Settings
from bot.tries import MOST
from tests.gateway.people import browser, running, taps
from tests.gateway.test_carry import SPOKEN

PASSWORD = "mật khẩu của quầy"
JOURNEY = ["language:en", "start:birth_registration", "answer:within_deadline", "answer:home"]


@pytest.fixture
async def app(engine: Engine, settings: Settings) -> AsyncIterator[Any]:
    protected = settings.model_copy(update={"counter_password": SecretStr(PASSWORD)})
    async with running(engine, protected) as app:
        yield app


@pytest.fixture
async def clerk(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app, f"2001:db8::{uuid.uuid4().hex[:4]}") as client:
        yield client


async def code_for(app: Any, journey: list[str]) -> str:
    async with browser(app) as phone:
        body = await taps(phone, uuid.uuid4().hex, [*journey, "act:counter_code"])
    found: str = SPOKEN.findall(str(body["messages"]))[0]
    return found


async def login(client: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/counter/login", data={"password": password})


async def opened(client: httpx.AsyncClient, code: str) -> httpx.Response:
    answer = await client.post("/counter/open", data={"code": code})
    assert answer.status_code == 303, answer.text
    return await client.get(answer.headers["location"])


async def test_a_case_in_two_languages(app: Any, clerk: httpx.AsyncClient) -> None:
    code = await code_for(app, JOURNEY)
    assert (await login(clerk)).status_code == 303
    shown = await opened(clerk, code.lower())
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    vietnamese, english = "Đăng ký khai sinh", "Birth registration"
    assert vietnamese in shown.text
    assert english.lower() in shown.text.lower()
    assert "Người dân đang ở đây" in shown.text
    assert "Đã trả lời" in shown.text
    assert code not in shown.text


async def test_next_and_back_through_the_script(app: Any, clerk: httpx.AsyncClient) -> None:
    await login(clerk)
    shown = await opened(clerk, await code_for(app, JOURNEY))
    seen = 0
    while following := re.search(r'class="button main" href="([^"]+)"', shown.text):
        shown = await clerk.get(following[1].replace("&amp;", "&"))
        assert shown.status_code == 200
        seen += 1
        assert seen < 60
    back = re.search(r'class="button" href="([^"]+)"', shown.text)
    assert back or not seen


async def test_another_language_and_an_unknown_one(app: Any, clerk: httpx.AsyncClient) -> None:
    await login(clerk)
    answer = await clerk.post("/counter/open", data={"code": await code_for(app, JOURNEY)})
    case = answer.headers["location"]
    assert (await clerk.get(f"{case}&language=bdq")).status_code == 200
    assert (await clerk.get(f"{case}&language=xx")).status_code == 404
    assert (await clerk.get(f"{case}&at=no-such-stop")).status_code == 200


async def test_somebody_who_has_chosen_nothing_yet(app: Any, clerk: httpx.AsyncClient) -> None:
    await login(clerk)
    shown = await opened(clerk, await code_for(app, []))
    assert "Người dân chưa chọn việc nào." in shown.text


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), "x" * 150])
async def test_nothing_without_the_password(
    app: Any, clerk: httpx.AsyncClient, password: str
) -> None:
    code = await code_for(app, JOURNEY)
    async with browser(app, f"2001:db8::{uuid.uuid4().hex[:4]}") as known:
        await login(known)
        case = (await known.post("/counter/open", data={"code": code})).headers["location"]
    assert (await login(clerk, password)).status_code == 403
    for answer in (
        await clerk.get("/counter"),
        await clerk.get(case),
        await clerk.post("/counter/open", data={"code": code}),
        await clerk.get("/counter", headers={"cookie": "rong_counter=99999999999.00"}),
        await clerk.get("/counter", headers={"cookie": "rong_counter=9999999999é.é".encode()}),
    ):
        assert answer.status_code == 403
        assert 'name="password"' in answer.text
        assert "khai sinh" not in answer.text.lower()


async def test_guessing_the_password_is_slow(clerk: httpx.AsyncClient) -> None:
    for _ in range(MOST):
        assert (await login(clerk, "wrong")).status_code == 403
    assert (await login(clerk)).status_code == 429


async def test_nothing_without_a_code(app: Any, clerk: httpx.AsyncClient) -> None:
    await code_for(app, JOURNEY)
    await login(clerk)
    for _ in range(MOST):
        answer = await clerk.post("/counter/open", data={"code": "222-222"})
        assert answer.status_code == 404
        assert "Mã này sai" in answer.text
    good = await code_for(app, JOURNEY)
    assert (await clerk.post("/counter/open", data={"code": good})).status_code == 429
    assert (await clerk.get("/counter/case")).status_code == 404
    assert (await clerk.post("/counter/open", data={"code": "<script>"})).status_code == 404


async def test_logging_out(app: Any, clerk: httpx.AsyncClient) -> None:
    await login(clerk)
    assert (await clerk.get("/counter")).status_code == 200
    await clerk.post("/counter/logout")
    assert (await clerk.get("/counter")).status_code == 403


async def test_a_shift_ends(clerk: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.gateway import counter

    await login(clerk)
    clock = counter.time.time()
    monkeypatch.setattr(counter.time, "time", lambda: clock + counter.SHIFT + 1)
    assert (await clerk.get("/counter")).status_code == 403


async def test_a_cookie_that_scripts_and_other_sites_never_get(clerk: httpx.AsyncClient) -> None:
    cookie = (await login(clerk)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    policy = (await clerk.get("/counter")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy


class TestWithoutPassword:
    @pytest.fixture
    async def app(self, engine: Engine, settings: Settings) -> AsyncIterator[Any]:
        async with running(engine, settings) as app:
            yield app

    async def test_on_this_computer(self, app: Any) -> None:
        async with browser(app, "127.0.0.1", "localhost") as here:
            shown = await here.get("/counter")
            assert shown.status_code == 200
            assert "Không có lời nhắn nào bị kẹt." in shown.text
            assert (await opened(here, await code_for(app, JOURNEY))).status_code == 200

    @pytest.mark.parametrize(
        ("host", "name", "headers"),
        [
            ("203.0.113.9", "localhost", {}),
            ("192.168.1.20", "192.168.1.10:8000", {}),
            ("127.0.0.1", "rong.example", {}),
            ("127.0.0.1", "localhost", {"x-forwarded-for": "203.0.113.9"}),
            ("127.0.0.1", "localhost", {"cf-connecting-ip": "203.0.113.9"}),
        ],
        ids=["elsewhere", "neighbour", "another name", "proxy", "tunnel"],
    )
    async def test_nowhere_else(
        self, app: Any, host: str, name: str, headers: dict[str, str]
    ) -> None:
        async with browser(app, host, name) as client:
            shown = await client.get("/counter", headers=headers)
            assert shown.status_code == 403
            assert "RONG_COUNTER_PASSWORD" in shown.text
            code = await code_for(app, JOURNEY)
            answer = await client.post("/counter/open", data={"code": code}, headers=headers)
            assert answer.status_code == 403
            assert (await client.post("/counter/login", data={"password": ""})).status_code == 403


class Messenger:
    """A channel that gave up on two messages."""

    name = "telegram"

    async def undelivered(self) -> list[tuple[str, str]]:
        return [("telegram:123456789", "bot was blocked by the user"), ("telegram:7", "<b>x</b>")]


async def test_what_could_not_be_delivered(app: Any, clerk: httpx.AsyncClient) -> None:
    app.state.parts.channels = [Messenger()]
    await login(clerk)
    shown = (await clerk.get("/counter")).text
    assert "bot was blocked by the user" in shown
    assert "…6789" in shown
    assert "123456789" not in shown
    assert "<b>x</b>" not in shown
