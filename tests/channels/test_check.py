"""What an operator is told by `rong channels check`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.check import check_channels
from bot.settings import Settings
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.zalo_bot import ZaloBotEmulator
from tests.emulators.zalo_oa import ZaloOaEmulator

PUBLIC = "https://rong.example"
SECRET = "a-secret-of-the-tests"


class Internet(httpx.AsyncBaseTransport):
    """Answers for `rong.example`; everything else is asked for real. `ahead`: of its clock."""

    def __init__(self, status: int = 200, ahead: float = 0) -> None:
        self._real = httpx.AsyncHTTPTransport()
        self.status = status
        self.ahead = ahead

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "rong.example":
            if not self.status:
                raise httpx.ConnectError("no route")
            return httpx.Response(self.status)
        response = await self._real.handle_async_request(request)
        if self.ahead:
            import time

            response.headers["date"] = formatdate(time.time() + self.ahead, usegmt=True)
        return response

    async def aclose(self) -> None:
        await self._real.aclose()


def wrong(internet: Internet | None = None, **settings: Any) -> list[str]:
    """What is wrong, in words."""

    async def look() -> list[str]:
        found = Settings(_env_file=None, **settings)
        return [
            f"{finding.channel}: {finding.text}"
            async for finding in check_channels(found, internet or Internet())
            if not finding.ok
        ]

    return asyncio.run(look())


def test_nothing_set_up(tmp_path: Path) -> None:
    assert wrong(data_dir=tmp_path) == []


@pytest.fixture
def oa(tmp_path: Path) -> Iterator[tuple[ZaloOaEmulator, dict[str, Any]]]:
    with ZaloOaEmulator() as emulator:
        yield (
            emulator,
            {
                "data_dir": str(tmp_path),
                "zalo_oa_app_id": emulator.app_id,
                "zalo_oa_app_secret": emulator.app_secret,
                "zalo_oa_secret_key": emulator.secret_key,
                "zalo_oa_refresh_token": emulator.refresh_token,
                "zalo_oa_api_url": emulator.url,
                "zalo_oa_oauth_url": emulator.url,
                "public_url": PUBLIC,
            },
        )


OA_CASES: list[tuple[dict[str, Any], str]] = [
    ({"zalo_oa_app_id": "abc"}, "RONG_ZALO_OA_APP_ID"),
    ({"zalo_oa_app_secret": None}, "RONG_ZALO_OA_APP_SECRET: missing"),
    ({"zalo_oa_secret_key": None}, "RONG_ZALO_OA_SECRET_KEY: missing"),
    ({"zalo_oa_secret_key": "the-application-secret"}, "is the same as"),
    ({"zalo_oa_app_secret": "another"}, "-14004"),
    ({"zalo_oa_refresh_token": "used"}, "-14014 Invalid refresh token.); give the application"),
    ({"zalo_oa_refresh_token": None}, "there is no token yet"),
    ({"zalo_oa_api_url": "http://127.0.0.1:9"}, "does not answer"),
    ({"public_url": ""}, "RONG_PUBLIC_URL is missing"),
    ({"public_url": "http://rong.example"}, "must begin with https://"),
    ({"public_url": "https://rong.example:8000"}, "port 8000"),
    ({"public_url": "https://rong.example/bot"}, "nothing after it"),
]


@pytest.mark.parametrize(("changes", "says"), OA_CASES)
def test_official_account(
    oa: tuple[ZaloOaEmulator, dict[str, Any]], changes: dict[str, Any], says: str
) -> None:
    [finding] = wrong(**(oa[1] | changes))
    assert says in finding
    for secret in ("the-application-secret", "the-oa-secret-key", "refresh-0"):
        assert secret not in finding


def test_the_account_itself(oa: tuple[ZaloOaEmulator, dict[str, Any]]) -> None:
    emulator, options = oa
    assert wrong(**options) == []
    emulator.refuses("getoa", -204)
    assert "the Official Account is disabled" in wrong(**options)[0]
    # As long as the server runs, the check renews nothing behind its back.
    assert wrong(**options) == []
    assert len(emulator.called("oauth")) == 1


@pytest.mark.parametrize(
    ("internet", "says"),
    [
        (Internet(status=0), "does not answer from here (ConnectError)"),
        (Internet(status=502), "/health answers 502"),
        (Internet(ahead=600), "s behind: switch on time"),
        (Internet(ahead=-7200), "s ahead: switch on time"),
    ],
)
def test_address_and_clock(
    oa: tuple[ZaloOaEmulator, dict[str, Any]], internet: Internet, says: str
) -> None:
    [finding] = wrong(internet, **oa[1])
    assert says in finding


def test_zalo_bot(tmp_path: Path) -> None:
    with ZaloBotEmulator() as emulator:
        options = {
            "data_dir": str(tmp_path),
            "zalo_bot_token": emulator.token,
            "zalo_bot_api_url": emulator.url,
            "zalo_bot_webhook_secret": SECRET,
            "public_url": PUBLIC,
        }
        assert "does not send to" in wrong(**options)[0]
        emulator.webhook = {"url": f"{PUBLIC}/zalo/bot/webhook", "secret_token": SECRET}
        assert wrong(**options) == []
        assert "RONG_ZALO_BOT_TOKEN is wrong" in wrong(**(options | {"zalo_bot_token": "1:x"}))[0]
        assert "secrets.token_urlsafe" in wrong(**(options | {"zalo_bot_webhook_secret": "x"}))[0]
        assert wrong(**(options | {"zalo_bot_mode": "polling", "public_url": ""})) == []


def test_telegram(tmp_path: Path) -> None:
    with TelegramEmulator() as emulator:
        options = {
            "data_dir": str(tmp_path),
            "telegram_token": emulator.token,
            "telegram_api_url": emulator.url,
            "telegram_webhook_secret": SECRET,
            "public_url": PUBLIC,
        }
        assert "does not send to" in wrong(**options)[0]
        emulator.webhook = {"url": f"{PUBLIC}/telegram/webhook"}
        assert wrong(**options) == []
        emulator.webhook["last_error_message"] = "Wrong response from the webhook: 502"
        assert "could not deliver" in wrong(**options)[0]
        assert "RONG_TELEGRAM_TOKEN is refused" in wrong(**(options | {"telegram_token": "1:x"}))[0]
        assert wrong(**(options | {"telegram_mode": "polling"})) == []
