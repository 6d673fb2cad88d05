"""`rong bench nlu`: its figures, its variants, PhoATIS read from a folder, stock Rasa missing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot.bench import nlu
from bot.bench._held_out_answers import TODAY, held_out_answers
from bot.bench._nlu_ablation import variants
from bot.bench._nlu_figures import Judged, Share, calibration_error, confusion, shares
from bot.bench._nlu_phoatis import measure, read_part
from bot.bench._nlu_stock import StockNlu, as_rasa
from bot.cli import cli
from bot.settings import PROJECT
from knowledge_base.errors import EngineError


def judged(topic: str, found: str | None, confidence: float = 0.9, about: str = "x") -> Judged:
    return Judged("t", "full", "set", topic, about, found, about if found else None, confidence)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    # Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
)
def test_confidence_intervals(right: int, of: int, low: float, high: float) -> None:
    assert Share(right, of).interval() == pytest.approx((low, high), abs=5e-5)


def test_shares_tell_questions_acts_and_foreign_needs_apart() -> None:
    rows = shares(
        [
            judged("fee", "fee"),
            judged("fee", "steps"),
            judged("fee", None),
            judged("greet", "greet"),
            judged("out_of_scope", "out_of_scope"),
            judged("out_of_scope", "fee"),
        ]
    )
    assert (rows["both"].right, rows["both"].of) == (1, 3)
    assert (rows["topic"].right, rows["procedure"].right) == (1, 2)
    assert (rows["acts"].right, rows["acts"].of) == (1, 1)
    assert (rows["out of scope, refused"].right, rows["questions refused"].right) == (1, 1)


def test_calibration_error_is_how_far_confidence_and_accuracy_are_apart() -> None:
    sure_and_right = [judged("fee", "fee", 0.95)] * 19 + [judged("fee", "steps", 0.95)]
    assert calibration_error(sure_and_right) == pytest.approx(0, abs=1e-9)
    assert calibration_error([judged("fee", "steps", 0.95)]) == pytest.approx(0.95)


def test_confusion_counts_what_was_taken_for_what() -> None:
    names, counts = confusion([judged("fee", "steps"), judged("fee", None), judged("fee", "fee")])
    row = counts[names.index("fee")]
    assert [row[names.index(name)] for name in ("fee", "steps", "none")] == [1, 1, 1]


def test_the_confusion_matrix_is_a_picture(tmp_path: Path) -> None:
    nlu.draw(confusion([judged("fee", "steps")]), tmp_path / "deep" / "picture.png")
    assert (tmp_path / "deep" / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_each_variant_is_another_pipeline_that_exists() -> None:
    written = yaml.safe_load((PROJECT / "config.yml").read_text("utf-8"))["pipeline"]
    made = []
    for variant in variants():
        pipeline = json.loads(json.dumps(written))
        variant.change(pipeline)
        made.append(json.dumps([pipeline, sorted(variant.unheard)]))
    assert made[0] == json.dumps([written, []])
    assert len(set(made)) == len(made) > 8


def test_phoatis_is_read_from_a_folder(tmp_path: Path) -> None:
    said = {
        "flight": ["tôi muốn bay từ {} đến {}", "chuyến_bay từ {} tới {} sáng mai"],
        "airfare": ["giá vé từ {} đến {} là bao_nhiêu", "vé đi {} rồi về {} hết mấy tiền"],
    }
    cities = ["huế", "pleiku", "hà_nội", "đà_lạt", "vinh", "cần_thơ"]
    for part, first in (("train", 0), ("dev", 2), ("test", 3)):
        folder = tmp_path / part
        folder.mkdir()
        rows = [
            (text.format(here, there), label)
            for label, texts in said.items()
            for text in texts
            for here, there in zip(cities[first:], cities[first + 1 :], strict=False)
        ]
        (folder / "seq.in").write_text("\n".join(text for text, _ in rows) + "\n", "utf-8")
        (folder / "label").write_text("\n".join(label for _, label in rows) + "\n", "utf-8")
    assert "bao nhiêu" in read_part(tmp_path / "train")[10][0]
    found = measure(tmp_path)
    assert (found.accuracy, found.of) == (1.0, 8)
    assert found.bare >= 0.75
    printed = CliRunner().invoke(cli, ["bench", "nlu", "--phoatis", str(tmp_path)])
    assert "100.0%" in printed.output
    assert "97.6%" in printed.output


@pytest.mark.parametrize("label", [None, "flight\n"])
def test_a_folder_without_phoatis_says_what_is_missing(tmp_path: Path, label: str | None) -> None:
    for part in ("train", "dev", "test"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "seq.in").write_text("một câu\nhai câu\n", "utf-8")
        if label:
            (tmp_path / part / "label").write_text(label, "utf-8")
    with pytest.raises(EngineError, match=r"train.*label"):
        measure(tmp_path)


def test_stock_rasa_is_not_always_here(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr("bot.bench._nlu_stock.STOCK", tmp_path)
    assert StockNlu.find() is None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("#!/bin/sh\necho out of order >&2\nexit 3\n")
    (tmp_path / "bin" / "python").chmod(0o755)
    engine = StockNlu.find(epochs=7)
    assert engine is not None
    with pytest.raises(EngineError, match="out of order"):
        engine.run(["xin chào"])


def test_stock_rasa_gets_each_utterance_once() -> None:
    data = yaml.safe_load(as_rasa([("phí\n bao nhiêu", "fee"), ("phí bao nhiêu", "fee")]))
    assert data["nlu"] == [{"intent": "fee", "examples": "- phí bao nhiêu\n"}]


def test_an_answer_counts_by_what_follows_from_it(understanding) -> None:
    read = nlu.AnswerJudge(understanding)
    assert date(2026, 11, 27) == TODAY
    said = next(a for a in held_out_answers("dev") if a.value == "within_deadline")
    from dataclasses import replace

    day = replace(said, text="20/11/2026")
    assert read.judge(day).right
    assert not read.judge(replace(day, value="six_or_older")).right
    assert read.judge(replace(day, text="12/2025", value="past_deadline")).right
    assert read.judge(
        replace(day, text="hôm nào tôi quên rồi", verdict="unknown", value=None)
    ).right
