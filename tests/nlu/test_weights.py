"""Weights of evidence: they follow the answers, and a prior where no answer tells."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot import weights
from bot.bench._held_out_answers import AnswerJudge, answer_sets, held_out_answers
from bot.commands.fit_weights import command
from bot.understanding import Understanding
from bot.weights import FITTED_ON, OF_ANSWERS, OF_CHANGES, Example, fit, told
from knowledge_base.answers.weighing import Weights, load_weights

TOLD = [Example([{"seen": 1.0}, {"heard": 1.0}], [True, False])] * 20


def test_what_is_right_more_often_weighs_more() -> None:
    found = fit([*TOLD, *[Example([{"seen": 1.0}, {"heard": 1.0}], [False, True])] * 5], {})
    assert found["seen"] > found["heard"]
    mixed = Weights({"any": found}).chances([{"seen": 1.0}, {"heard": 1.0}], "any")
    assert mixed[0] == pytest.approx(0.8, abs=0.05), "a probability, not a verdict"


def test_the_prior_stands_where_no_answer_tells() -> None:
    found = fit(TOLD, {"seen": 1.0, "never": 2.5})
    assert found["never"] == 2.5
    assert found["seen"] > 1.0


@pytest.mark.parametrize("right", [[True, True], [False, False]])
def test_what_tells_nothing_changes_nothing(right: list[bool]) -> None:
    same = Example([{"seen": 1.0}, {"heard": 1.0}], right)
    assert fit([*TOLD, *[same] * 50], {}) == fit(TOLD, {})


def test_each_answer_has_candidates_of_which_hardly_any_is_without_a_right_one(
    understanding: Understanding,
) -> None:
    found = told(AnswerJudge(understanding), guessed=True, sets=("blind",))
    answers = [one for one in held_out_answers("blind") if one.verdict != "correction"]
    assert len(found) == len(answers)
    assert sum(any(one.right) for one in found) > 0.98 * len(found)
    assert not any(all(one.right) for one in found)


def test_weights_are_written_where_they_are_asked_for(
    understanding: Understanding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ("dev",)
    monkeypatch.setattr(Understanding, "from_model", lambda model: understanding)
    monkeypatch.setattr(weights, "told", partial(weights.told, sets=few))
    monkeypatch.setattr(weights, "told_of_earlier", partial(weights.told_of_earlier, sets=few))
    target = tmp_path / "weights.yml"
    done = CliRunner().invoke(command, ["--into", str(target)])
    assert done.exit_code == 0, done.output
    assert "earlier: " in done.output
    found = yaml.safe_load(target.read_text("utf-8"))
    assert found.keys() == {"guessed", "alone", "earlier"}
    assert found["guessed"]["guess"] > 0
    assert found["earlier"]["looks_back"] > 0


def test_the_shipped_weights_know_every_piece_of_evidence(understanding: Understanding) -> None:
    shipped = load_weights().by_kind
    assert {*OF_ANSWERS} <= shipped["guessed"].keys()
    assert {*OF_CHANGES} <= shipped["earlier"].keys()
    judge = AnswerJudge(understanding)
    heard = {
        name
        for one in told(judge, guessed=True, sets=("plain",))
        for e in one.evidence
        for name in e
    }
    assert heard <= shipped["guessed"].keys()


def test_sets_for_figures_only_are_not_fitted_on() -> None:
    assert {*answer_sets()} - {*FITTED_ON} == {"fresh10", "fresh11"}
