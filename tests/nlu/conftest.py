"""Rasa made ready for its components."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from bot import rasa_import


@pytest.fixture(scope="session")
def rasa() -> None:
    """Rasa's recipe, which the components register with, can be imported."""
    rasa_import.prepare()


@pytest.fixture(scope="session")
def st() -> Any:
    """The class SentenceTransformer. Its import takes seconds and warns of itself."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("HF_HUB_OFFLINE", "1")
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer
    return SentenceTransformer
