"""`rong voices` and `rong bench voices`, run as a person runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from bot.bench import voices as bench
from bot.commands import voices
from tests.voices.google import Google


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Google:
    google = Google()
    google.install(monkeypatch)
    return google


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RONG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of prompts instead of the whole knowledge base."""

    def prompts(language: str) -> Iterator[tuple[str, str, str]]:
        for number in range(3):
            yield language, f"x.{number}", f"câu số {number}"

    monkeypatch.setattr(voices, "static_prompts", prompts)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(voices.command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def line(output: str, start: str) -> str:
    return next(row for row in output.splitlines() if row.strip().startswith(start))


def test_lists_every_voice_and_tries_it(google: Google) -> None:
    output = run()
    assert "yes" in line(output, "gtts")
    assert "yes" in line(output, "espeak_ng")
    assert "fake" in line(output, "fake")
    assert "jra" not in output
    assert "0.0 MB" in output


def test_says_what_does_not_work(google: Google) -> None:
    google.answers = [requests.ConnectionError("no route")]
    output = run()
    assert "no: " in line(output, "gtts")
    assert "yes" in line(output, "espeak_ng")


def test_prerenders_prompts(google: Google, few: None, data: Path) -> None:
    assert "3 prompts, 3 files made, 3 were there, 0 failed" in run("prerender")
    assert len(google.asked) == 3
    assert len(list(data.rglob("*.m4a"))) == 3
    assert "3 prompts, 0 files made, 6 were there" in run("prerender")


def test_prerenders_without_the_network(google: Google, few: None) -> None:
    google.answers = [429]
    assert "3 prompts, 6 files made, 0 were there, 0 failed" in run(
        "prerender", "--slow", "--format", "ogg"
    )


def test_the_known_prompts_are_those_without_parameters() -> None:
    prompts = {name: text for _, name, text in voices.static_prompts("vi")}
    assert "birth_registration.title" in prompts
    assert not any("{" in text for text in prompts.values())
    english = {name: text for _, name, text in voices.static_prompts("en")}
    assert set(english) <= set(prompts)


def test_bench_prints_first_renderings_and_cache_hits() -> None:
    arguments = ["--prompts", "2", "--hits", "20"]
    result = CliRunner().invoke(bench.command, arguments, catch_exceptions=False)
    assert "cached, one listener" in result.output
    assert "first, ogg" in result.output


def test_percentiles_are_nearest_rank() -> None:
    times = [float(n) for n in range(1, 101)]
    assert bench.percentile(times, 50) == 50
    assert bench.percentile(times, 99) == 99
    assert bench.percentile([7.0], 99) == 7.0
