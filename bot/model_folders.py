"""Folders of models that are trained here: what may be written over, and how."""

from __future__ import annotations

import shutil
from pathlib import Path

from knowledge_base.errors import EngineError


def refuse_others(target: Path, mark: str, kind: str) -> None:
    """Raise `EngineError` where `target` holds something but no `mark`, the file that every model
    of this kind has."""
    if target.exists() and any(target.iterdir()) and not (target / mark).is_file():
        raise EngineError(f"{target}: holds other files than {kind}; name another folder")


def put_in_place(made: Path, target: Path) -> None:
    """Put what was `made` where `target` is, with usual permissions."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(made, target, copy_function=shutil.copyfile)
