"""Runs an ASGI application as a real HTTP server in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any

import uvicorn

STOPPING_SECONDS = 1.0
"""Open requests have so long to end."""


class _Uvicorn(uvicorn.Server):
    """Stops when it is told to: the original looks ten times a second, and waits as long again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.leaving = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.leaving.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listening in server.sockets:
                loop.remove_reader(listening.fileno())
        # A server that is closed fails on what it is just accepting, and leaves it open.
        for _ in range(5):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPING_SECONDS):
                while (state.connections or state.tasks) and not self.force_exit:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        for task in state.tasks:
            task.cancel()
        if not self.force_exit:
            await self.lifespan.shutdown()


class Server:
    """`with Server(app) as server:` serves `app` at `server.url`.

    `drop()` ends it as a crash would: no lifespan shutdown, no open request finished."""

    def __init__(self, app: Any, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.app = app
        config = uvicorn.Config(app, log_config=None, ws="none", lifespan="on")
        self._server = _Uvicorn(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._failed: BaseException | None = None

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except SystemExit as error:
            self._failed = error
        finally:
            self._socket.close()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        await self._server.serve(sockets=[self._socket])
        # What connected while it was stopping would be left open.
        await asyncio.sleep(0.01)
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0.01)

    def start(self) -> Server:
        """Serve; returns when requests are taken."""
        self._thread.start()
        deadline = time.monotonic() + 60
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server did not start") from self._failed
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """Stop in order."""
        with suppress(RuntimeError):  # it has ended already
            self.loop.call_soon_threadsafe(self._server.leaving.set)
        self._thread.join(60)
        assert not self._thread.is_alive(), "the server did not stop"

    def drop(self) -> None:
        """Stop at once."""
        self._server.force_exit = True
        self.stop()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
