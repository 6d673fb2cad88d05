"""`rong understand` answers each line of anything with one JSON line."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.understand import command
from bot.training import Trained
from bot.understanding import Understanding
from knowledge_base.schema import TOPICS

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


SAID = (
    "Làm giấy khai sinh cho con ở đâu",
    "đăng ký kết hôn cần giấy tờ gì",
    "sổ đỏ",
    "tôi muốn làm hộ chiếu",
    "dạ đúng rồi",
    "hơioh rơneh",
)
DISGUISES = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "zero-width joiners": lambda text: "\u200d".join(text),
    "direction marks": lambda text: f"\u202e{text}\u202c",
    "control characters": lambda text: f"\x00{text}\x07".replace(" ", "\x0b"),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "spaces of all widths": lambda text: text.replace(" ", "\u00a0\u3000\t"),
    "capitals": str.upper,
}


@pytest.mark.parametrize("kind", DISGUISES)
def test_a_disguise_is_seen_through(kind: str, understanding: Understanding) -> None:
    for text in SAID:
        assert understanding.read(DISGUISES[kind](text)) == understanding.read(text)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_read(text: str, understanding: Understanding) -> None:
    found = understanding.read(text)
    assert 0 <= found.confidence <= 1
    assert found.procedure is None or found.topic in TOPICS
    assert found.runner_up is None or found.procedure


@pytest.mark.parametrize(
    ("given_", "lines"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"\n\n\r\n", ["", "", ""]),
        (b"khai sinh", ["khai sinh"]),
        (b"khai sinh\r\nso do\r\n", ["khai sinh", "so do"]),
        (b"a\x0bb\x0cc\x1cd\n", ["a\x0bb\x0cc\x1cd"]),
        ("a\u2028b\u0085c\n".encode(), ["a\u2028b\u0085c"]),
        (b"\xff\n\xc3", ["\ufffd", "\ufffd"]),
    ],
)
def test_a_line_in_is_a_line_out(
    given_: bytes, lines: list[str], understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.understanding.Understanding.from_model", lambda path: understanding)
    monkeypatch.setattr("bot.training.ensure_model", lambda: Trained(Path("model")))
    done = CliRunner().invoke(command, input=given_)
    assert done.exit_code == 0
    answers = [json.loads(line) for line in done.stdout_bytes.split(b"\n")[:-1]]
    assert [answer["text"] for answer in answers] == lines
    assert all(list(answer) == KEYS for answer in answers)
