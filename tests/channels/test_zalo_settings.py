from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.channels import zalo_bot, zalo_oa
from bot.settings import Settings
from knowledge_base.errors import SettingsError
from tests.channels.assistant import SmallAssistant

BOT = {
    "zalo_bot_token": "42:abc",
    "zalo_bot_webhook_secret": "s" * 16,
    "public_url": "https://rong.example",
}
OA = {"zalo_oa_app_id": "42", "zalo_oa_app_secret": "s", "zalo_oa_secret_key": "k"}


def settings(folder: Path, **given: Any) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **given)


def test_not_set_up(tmp_path: Path) -> None:
    assert zalo_bot.connect(settings(tmp_path), SmallAssistant(), None) is None
    assert zalo_oa.connect(settings(tmp_path), SmallAssistant(), None) is None


def test_connects(tmp_path: Path) -> None:
    assert zalo_bot.connect(settings(tmp_path, **BOT), SmallAssistant(), None)
    polling = {"zalo_bot_token": "42:abc", "zalo_bot_mode": "polling"}
    assert zalo_bot.connect(settings(tmp_path, **polling), SmallAssistant(), None)
    found = zalo_oa.connect(settings(tmp_path, **OA), SmallAssistant(), None)
    assert found is not None
    assert found.capabilities.buttons == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zalo_bot_webhook_secret": None}, "secrets.token_urlsafe"),
        ({"zalo_bot_webhook_secret": "short"}, "secrets.token_urlsafe"),
        ({"public_url": ""}, "RONG_ZALO_BOT_MODE=polling"),
        ({"zalo_bot_token": "nonsense"}, "RONG_ZALO_BOT_TOKEN"),
    ],
)
def test_what_the_bot_lacks(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as error:
        zalo_bot.connect(settings(tmp_path, **(BOT | changes)), SmallAssistant(), None)
    assert "nonsense" not in str(error.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zalo_oa_app_id": "x1"}, "digits only"),
        ({"zalo_oa_app_secret": None}, "RONG_ZALO_OA_APP_SECRET: missing"),
        ({"zalo_oa_secret_key": ""}, "RONG_ZALO_OA_SECRET_KEY: missing"),
    ],
)
def test_what_the_account_lacks(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        zalo_oa.connect(settings(tmp_path, **(OA | changes)), SmallAssistant(), None)
