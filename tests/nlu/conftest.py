"""The project's model as `rong understand` reads it, and Rasa made ready for its components."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import rasa_import
from bot.understanding import Understanding


@pytest.fixture(scope="session")
def understanding(model: Path) -> Understanding:
    return Understanding.from_model(model)


@pytest.fixture(scope="session")
def rasa() -> None:
    """Rasa's recipe, which the components register with, can be imported."""
    rasa_import.prepare()
