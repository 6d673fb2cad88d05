"""The process is killed with SIGKILL: what was accepted is answered once, with tokens that work."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.emulators.zalo_oa import OaPerson, ZaloOaEmulator
from tests.waiting import until

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start(
    emulator: ZaloOaEmulator, port: int, options: dict[str, Any], tmp_path: Path
) -> Iterator[Start]:
    """`start()` runs the channel as a program until it takes webhooks."""
    programs: list[subprocess.Popen[bytes]] = []
    given = {
        "channel": "zalo_oa",
        "port": port,
        "journal": str(tmp_path / "journal"),
        "slow_seconds": 0,
        "settings": options,
    }

    def run() -> subprocess.Popen[bytes]:
        program = subprocess.Popen([sys.executable, "-m", "tests.channels.app", json.dumps(given)])
        programs.append(program)
        until(answers)
        return program

    def answers() -> bool:
        try:
            return httpx.post(emulator.webhook).status_code == 200
        except httpx.HTTPError:
            return False

    yield run
    for program in programs:
        program.kill()
        program.wait()


def kill(program: subprocess.Popen[bytes]) -> None:
    program.send_signal(signal.SIGKILL)
    program.wait()


def test_killed_between_the_new_token_and_its_use(
    start: Start, mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    program = start()
    mother.sends("a")
    mother.gets()
    emulator.expires()
    emulator.hangs("message/cs", seconds=0)
    # The old token is refused, the new one is had, and the message that uses it hangs.
    emulator.hangs("message/cs", seconds=600)
    mother.sends("b")
    emulator.waits_for("message/cs", 3)
    kill(program)
    assert len(emulator.called("oauth")) == 2
    start()
    assert mother.gets()[0].text == "Đã nghe: b"
    mother.gets_nothing()
    emulator.expires()
    mother.sends("c")
    assert mother.gets()[0].text == "Đã nghe: c"
    given = [call["refresh_token"] for call in emulator.called("oauth")]
    assert len(given) == len(set(given)) == 3


def test_killed_while_sending(start: Start, mother: OaPerson, emulator: ZaloOaEmulator) -> None:
    program = start()
    emulator.hangs("message/cs", seconds=600)
    event = mother.sends("start:birth_registration")
    emulator.waits_for("message/cs")
    kill(program)
    emulator.repeats(event)
    start()
    assert [sent.text[:4] for sent in mother.gets(2)] == ["Mình", "Sinh"]
    mother.gets_nothing()
