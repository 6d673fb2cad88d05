"""`rong understand` answers each line of anything with one JSON line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.understanding import Understanding

KEYS = ["text", "procedure", "topic", "confidence"]
HOSTILE = {
    "empty": b"",
    "blank": b"   \t ",
    "invalid UTF-8": b"\xff\xfe khai sinh \xc3(",
    "control characters": b"l\x00\xc3\xa0m\x07 khai\x1b[31m sinh\x7f",
    "zero-width joiners": "khai\u200d sinh\u200b cho\u2060 con\ufeff".encode(),
    "decomposed": "la\u0300m giâ\u0301y khai sinh".encode(),
    "mixed scripts": "khai sinh ជំរាបសួរ 出生 рождение".encode(),
    "line separators": "khai\u2028sinh\u2029cho\u0085con".encode(),
    "emoji": "👶🏽👨‍👩‍👧".encode(),
    "only punctuation": b"?!?!...",
    "markup and SQL": b"<script>alert(1)</script>'; DROP TABLE users; --",
    "looks like a command": b'/restart{"a": 1}',
    "surrogates": b"\xed\xa0\x80 khai sinh",
    "a megabyte of letters": b"a" * 1_000_000,
    "a megabyte of words": b"khai sinh " * 100_000,
    "a megabyte of combining marks": ("e" + "\u0301" * 500_000).encode(),
}


@pytest.fixture(scope="module")
def answers(model: Path) -> dict[str, dict[str, object]]:
    run = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", "understand"],
        input=b"\n".join(HOSTILE.values()) + b"\n",
        capture_output=True,
        timeout=120,
        check=True,
    )
    lines = run.stdout.split(b"\n")[:-1]
    assert len(lines) == len(HOSTILE)
    return dict(zip(HOSTILE, map(json.loads, lines), strict=True))


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_line_gets_one_json_line(kind: str, answers: dict[str, dict[str, object]]) -> None:
    answer = answers[kind]
    assert list(answer) == KEYS
    assert answer["text"] == HOSTILE[kind].decode("utf-8", errors="replace")
    assert isinstance(answer["confidence"], float)
    assert 0 <= answer["confidence"] <= 1


@pytest.mark.parametrize("kind", ["empty", "blank", "only punctuation"])
def test_nothing_readable_is_nothing(kind: str, answers: dict[str, dict[str, object]]) -> None:
    assert (answers[kind]["topic"], answers[kind]["procedure"]) == (None, None)


@pytest.mark.parametrize("kind", ["zero-width joiners", "decomposed"])
def test_hidden_characters_do_not_hide_the_need(
    kind: str, answers: dict[str, dict[str, object]]
) -> None:
    assert answers[kind]["procedure"] == "birth_registration"


def test_the_command_starts_without_rasa(model: Path) -> None:
    code = (
        "import sys\nfrom bot.understanding import Understanding\n"
        f"from pathlib import Path\nUnderstanding.from_model(Path({str(model)!r})).read('chào')\n"
        "assert not {'rasa', 'sklearn'} & set(sys.modules), 'imported at serving time'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_one_message_takes_a_few_milliseconds(understanding: Understanding) -> None:
    text = "Bé nhà em được ba tháng chưa có khai sinh, giờ làm cần mang theo giấy tờ gì?"
    spent = []
    for _ in range(100):
        start = time.process_time()
        understanding.read(text)
        spent.append(time.process_time() - start)
    assert sorted(spent)[98] <= 0.010
