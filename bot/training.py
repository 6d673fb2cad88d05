"""Training the Rasa model when the files it is made from have changed.

A training cut short leaves nothing behind that could be taken for a model, and the old one usable.
"""

from __future__ import annotations

import gc
import io
import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from bot.model_files import ProjectPaths, model_path
from knowledge_base.errors import EngineError

KEPT_MODELS = 2
"""The newest models; one more than is used, because another process may be loading it."""


@dataclass(frozen=True)
class Trained:
    """A model that fits: its file, and what Rasa found odd while training (if it just did)."""

    path: Path
    warnings: tuple[str, ...] = ()


def is_stale(paths: ProjectPaths | None = None) -> bool:
    """Whether there is no model for the files as they are now."""
    return not model_path(paths or ProjectPaths()).exists()


def ensure_model(
    paths: ProjectPaths | None = None,
    *,
    force: bool = False,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Trained:
    """The model for the files as they are now, trained if it is missing or `force` asks for it.

    `on_stage` is told what is being trained. Raises `EngineError` when Rasa can't train."""
    paths = paths or ProjectPaths()
    target = model_path(paths)
    if target.exists() and not force:
        return Trained(target)
    paths.models.mkdir(parents=True, exist_ok=True)
    build = Path(tempfile.mkdtemp(prefix=".training-", dir=paths.models))
    try:
        oddities = _train(paths, build, on_stage)
        os.replace(build / "model.tar.gz", target)
    finally:
        shutil.rmtree(build, ignore_errors=True)
    models = sorted(paths.models.glob("nha-rong-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT_MODELS]:
        old.unlink(missing_ok=True)
    return Trained(target, oddities)


def _train(paths: ProjectPaths, build: Path, on_stage: Callable[[str], None]) -> tuple[str, ...]:
    """Train into `build`; what Rasa prints is kept for the error message."""
    on_stage("Rasa")
    from bot import rasa_import

    rasa_import.prepare()
    from rasa.model_training import train
    from rasa.utils.common import EXPECTED_WARNINGS
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread for bars that nobody sees: see text/beside.py

    shutil.copy(paths.config, build / "config.yml")  # Rasa writes its guesses into this file
    printed = io.StringIO()
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            redirect_stdout(printed),
            redirect_stderr(printed),
            _stages(on_stage),
            _no_cache(build),
            _no_collecting(),
        ):
            warnings.simplefilter("always")
            result = train(
                domain=str(paths.domain),
                config=str(build / "config.yml"),
                training_files=[str(path) for path in paths.training_files()],
                output=str(build),
                fixed_model_name="model",
                force_training=True,
            )
    except (Exception, SystemExit) as error:  # Rasa ends the process over wrong training data
        raise EngineError(f"the model can't be trained: {_told(printed, error)}") from error
    if result.model is None:
        raise EngineError(f"the model can't be trained: {_told(printed)}")
    said = (str(warning.message) for warning in caught if warning.category is UserWarning)
    expected = [pattern for category, pattern in EXPECTED_WARNINGS if category is UserWarning]
    odd = (told for told in said if not any(re.match(pattern, told) for pattern in expected))
    return tuple(dict.fromkeys(odd))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Within, Python doesn't look for cycles: training makes millions of objects and none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _told(printed: io.StringIO, error: BaseException | None = None) -> str:
    own = "" if error is None or isinstance(error, SystemExit) else str(error)
    return own or printed.getvalue().strip()[-2000:] or repr(error)


@contextmanager
def _stages(on_stage: Callable[[str], None]) -> Iterator[None]:
    """Pass on the names of the components as Rasa logs that it trains them."""

    class Told(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "Starting to train component" in record.getMessage():
                on_stage(record.getMessage().split("'")[1])

    logger, handler = logging.getLogger("rasa.engine.training.hooks"), Told()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


@contextmanager
def _no_cache(build: Path) -> Iterator[None]:
    """Rasa's cache can't tell when a module that a component uses has changed. Nor does Rasa then
    need to make fingerprints of what each component gives, which takes as long as training."""
    from rasa.engine.training.hooks import TrainingHook

    ours = {"RASA_CACHE_DIRECTORY": str(build / "cache"), "RASA_MAX_CACHE_SIZE": "0"}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    hooks = TrainingHook.on_before_node, TrainingHook.on_after_node
    TrainingHook.on_before_node = lambda *args, **kwargs: {}
    TrainingHook.on_after_node = lambda *args, **kwargs: None
    try:
        yield
    finally:
        TrainingHook.on_before_node, TrainingHook.on_after_node = hooks
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
