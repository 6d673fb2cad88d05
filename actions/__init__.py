"""Rasa actions: thin over `knowledge_base.guide`, found by looking at this package."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rasa_sdk import Action

    from actions.base import Surroundings


def all_actions(surroundings: Surroundings) -> list[Action]:
    """One of each action of this package."""
    from actions.base import GuideAction

    found: dict[str, Action] = {}
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, GuideAction) and not inspect.isabstract(kind):
                found[kind.action_name] = kind(surroundings)
    return list(found.values())
