"""Training what understands messages stays short enough to do again after every edit."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from bot import rasa_import
from bot.model_files import ProjectPaths

MOST_SECONDS = 60


def test_training_takes_at_most_a_minute_of_one_processor(
    tmp_path: Path, rasa: None, monkeypatch
) -> None:
    from rasa.model_training import train_nlu

    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    monkeypatch.chdir(ProjectPaths().root)
    paths, data = ProjectPaths(), tmp_path / "data"
    data.mkdir()
    for number, path in enumerate(paths.training_files()):
        if "nlu_data" in path.parts:
            shutil.copy(path, data / f"{number}.yml")
    shutil.copy(paths.config, tmp_path / "config.yml")
    start = time.process_time()
    with rasa_import.quiet():
        model = train_nlu(str(tmp_path / "config.yml"), str(data), str(tmp_path))
    assert model is not None
    assert os.path.getsize(str(model)) < 60_000_000
    assert time.process_time() - start <= MOST_SECONDS
