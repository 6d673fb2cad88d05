"""A checklist as PDF. Typst sets it: it shapes every letter, and gives text that can be copied."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from bot import web
from bot.documents.checklist import Checklist
from knowledge_base.errors import RenderError

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "checklist.typ"
FONTS = HERE / "fonts"
PRESS = HERE / "press.py"
AT_ONCE = 2
"""Documents set at the same time; others wait."""
TIMEOUT_SECONDS = 30

PictureOf = Callable[[str | None], str | None]
"""Concept name → address of its picture below the pages' folder, None where there is none."""


def pdf(checklist: Checklist, picture: PictureOf, page_of: str) -> bytes:
    """The checklist on A5: one page where it can be read on one, else several. Takes a few tenths
    of a second and blocks. `page_of` is the text "page {number} of {count}".

    Raises `RenderError` where it can't be set."""
    order = {
        "root": str(web.HERE),
        "fonts": str(FONTS),
        "template": str(TEMPLATE),
        "data": _pictured({**asdict(checklist), "page": page_of}, picture),
    }
    told = json.dumps(order, ensure_ascii=False).encode()
    program = [sys.executable, "-I", str(PRESS)]
    with _presses():
        try:
            done = subprocess.run(
                program, input=told, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise RenderError(f"{TEMPLATE.name}: not set in {TIMEOUT_SECONDS} s") from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise RenderError(f"{TEMPLATE.name} can't be set: {lines[-1] if lines else 'no reason'}")
    return done.stdout


@cache
def _presses() -> BoundedSemaphore:
    return BoundedSemaphore(AT_ONCE)


def _pictured(value: Any, picture: PictureOf) -> Any:
    """`value` with the names of pictures exchanged for where they are."""
    if isinstance(value, Mapping):
        return {
            key: picture(inner) if key == "picture" else _pictured(inner, picture)
            for key, inner in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_pictured(inner, picture) for inner in value]
    return value
