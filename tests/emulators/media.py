"""What people sent, as files that anybody who knows the address may fetch (Zalo keeps them so)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response

from tests.emulators.faults import broken

if TYPE_CHECKING:
    from tests.emulators.base import Emulator


class Media:
    """`keeps(data, "1.aac")` gives an address; its calls and faults are of the method `media`."""

    def __init__(self, emulator: Emulator, app: FastAPI) -> None:
        self._emulator = emulator
        self._files: dict[str, bytes] = {}
        self.headers: dict[str, str] = {}
        """Sent along with each file."""

        @app.get("/_/media/{name:path}")
        async def file(name: str, request: Request) -> Response:
            emulator.calls.append(("media", {"name": name}))
            fault = await emulator.fault("media", request)
            if fault and fault.kind == "status":
                return Response(status_code=int(fault.value))
            if fault and fault.kind in ("reset", "lost"):
                return broken()
            if name not in self._files:
                return Response(status_code=404)
            return Response(
                self._files[name], media_type="application/octet-stream", headers=self.headers
            )

    def keeps(self, data: bytes, end: str) -> str:
        """The address of a file whose name ends like this."""
        name = f"{self._emulator.number()}.{end}"
        self._files[name] = data
        return f"{self._emulator.url}/_/media/{name}"
