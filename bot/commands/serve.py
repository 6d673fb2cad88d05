"""`rong serve`: one process for the pages, the conversation API and the messengers."""

from __future__ import annotations

import contextlib
import logging
import socket
import subprocess
import sys
import time

import click
import uvicorn

from bot.settings import Settings, load_settings
from bot.training import is_stale
from knowledge_base.checks import sound
from knowledge_base.errors import EngineError, SettingsError

SHUTDOWN_SECONDS = 10
"""How long requests under way may take to end when the server is told to stop."""


@click.command()
def command() -> None:
    """Train the model if it is stale, then serve until interrupted. Nothing is served from a
    knowledge base with problems; they are printed."""
    started = time.monotonic()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    settings = load_settings()
    sound(commune=settings.commune)
    listening = bind(settings)  # first, so that a port in use is told before the slow part
    if is_stale():
        train_apart()
    from bot.gateway.app import create_app

    config = uvicorn.Config(
        create_app(settings),
        proxy_headers=True,
        ws="none",  # not used, and uvicorn's needs newer websockets than Rasa's server bears
        access_log=False,  # an address names the conversation, and that is all one needs to read it
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    click.echo("Starting", err=True)
    with contextlib.suppress(KeyboardInterrupt):  # raised once more after an orderly end
        _Server(config, settings, started).run(sockets=[listening])


def train_apart() -> None:
    """Train in another process, whose memory (80 MB more) is free again before serving begins."""
    code = "from bot.cli import main; main()"
    if subprocess.run([sys.executable, "-c", code, "train"]).returncode:
        raise EngineError("nothing is served without a model")


def bind(settings: Settings) -> socket.socket:
    """The socket to serve on. Raises `SettingsError` if the address can't be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"can't serve on {settings.host} port {settings.port}: {error.strerror}; "
            f"set RONG_PORT or RONG_HOST, or stop what uses it"
        ) from error
    return listening


def addresses(settings: Settings) -> str:
    """Where to point a browser, in plain words."""
    everywhere = settings.host in ("0.0.0.0", "::")
    host = "localhost" if everywhere else settings.host
    base = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    return f"Web chat: {base}/\nKiosk:    {base}/kiosk\nStop with Ctrl+C"


class _Server(uvicorn.Server):
    """Says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, settings: Settings, started: float) -> None:
        super().__init__(config)
        self.settings = settings
        self.since = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            seconds = time.monotonic() - self.since
            click.echo(f"Ready after {seconds:.0f} s\n{addresses(self.settings)}")
