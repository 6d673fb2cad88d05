"""`rong emulate` as a person runs it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest


@pytest.mark.parametrize("messenger", ["telegram", "zalo-oa", "zalo-bot"])
def test_emulate(messenger: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from bot.cli import main; main()",
            "emulate",
            messenger,
            "--port",
            str(port),
        ],
        stdout=subprocess.PIPE,
        text=True,
        # a shell that runs the tests in the background has its programs ignore Ctrl+C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert program.stdout is not None
    try:
        printed = ""
        for line in program.stdout:
            printed += line
            if "Ctrl+C" in line:
                break
        name = messenger.replace("-", "_").upper()
        assert re.search(rf"RONG_{name}_API_URL='http://127.0.0.1:{port}'", printed)
        address = f"http://127.0.0.1:{port}"
        assert "type as a citizen" in httpx.get(address).text
        assert httpx.post(f"{address}/_/people/1", json={"text": "xin chào"}).status_code == 204
        [line] = httpx.get(f"{address}/_/people/1").json()
        assert line == {"who": "person", "text": "xin chào"}
        assert httpx.post(f"{address}/_/people/1", json={"tap": "x"}).status_code == 409
        troubles = httpx.get(f"{address}/_/troubles").json()
        for trouble in troubles:
            done = httpx.post(f"{address}/_/troubles", json={"trouble": trouble})
            assert done.status_code == 204, trouble
        assert troubles[-1] == "all is well again"
        spoken = httpx.post(
            f"{address}/_/people/1/voice", content=b"x", headers={"content-type": "audio/webm"}
        )
        assert spoken.status_code == 204
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(20)
        program.stdout.close()
    assert program.returncode == 0
