"""The process is killed with SIGKILL: everything accepted is answered, and answered once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.telegram import TelegramEmulator, User
from tests.waiting import until

Start = Callable[[float], subprocess.Popen[bytes]]


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def start(
    emulator: TelegramEmulator, port: int, options: dict[str, Any], journal: Path
) -> Iterator[Start]:
    """`start(slow_seconds)` runs the channel as a program until it is connected."""
    programs: list[subprocess.Popen[bytes]] = []

    def run(slow_seconds: float) -> subprocess.Popen[bytes]:
        given = {
            "channel": "telegram",
            "port": port,
            "journal": str(journal),
            "slow_seconds": slow_seconds,
            "settings": options,
        }
        connected = len(emulator.called("setMyCommands"))
        program = subprocess.Popen([sys.executable, "-m", "tests.channels.app", json.dumps(given)])
        programs.append(program)
        emulator.waits_for("setMyCommands", connected + 1, seconds=60)
        return program

    yield run
    for program in programs:
        program.kill()
        program.wait()


def kill(program: subprocess.Popen[bytes]) -> None:
    program.send_signal(signal.SIGKILL)
    program.wait()


def lines(journal: Path) -> list[str]:
    return journal.read_text().splitlines() if journal.exists() else []


def test_killed_while_answering(
    start: Start, mother: User, emulator: TelegramEmulator, journal: Path
) -> None:
    program = start(600)
    update = mother.sends("chậm")
    mother.sends("sau")
    until(lambda: len(emulator.webhook_statuses) == 2 and lines(journal))
    kill(program)
    assert mother.inbox == []
    start(0)
    assert [sent.text for sent in mother.gets(2)] == ["Đã nghe: chậm", "Đã nghe: sau"]
    emulator.repeats(update)
    mother.gets_nothing()


def test_killed_while_sending(
    start: Start, mother: User, emulator: TelegramEmulator, journal: Path
) -> None:
    program = start(0)
    emulator.hangs("sendMessage", seconds=600)
    mother.presses("start:birth_registration")
    emulator.waits_for("sendMessage")
    kill(program)
    start(0)
    assert [sent.text for sent in mother.gets(2)] == ["Mình bắt đầu.", "Sinh ở <đâu>?"]
    mother.gets_nothing()
    assert len([line for line in lines(journal) if line.startswith("begin")]) == 1


def test_killed_after_sending_one_of_two(
    start: Start, mother: User, emulator: TelegramEmulator
) -> None:
    program = start(0)
    mother.sends("xin chào")
    mother.gets()
    emulator.hangs("sendMessage", seconds=0)
    emulator.hangs("sendMessage", seconds=600)
    mother.presses("start:birth_registration")
    emulator.waits_for("sendMessage", 3)
    kill(program)
    start(0)
    assert [sent.text for sent in mother.gets(2)] == ["Mình bắt đầu.", "Sinh ở <đâu>?"]
    mother.gets_nothing()


def test_update_sent_while_down_is_answered(
    start: Start, mother: User, emulator: TelegramEmulator
) -> None:
    kill(start(0))
    mother.sends("a")
    until(lambda: "last_error_message" in emulator.webhook)
    start(0)
    assert mother.gets()[0].text == "Đã nghe: a"
    mother.gets_nothing()
