"""Settings: the only reader of the environment. Every name starts with `RONG_`."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge_base.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set, from the environment or a `.env` file in the project folder."""

    model_config = SettingsConfigDict(env_prefix="RONG_", env_file=PROJECT / ".env", extra="forbid")

    host: str = "0.0.0.0"
    port: int = 8000
    public_url: str = ""
    """Address that messengers and phones reach, for webhooks and audio links."""
    data_dir: Path = PROJECT / "var"
    database_url: str = ""
    """SQLAlchemy URL; empty means SQLite in `data_dir`."""
    commune: str = ""
    """Folder of `knowledge_base/communes` with the office and overrides of the commune served;
    empty means the one of `knowledge_base/office.yml`."""
    reload_seconds: float = 10
    """How often changed files of the knowledge base are looked for while serving; 0 is never."""
    today: date | None = None
    """Pretend that it is this day (to see what a law change does); empty means the clock."""
    publish: Literal["pilot", "live"] = "pilot"
    """pilot shows drafts with a mark and the Vietnamese beneath; live shows reviewed text only."""
    session_days: int = 30
    """A conversation nobody touched for this many days is erased."""
    kiosk_idle_seconds: int = 60
    voice_online: bool = True
    """Use online speech synthesis (gTTS) before the offline voice."""
    recognition_online: bool = True
    """Understand spoken messages with an online service where no model is installed. Each person
    is asked before a voice is sent there."""
    recognition_models: Path | None = None
    """Folder with models of speech recognition: `vosk/<language>/…`, `faster_whisper/…`."""
    write_from: int = Field(default=7, ge=0, le=23)
    write_until: int = Field(default=20, ge=1, le=24)
    """Hours of the day in Vietnam between which reminders are sent."""
    counter_password: SecretStr | None = None
    """Opens `/counter`; without one it opens on this computer only."""
    metrics_token: SecretStr | None = None
    """Opens `/metrics` to who sends it as a bearer token; without one it opens on this computer
    only."""
    telegram_token: SecretStr | None = None
    telegram_mode: Literal["webhook", "polling"] = "webhook"
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_per_second: float = Field(default=30, gt=0)
    """Most messages sent to Telegram in a second, by all processes together."""
    link_secret: SecretStr | None = None
    """Signs the links to sound; empty means one that is made once and kept in `data_dir`."""
    zalo_oa_app_id: str = ""
    """Number of the Zalo application; without it there is no Official Account."""
    zalo_oa_app_secret: SecretStr | None = None
    zalo_oa_secret_key: SecretStr | None = None
    """OA Secret Key of the webhook page: signs what Zalo sends; not the application's secret."""
    zalo_oa_refresh_token: SecretStr | None = None
    """Token of the last consent. Later ones are kept in the database; a new one here replaces
    them."""
    zalo_oa_buttons: bool = False
    zalo_oa_billed: bool = False
    """Whether reminders and a clerk's words may be sent when Zalo charges for them, from 48 hours
    to 7 days after what the person last did."""
    zalo_oa_api_url: str = "https://openapi.zalo.me"
    zalo_oa_oauth_url: str = "https://oauth.zaloapp.com"
    zalo_bot_token: SecretStr | None = None
    zalo_bot_mode: Literal["webhook", "polling"] = "webhook"
    zalo_bot_webhook_secret: SecretStr | None = None
    zalo_bot_api_url: str = "https://bot-api.zaloplatforms.com"

    @cached_property
    def database(self) -> str:
        """SQLAlchemy URL of the database in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'rong.db'}"

    @cached_property
    def audio_cache(self) -> Path:
        """Folder of rendered audio."""
        return self.data_dir / "audio"

    def day(self) -> date:
        """Today, or the pretended day."""
        return self.today or date.today()


def load_settings() -> Settings:
    """Read the settings; a wrong one is a `SettingsError` that names it and what is allowed."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"RONG_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']} (found {e.get('input')!r})"
            for e in error.errors()
        ]
        raise SettingsError("settings:\n" + "\n".join(lines)) from error
