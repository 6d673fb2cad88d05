"""The one way to Rasa: whatever imports it calls `prepare()` first."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from bot import tensorflow_absent

_COSTLY = ("rasa.core.agent", "rasa.engine.recipes.default_recipe", "rasa.model_training")


def prepare() -> None:
    """Make `import rasa` possible and quiet: stand-ins, no telemetry, no message text in logs.

    Imports the parts of Rasa that are slow to import; does nothing the second time."""
    tensorflow_absent.install()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    with quiet():
        for name in _COSTLY:
            importlib.import_module(name)
        log_utils = importlib.import_module("rasa.utils.log_utils")
    # Rasa's own set-up would log to standard output, where commands print their results
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # unconfigured, structlog prints what people write, and their slots, at DEBUG
    log_utils.configure_structlog(logging.WARNING)


@contextmanager
def quiet() -> Iterator[None]:
    """Within, Rasa's deprecation warnings about libraries newer than it knows are not shown."""
    # recorded and dropped rather than filtered: Rasa resets the filters while it is imported
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore")
        yield
