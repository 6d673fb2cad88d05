"""What a bot with a token needs before it connects, whichever messenger it lives in."""

from __future__ import annotations

import re

from pydantic import SecretStr

from bot.settings import Settings
from knowledge_base.errors import SettingsError

MAKE_SECRET = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'


def has_token(name: str, token: SecretStr | None, source: str) -> bool:
    """Whether a token is set. Raises `SettingsError` for one that can't be a bot's; `name` is the
    setting's name, `source` says where to copy the token from."""
    if token is None or not token.get_secret_value():
        return False
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token.get_secret_value()):
        raise SettingsError(
            f"{name}: not a bot token (digits, a colon, letters); copy it again from {source}"
        )
    return True


def check_webhook(
    settings: Settings, prefix: str, secret: SecretStr | None, messenger: str
) -> None:
    """Raises `SettingsError` when webhook mode lacks its secret or a public address; `prefix` is
    how the settings of this bot begin."""
    if secret is None or not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
        raise SettingsError(
            f"{prefix}_WEBHOOK_SECRET: webhook mode needs a secret of 16 to 256 letters, "
            f"digits, _ or -, or anyone could write to the bot; make one with: {MAKE_SECRET}"
        )
    if not settings.public_url:
        raise SettingsError(
            f"RONG_PUBLIC_URL: webhook mode needs the https address that {messenger} reaches; "
            f"where there is none, set {prefix}_MODE=polling"
        )
