"""The few words the channel itself says: button and command labels, and that something failed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from bot.settings import PROJECT

PHRASES = PROJECT / "knowledge_base" / "phrases.yml"

LISTEN = "ui.listen"
SLOWER = "ui.slower"
NO_AUDIO = "ui.no_audio"
ERROR = "bot.error"
OR_TYPE = "bot.or_type"
COMMAND = "bot.command."


def load_phrases(path: Path = PHRASES) -> dict[str, str]:
    """The bot's own phrases in Vietnamese, by message id."""
    found = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    return {str(name): str(text) for name, text in found.items()}


def commands(phrases: Mapping[str, str]) -> list[tuple[str, str]]:
    """Commands that have a description, in the order of the phrases."""
    return [
        (name.removeprefix(COMMAND), text)
        for name, text in phrases.items()
        if name.startswith(COMMAND)
    ]
