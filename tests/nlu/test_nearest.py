"""The nearest known questions: what they vote for, and what they may have asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.components.text.nearest import LEAST_COSINE, VOTERS, Known, NearestQuestions, Votes

BIRTH = Known("fee", "birth_registration", "birth_registration")
LAND = Known("where", "land_certificate", "land_certificate")
HELLO = Known("greet", "none", None)
FOREIGN = Known("out_of_scope", "other", None)


def unit(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def asked(questions: NearestQuestions, *values: float) -> Votes:
    votes = questions.votes(unit(*values))
    assert votes is not None
    return votes


@pytest.fixture
def questions() -> NearestQuestions:
    vectors = np.stack([unit(1, 0, 0), unit(0, 1, 0), unit(0, 0.9, 0.1), unit(0, 0, 1)])
    return NearestQuestions(vectors, [BIRTH, LAND, FOREIGN, HELLO])


def test_votes_are_shares_and_the_nearest_weighs_most(questions: NearestQuestions) -> None:
    votes = asked(questions, 1, 0.2, 0)
    assert sum(votes.intents.values()) == pytest.approx(1)
    assert sum(votes.procedures.values()) == pytest.approx(1)
    assert max(votes.intents, key=votes.intents.__getitem__) == "fee"
    assert votes.procedures["birth_registration"] > 0.9


def test_what_is_near_is_told_once_best_first_and_only_topics(questions: NearestQuestions) -> None:
    near = asked(questions, 0.6, 0.8, 0).near
    assert [(one.topic, one.procedure) for one in near] == [
        ("where", "land_certificate"),
        ("fee", "birth_registration"),
    ]
    assert [one.cosine for one in near] == pytest.approx([0.8, 0.6], abs=1e-5)
    twice = NearestQuestions(np.stack([unit(1, 0), unit(1, 0.1)]), [BIRTH, BIRTH])
    [only] = asked(twice, 1, 0).near
    assert only.cosine == pytest.approx(1)


def test_what_is_far_is_near_to_nothing_but_votes(questions: NearestQuestions) -> None:
    votes = asked(questions, -1, 0, 1)
    assert [one for one in votes.near if one.cosine < LEAST_COSINE] == []
    assert votes.intents["greet"] > 0.9
    assert asked(NearestQuestions(unit(1, 0)[None], [BIRTH]), -1, 0).near == ()


def test_a_text_without_a_known_part_is_near_to_nothing(questions: NearestQuestions) -> None:
    assert questions.votes(np.zeros(3, dtype=np.float32)) is None


def test_only_so_many_vote() -> None:
    vectors = np.stack([unit(1, at / 100) for at in range(VOTERS)] + [unit(-1, 0)] * 50)
    found = asked(NearestQuestions(vectors, [BIRTH] * VOTERS + [LAND] * 50), 1, 0)
    assert set(found.intents) == {"fee"}


def test_saving_keeps_the_votes(questions: NearestQuestions, tmp_path: Path) -> None:
    questions.save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}
    before = asked(questions, 0.6, 0.7, 0.1)
    after = asked(NearestQuestions.load(tmp_path), 0.6, 0.7, 0.1)
    assert after.intents == pytest.approx(before.intents, abs=0.01)
    assert [one.procedure for one in after.near] == [one.procedure for one in before.near]
