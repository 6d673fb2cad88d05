"""A checklist as PDF. Typst sets it: it shapes every letter, and gives text that can be copied."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import web
from bot.documents.checklist import Checklist

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "checklist.typ"
FONTS = HERE / "fonts"

PictureOf = Callable[[str | None], str | None]
"""Concept name → address of its picture below the pages' folder, None where there is none."""


def pdf(checklist: Checklist, picture: PictureOf, page_of: str) -> bytes:
    """The checklist on A5: one page where it can be read on one, else several.

    `page_of` is the text "page {number} of {count}"."""
    import typst

    data = {**asdict(checklist), "page": page_of}
    compiler = typst.Compiler(root=web.HERE, font_paths=[FONTS], ignore_system_fonts=True)
    inputs = {"data": json.dumps(_pictured(data, picture), ensure_ascii=False)}
    result = compiler.compile(TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs)
    return result if isinstance(result, bytes) else b"".join(result or ())


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
