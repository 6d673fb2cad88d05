from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram import connect
from bot.channels.telegram.channel import CHAT_BURST
from bot.settings import Settings
from knowledge_base.errors import SettingsError
from tests.channels.assistant import SmallAssistant

GOOD = {
    "telegram_token": "42:abc",
    "telegram_webhook_secret": "s" * 16,
    "public_url": "https://rong.example",
}


def connected(**changes: Any) -> bool:
    settings = Settings(_env_file=None, **(GOOD | changes))
    return connect(settings, SmallAssistant(), None) is not None


def test_no_token_no_channel() -> None:
    assert not connected(telegram_token=None)
    assert not connected(telegram_token="")


async def test_one_person_gets_a_few_messages_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.channel.CHAT_PER_SECOND", 0.001)
    channel = connect(Settings(_env_file=None, **GOOD), SmallAssistant(), None)
    assert channel is not None
    pace = channel.courier._pace
    for _ in range(CHAT_BURST):
        assert pace.wait("telegram:1") == 0
        await pace.turn("telegram:1")
    assert pace.wait("telegram:1") > 0
    assert pace.wait("telegram:2") == 0


def test_connects() -> None:
    assert connected()
    assert connected(telegram_mode="polling", telegram_webhook_secret=None, public_url="")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"telegram_webhook_secret": None}, "secrets.token_urlsafe"),
        ({"telegram_webhook_secret": "short"}, "secrets.token_urlsafe"),
        ({"telegram_webhook_secret": "with a space, and long"}, "letters, digits"),
        ({"public_url": ""}, "RONG_TELEGRAM_MODE=polling"),
        ({"telegram_token": "nonsense"}, "RONG_TELEGRAM_TOKEN"),
    ],
)
def test_says_what_is_missing(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as error:
        connected(**changes)
    assert "nonsense" not in str(error.value)
