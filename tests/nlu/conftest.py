"""Rasa made ready for its components."""

from __future__ import annotations

import pytest

from bot import rasa_import


@pytest.fixture(scope="session")
def rasa() -> None:
    """Rasa's recipe, which the components register with, can be imported."""
    rasa_import.prepare()
