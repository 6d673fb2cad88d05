"""Fixtures shared by tests that need the real engine; the model is trained if it is not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import certifi
import pytest

from bot.engine import Engine
from bot.settings import Settings
from bot.understanding import Understanding

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one authority's certificate."""
    end = "-----END CERTIFICATE-----\n"
    path = tmp_path_factory.mktemp("tls") / "one.pem"
    path.write_text(Path(certifi.where()).read_text("utf-8").partition(end)[0] + end, "utf-8")
    return path


@pytest.fixture
def no_tls(one_certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that make many clients and use no TLS: to read all authorities takes each 30 ms."""
    monkeypatch.setenv("SSL_CERT_FILE", str(one_certificate))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a test run: its own folder and database, a fixed day, no network."""
    folder: Path = tmp_path_factory.mktemp("var")
    return Settings(
        _env_file=None, data_dir=folder, today=TODAY, voice_online=False, telegram_token=None
    )


@pytest.fixture(scope="session")
def model() -> Path:
    """The project's own trained model."""
    from bot.training import ensure_model

    return ensure_model().path


@pytest.fixture(scope="session")
def understanding(model: Path) -> Understanding:
    """The project's model as `rong understand` reads it."""
    return Understanding.from_model(model)


@pytest.fixture(scope="session")
def engine(settings: Settings, model: Path) -> Engine:
    """The real engine on the project's own files."""
    from knowledge_base.load import load

    return Engine.load(settings, model, load())
