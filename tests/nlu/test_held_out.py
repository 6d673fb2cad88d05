"""How much the model understands of text it never saw, and that it never saw it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.understanding import Understanding
from knowledge_base.fold import fold, strip_marks
from knowledge_base.links import load_links, load_needs
from tests.nlu.held_out import SETS, Utterance, utterances

PROJECT = Path(__file__).parents[2]
STYLES = ("full", "no_diacritics", "teencode", "second_language", "recogniser", "story")
_TOPICS = (
    "start documents steps fee duration deadline where who result penalty missing_document "
    "eligibility legal_basis track_dossier portal_problem office_hours"
)
TOPICS = frozenset(_TOPICS.split())
FLOORS = yaml.safe_load(Path(__file__).with_name("floors.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def both(understanding: Understanding) -> Callable[[Utterance], bool]:
    def check(utterance: Utterance) -> bool:
        found = understanding.read(utterance.text)
        return (found.topic, found.procedure) == (utterance.topic, utterance.procedure)

    return check


@pytest.mark.parametrize("name", SETS)
def test_topic_and_procedure_are_both_right_often_enough(name: str, both) -> None:
    found = [both(u) for u in utterances(name) if u.topic in TOPICS]
    assert sum(found) / len(found) >= FLOORS["both"][name]


@pytest.mark.parametrize("style", STYLES)
def test_no_style_falls_behind(style: str, understanding: Understanding, both) -> None:
    asked = [u for n in SETS for u in utterances(n) if u.style == style and u.topic in TOPICS]
    assert sum(map(both, asked)) / len(asked) >= FLOORS["styles"][style]


def test_acts_are_recognised(understanding: Understanding, both) -> None:
    acts = [u for n in SETS for u in utterances(n) if u.topic not in {*TOPICS, "out_of_scope"}]
    assert sum(map(both, acts)) / len(acts) >= FLOORS["acts"]


def test_what_is_out_of_scope_is_said_to_be(understanding: Understanding) -> None:
    foreign = [u for n in SETS for u in utterances(n) if u.topic == "out_of_scope"]
    refused = [u for u in foreign if understanding.read(u.text).topic in ("out_of_scope", None)]
    assert len(refused) / len(foreign) >= FLOORS["out_of_scope_recall"]


def test_good_questions_are_not_refused(understanding: Understanding) -> None:
    good = [u for n in SETS for u in utterances(n) if u.topic in TOPICS]
    refused = [u for u in good if understanding.read(u.text).topic in ("out_of_scope", None)]
    assert len(refused) / len(good) <= FLOORS["refused"]


def test_every_topic_and_procedure_is_held_out_somewhere() -> None:
    held = [u for name in SETS for u in utterances(name)]
    assert {u.topic for u in held} >= TOPICS
    links = load_links(PROJECT / "knowledge_base" / "procedures")
    assert {u.procedure for u in held} - {None} == {link.id for link in links}


def test_no_held_out_utterance_is_in_the_training_data() -> None:
    seen = set()
    for path in (PROJECT / "nlu_data").rglob("nlu*.yml"):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            seen |= {line.removeprefix("- ") for line in block["examples"].splitlines()}
    named = load_links(PROJECT / "knowledge_base" / "procedures")
    for link in (*named, *load_needs(PROJECT / "knowledge_base" / "elsewhere.yml")):
        seen |= set(link.texts)
    assert len(seen) > 2000
    keys = {key(text) for text in seen for key in (fold, strip_marks)} - {""}
    leaked = [
        u.text
        for name in SETS
        for u in utterances(name)
        if fold(u.text) in keys or strip_marks(u.text) in keys
    ]
    assert leaked == []
