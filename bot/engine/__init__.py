"""The dialogue engine: Rasa in process, one turn in, message ids out."""

from __future__ import annotations

from bot.engine.engine import Engine, EngineTurn

__all__ = ["Engine", "EngineTurn"]
