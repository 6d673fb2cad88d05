"""Rotation of the tokens: each refresh token is used once, and kept before its pair is used."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.zalo_oa.channel import ZaloOaChannel
from bot.channels.zalo_oa.check import consent
from bot.channels.zalo_oa.tokens import Pair, Refused, Tokens
from bot.delivery.outbox import Later
from bot.delivery.store import Store
from bot.settings import Settings
from knowledge_base.errors import SettingsError
from tests.emulators.server import Server
from tests.emulators.zalo_oa import OaPerson, ZaloOaEmulator
from tests.waiting import until

Refresh = Callable[[str], Awaitable[Pair]]


def test_the_first_pair_and_the_next(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    mother.sends("a")
    mother.gets()
    emulator.expires()
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"
    given = [call["refresh_token"] for call in emulator.called("oauth")]
    assert given[0] == "refresh-0"
    assert len(given) == len(set(given)) == 2


def test_an_unknown_token_is_renewed_once(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    mother.sends("a")
    mother.gets()
    emulator.access_token = "another"
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"
    assert len(emulator.called("oauth")) == 2


def test_many_at_once_renew_once(bot: Server, emulator: ZaloOaEmulator) -> None:
    people = [emulator.person(str(number)) for number in range(1, 9)]
    people[0].sends("a")
    people[0].gets()
    emulator.expires()
    emulator.hangs("oauth", seconds=0.5)
    for person in people:
        person.sends("b")
    for person in people:
        assert person.gets()[-1].text.startswith("Đã nghe")
    assert len(emulator.called("oauth")) == 2


def test_the_pair_outlives_a_restart(
    serve: Callable[..., Server], mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    first = serve()
    mother.sends("a")
    mother.gets()
    emulator.settle()
    first.drop()
    serve()
    mother.sends("b")
    mother.gets()
    emulator.expires()
    mother.sends("c")
    assert mother.gets()[0].text == "Đã nghe: c"
    assert len(emulator.called("oauth")) == 2


def test_an_answer_without_a_refresh_token_keeps_the_old(
    serve: Callable[..., Server], mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    emulator.rotates = False
    serve()
    mother.sends("a")
    mother.gets()
    emulator.expires()
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"


def test_a_used_refresh_token_stops_sending_until_consent(
    serve: Callable[..., Server],
    mother: OaPerson,
    emulator: ZaloOaEmulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    emulator._used.add("refresh-0")
    server = serve()
    channel: ZaloOaChannel = server.app.state.channel
    mother.sends("a")
    until(lambda: channel.problem)
    assert "-14014" in str(channel.problem)
    assert "rong channels zalo-consent" in str(channel.problem)
    time.sleep(0.3)
    assert len(emulator.called("oauth")) == 1
    assert not emulator.called("message/cs")
    server.stop()
    emulator.refresh_token = "refresh-of-new-consent"
    serve(zalo_oa_refresh_token="refresh-of-new-consent")
    assert mother.gets()[0].text == "Đã nghe: a"


@pytest.mark.parametrize("given", ["c1", "https://rong.example/zalo?oa_id=3&code=c1"])
def test_consent_while_the_server_runs(
    serve: Callable[..., Server],
    mother: OaPerson,
    emulator: ZaloOaEmulator,
    options: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    given: str,
) -> None:
    monkeypatch.setattr("bot.channels.staff.STAFF_SECONDS", 0.2)
    emulator._used.add("refresh-0")
    serve()
    mother.sends("a")
    emulator.waits_for("oauth")
    settings = Settings(_env_file=None, **options)
    with pytest.raises(SettingsError, match="ten minutes"):
        asyncio.run(consent(settings, given))
    emulator.codes = ["c1"]
    assert asyncio.run(consent(settings, given)) == "Nhà Rông"
    assert mother.gets()[0].text == "Đã nghe: a"
    emulator.expires()
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"


def test_an_outage_of_the_login_is_no_refusal(
    serve: Callable[..., Server], mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    emulator.fails("oauth")
    emulator.refuses("oauth", -32)
    serve()
    mother.sends("a")
    assert mother.gets()[0].text == "Đã nghe: a"


def test_no_token_yet(serve: Callable[..., Server], emulator: ZaloOaEmulator) -> None:
    channel: ZaloOaChannel = serve(zalo_oa_refresh_token=None).app.state.channel
    assert "there is no token yet" in str(channel.problem)
    assert not emulator.called("oauth")


# --- the row in the database, without HTTP


class Login:
    """Hands out pairs; a refresh token works once."""

    def __init__(self, seconds: float = 0) -> None:
        self.used: list[str] = []
        self.seconds = seconds

    async def __call__(self, refresh_token: str) -> Pair:
        if refresh_token in self.used:
            raise Refused("used twice")
        self.used.append(refresh_token)
        await asyncio.sleep(self.seconds)
        number = len(self.used)
        return Pair(f"access-{number}", f"refresh-{number}", 90000)


async def opened(path: Path, refresh: Refresh, given: str = "refresh-0") -> tuple[Store, Tokens]:
    store = Store(f"sqlite:///{path / 'rong.db'}")
    await store.open()
    tokens = Tokens(store, "1", given, refresh)
    await tokens.open()
    return store, tokens


async def test_two_processes_ask_once(tmp_path: Path) -> None:
    login = Login(0.3)
    (one, first), (two, second) = [await opened(tmp_path, login) for _ in range(2)]
    found = await asyncio.gather(*(t.access() for t in (first, second, first, second)))
    assert {access.token for access in found} == {"access-1"}
    found = await asyncio.gather(*(t.renew(found[0].generation) for t in (first, second)))
    assert {access.token for access in found} == {"access-2"}
    assert login.used == ["refresh-0", "refresh-1"]
    await one.close()
    await two.close()


async def test_saved_before_it_is_used(tmp_path: Path) -> None:
    store, tokens = await opened(tmp_path, Login())
    access = await tokens.access()
    # As another process sees it when this one is killed now.
    with sqlite3.connect(tmp_path / "rong.db") as database:
        row = database.execute("SELECT access_token, refresh_token FROM zalo_oa_tokens").fetchone()
    database.close()
    assert row == (access.token, "refresh-1")
    await store.close()
    login = Login()
    login.used = ["refresh-0"]
    store, tokens = await opened(tmp_path, login)
    assert (await tokens.access()).token == "access-1"
    assert (await tokens.renew(access.generation)).token == "access-2"
    await store.close()


async def test_a_cancelled_caller_loses_no_pair(tmp_path: Path) -> None:
    store, tokens = await opened(tmp_path, Login(0.3))
    caller = asyncio.create_task(tokens.access())
    await asyncio.sleep(0.1)
    caller.cancel()
    await tokens.close()
    assert (await tokens.access()).token == "access-1"
    await store.close()


async def test_a_lease_of_a_killed_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa.tokens.LEASE_SECONDS", 2)
    store, tokens = await opened(tmp_path, Login())
    started = time.monotonic()
    assert await store.run(tokens._lease, 0)
    assert (await tokens.access()).token == "access-1"
    assert time.monotonic() - started > 0.9
    await store.close()


async def test_a_refusal_is_remembered(tmp_path: Path) -> None:
    login = Login()
    login.used = ["refresh-0"]
    store, tokens = await opened(tmp_path, login)
    for _ in range(3):
        with pytest.raises(Later, match="consent anew"):
            await tokens.access()
    assert "consent anew" in str(await tokens.problem())
    await store.close()
    # The same settings change nothing; a new consent does.
    store, tokens = await opened(tmp_path, login)
    assert await tokens.problem()
    await store.close()
    store, tokens = await opened(tmp_path, login, "refresh-new")
    assert (await tokens.access()).token == "access-2"
    await store.close()


async def test_an_old_token_is_used_while_the_login_is_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def out(_: str) -> Pair:
        raise Later("HTTP 502")

    store, tokens = await opened(tmp_path, Login())
    await tokens.access()
    await store.close()
    store, tokens = await opened(tmp_path, out)
    now = time.time()
    monkeypatch.setattr("bot.channels.zalo_oa.tokens.time.time", lambda: now + 89000)
    assert (await tokens.access()).token == "access-1"
    monkeypatch.setattr("bot.channels.zalo_oa.tokens.time.time", lambda: now + 91000)
    with pytest.raises(Later, match="502"):
        await tokens.access()
    await store.close()


def test_settings_hold_no_secret_in_words(options: dict[str, Any]) -> None:
    shown = repr(Settings(_env_file=None, **options))
    assert "the-application-secret" not in shown
    assert "refresh-0" not in shown
