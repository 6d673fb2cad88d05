"""How much the model understands of text it never saw, and that it never saw it."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

import pytest
import yaml

from bot.bench._held_out import held_out, names
from bot.bench._held_out_answers import (
    VERDICTS,
    AnswerJudge,
    JudgedAnswer,
    answer_sets,
    held_out_answers,
)
from bot.bench._nlu_figures import Judged, Share, shares
from bot.bench.nlu import judge, reader
from bot.understanding import Understanding
from bot.utterances import utterances
from knowledge_base.answers.examples import answer_examples
from knowledge_base.fold import fold, strip_marks
from knowledge_base.links import load_links, load_needs
from knowledge_base.load import load
from knowledge_base.schema import TOPICS, Question

PROJECT = Path(__file__).parents[2]
FLOORS = yaml.safe_load(Path(__file__).with_name("floors.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def judged(understanding: Understanding) -> list[Judged]:
    return judge({name: list(held_out(name)) for name in names()}, reader(understanding))[0]


@pytest.fixture(scope="module")
def answered(understanding: Understanding) -> list[JudgedAnswer]:
    read = AnswerJudge(understanding).judge
    return [read(said) for name in answer_sets() for said in held_out_answers(name)]


@pytest.mark.parametrize("name", names())
def test_topic_and_procedure_are_both_right_often_enough(name: str, judged: list[Judged]) -> None:
    found = shares([one for one in judged if one.group == name])
    assert found["both"].value >= FLOORS["both"][name]


@pytest.mark.parametrize("row", FLOORS["together"])
def test_nothing_falls_behind(row: str, judged: list[Judged]) -> None:
    assert shares(judged)[row].value >= FLOORS["together"][row]


def test_good_questions_are_not_refused(judged: list[Judged]) -> None:
    assert shares(judged)["questions refused"].value <= FLOORS["refused"]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_answers_are_read_as_a_clerk_would(verdict: str, answered: list[JudgedAnswer]) -> None:
    share = Share.among(one.right for one in answered if one.said.verdict == verdict)
    assert share.value >= FLOORS["answers"][verdict]


def test_every_topic_and_procedure_is_held_out_somewhere() -> None:
    held = [one for name in names() for one in held_out(name)]
    assert {one.topic for one in held} >= set(TOPICS)
    links = load_links(PROJECT / "knowledge_base" / "procedures")
    assert {one.procedure for one in held} - {None} == {link.id for link in links}


def test_held_out_answers_answer_questions_that_are_asked() -> None:
    knowledge = load()
    for said in (one for name in answer_sets() for one in held_out_answers(name)):
        assert said.verdict in VERDICTS, said
        procedure = knowledge.procedures[said.procedure]
        found = map(knowledge.asked, repeat(procedure), procedure.questions)
        asked = {one.id: one for one in found}
        assert said.question in asked, said
        about: Question = asked[said.corrects or said.question].question
        offered = {choice.value for choice in about.choices} or {"yes", "no"}
        assert said.value is None or said.value in offered, said
        assert (said.corrects is not None) == (said.verdict == "correction"), said


def test_no_held_out_utterance_is_in_the_training_data() -> None:
    seen = {one.text for one in utterances()}
    seen |= {one.text for one in answer_examples(PROJECT / "nlu_data")}
    named = load_links(PROJECT / "knowledge_base" / "procedures")
    for link in (*named, *load_needs(PROJECT / "knowledge_base" / "elsewhere.yml")):
        seen |= set(link.texts)
    assert len(seen) > 20_000
    keys = {key(text) for text in seen for key in (fold, strip_marks)} - {""}
    held = [one.text for name in names() for one in held_out(name)]
    held += [one.text for name in answer_sets() for one in held_out_answers(name)]
    assert [text for text in held if fold(text) in keys or strip_marks(text) in keys] == []
