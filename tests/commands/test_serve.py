"""`rong serve`: one real process, started, asked, and told to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import serve
from bot.commands.serve import addresses, bind
from bot.settings import PROJECT, Settings
from knowledge_base.errors import EngineError, SettingsError

SERVE_EMPTY_APP = """
import sys
from fastapi import FastAPI
from types import ModuleType
app = ModuleType("bot.gateway.app")
def create_app(settings):
    app = FastAPI()
    @app.get("/health")
    def health(): return {}
    return app
app.create_app = create_app
sys.modules["bot.gateway.app"] = app
import bot.commands.serve as serve
serve.is_stale = lambda: False
serve.command()
"""


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@pytest.fixture
def served(free_port: int, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE_EMPTY_APP],
        cwd=PROJECT,
        env={
            **os.environ,
            "RONG_HOST": "127.0.0.1",
            "RONG_PORT": str(free_port),
            "RONG_DATA_DIR": str(tmp_path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process, free_port
        process.kill()


def test_says_where_it_is_and_stops(served: tuple[subprocess.Popen[str], int]) -> None:
    process, port = served
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(3)]
    assert told[0].startswith("Ready after ")
    assert told[1:] == [
        f"Web chat: http://127.0.0.1:{port}/",
        f"Kiosk:    http://127.0.0.1:{port}/kiosk",
    ]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0
    assert process.stderr is not None
    assert process.stderr.read() == "Starting\n"


def test_a_port_in_use_is_told(free_port: int) -> None:
    settings = Settings(host="127.0.0.1", port=free_port)
    with bind(settings) as taken:
        taken.listen()
        with pytest.raises(SettingsError, match=f"port {free_port}: Address already in use"):
            bind(settings)


def test_no_model_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(serve.subprocess, "run", lambda arguments: failing)
    with pytest.raises(EngineError, match="without a model"):
        serve.train_apart()


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("0.0.0.0", "http://localhost:8000/kiosk"),
        ("::", "http://localhost:8000/kiosk"),
        ("10.0.0.2", "http://10.0.0.2:8000/kiosk"),
        ("::1", "http://[::1]:8000/kiosk"),
    ],
)
def test_addresses(host: str, shown: str) -> None:
    assert shown in addresses(Settings(host=host, port=8000)).splitlines()[1]
