"""Fixtures shared by tests that need the real engine; the model is trained if it is not there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.settings import Settings
from bot.understanding import Understanding

TODAY = date(2026, 11, 23)


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
