"""What goes wrong on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.responses import StreamingResponse


@dataclass
class Fault:
    """`kind`: status, flood, reset, lost or hang; `value`: status or seconds."""

    method: str
    kind: str
    times: int
    value: float = 0


def broken() -> Response:
    """An answer that breaks off: shorter than it says it is."""

    async def nothing() -> Any:
        yield b"{"

    return StreamingResponse(nothing(), headers={"content-length": "1000"})
