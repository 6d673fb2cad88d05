"""Answers that nothing can learn from are told with their place."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import bot.checks
from bot.checks import all_problems
from knowledge_base.answers.examples import (
    NO_ANSWER,
    UNCLEAR,
    Alike,
    AnswerExample,
    answer_examples,
    example_problems,
)
from knowledge_base.answers.words import load_words
from knowledge_base.errors import ProblemsFound
from knowledge_base.load import AskedQuestion, KnowledgeBase, load
from knowledge_base.schema import Question

NLU_DATA = Path(__file__).parents[2] / "nlu_data"
FILE = "nlu_data/vi/answers/birth_registration.yml"
SOUND = """\
child_born:
  within_deadline:
    - mới đẻ
  past_deadline:
    - đi học rồi
"""
CASES = [
    ("sound", SOUND, {}),
    ("empty", "", {}),
    ("no answer", SOUND.replace("past_deadline", "no_answer"), {}),
    (
        "unknown question",
        SOUND.replace("child_born", "child_bron"),
        {1: "did you mean 'child_born'"},
    ),
    ("unknown choice", SOUND.replace("past_", "paste_"), {4: "did you mean 'past_deadline'"}),
    ("two choices", SOUND.replace("đi học rồi", "Mới đẻ!"), {5: f"'within_deadline' at {FILE}:3"}),
    ("a choice and none", f"{SOUND}  no_answer: [Mới đẻ]\n", {6: f"'within_deadline' at {FILE}:3"}),
    ("the same twice", SOUND.replace("mới đẻ", "mới đẻ\n    - mới đẻ"), {}),
]
"""What it is called, the file, and by line what is told."""
MISSHAPEN = [
    ("a list", "- child_born\n", {1: "maps questions"}),
    ("no choices", "child_born: [mới đẻ]\n", {1: "maps choices"}),
    ("a word", "child_born\n", {1: "maps questions"}),
    ("answers in answers", "child_born:\n  past_deadline: [[mới đẻ]]\n", {2: "a list of answers"}),
    ("no answers", "child_born:\n  past_deadline: mới đẻ\n", {2: "a list of answers"}),
]


@cache
def knowledge() -> KnowledgeBase:
    return load()


def folder(root: Path, content: str, name: str = "birth_registration") -> Path:
    place = root / "nlu_data" / "vi" / "answers"
    place.mkdir(parents=True)
    (place / f"{name}.yml").write_text(content, encoding="utf-8")
    return root / "nlu_data"


@pytest.mark.parametrize(
    ("content", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_file(tmp_path: Path, content: str, told: dict[int, str]) -> None:
    found = {p.line: p for p in example_problems(folder(tmp_path, content), knowledge())}
    assert found.keys() == told.keys(), found
    for line, part in told.items():
        assert str(found[line]).startswith(f"{FILE}:{line}: ")
        assert part in found[line].message


@pytest.mark.parametrize(
    ("content", "told"), [case[1:] for case in MISSHAPEN], ids=[case[0] for case in MISSHAPEN]
)
def test_a_file_of_another_shape(tmp_path: Path, content: str, told: dict[int, str]) -> None:
    with pytest.raises(ProblemsFound) as raised:
        list(answer_examples(folder(tmp_path, content)))
    for line, part in told.items():
        assert f"{FILE}:{line}: " in str(raised.value)
        assert part in str(raised.value)


def test_a_file_of_no_procedure(tmp_path: Path) -> None:
    (found,) = example_problems(folder(tmp_path, SOUND, "birth_registratoin"), knowledge())
    assert "did you mean 'birth_registration'" in found.message


def test_what_is_read_names_its_question(tmp_path: Path) -> None:
    assert list(answer_examples(folder(tmp_path, SOUND))) == [
        AnswerExample("birth_registration.question.child_born", "within_deadline", "mới đẻ"),
        AnswerExample("birth_registration.question.child_born", "past_deadline", "đi học rồi"),
    ]


def asked(owner: str, id: str, **means: str | None) -> AskedQuestion:
    choices = [{"value": v, "label": v.title(), "means": told} for v, told in means.items()]
    told = {"id": id, "kind": "choice", "text": "?", "reask": "?", "why": ".", "help": "."}
    period = {"from": "2026-01-01"}
    question = Question.model_validate({**told, "choices": choices, "valid": period})
    return AskedQuestion(owner, question, {})


def test_choices_that_mean_the_same_have_the_same_answers() -> None:
    alike = Alike(
        [
            asked("one", "home", yes="here", no="elsewhere"),
            asked("two", "lives", here="here", away="elsewhere", unsure=None),
            asked("three", "place", here="here", far="far", farther="far"),
            asked("four", "distance", far="far"),
        ]
    )
    assert alike.to_others("one.question.home", "yes") == {
        "two.question.lives": "here",
        "three.question.place": "here",
    }
    assert alike.to_others("two.question.lives", "away") == {"one.question.home": "no"}
    assert alike.to_others("two.question.lives", "unsure") == {}
    assert alike.to_others("three.question.place", "farther") == {"four.question.distance": "far"}
    assert alike.to_others("four.question.distance", "far") == {}, "which of two, nobody knows"
    # what is no choice is shared by questions with two choices in common
    assert alike.to_others("one.question.home", UNCLEAR) == {"two.question.lives": UNCLEAR}
    assert alike.to_others("three.question.place", NO_ANSWER) == {}


def test_the_project_knows_of_questions_that_ask_the_same() -> None:
    questions = [
        knowledge().asked(procedure, question)
        for procedure in knowledge().procedures.values()
        for question in procedure.questions
        if isinstance(question, Question)
    ]
    told = Alike(questions).to_others("birth_registration.question.resident_here", "yes")
    assert told["marriage_registration.question.couple_home"] == "yes"
    asking = Counter(
        means
        for one in questions
        for means in {choice.means for choice in one.question.choices if choice.means}
    )
    assert min(asking.values()) > 1, "no other question has a choice that means this"


def test_rong_check_looks_at_answers_and_their_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def problems() -> str:
        return str([p for p in all_problems() if not p.warning])

    for other in ("check_knowledge", "check_catalogs", "translations", "pictures", "_message_ids"):
        monkeypatch.setattr(bot.checks, other, lambda *args: [])
    monkeypatch.setattr(bot.checks, "load", lambda place: knowledge())
    assert problems() == "[]"
    mine = folder(tmp_path, SOUND.replace("past_", "paste_"))
    monkeypatch.setattr(bot.checks, "load_words", lambda data: load_words(mine))
    monkeypatch.setattr(
        bot.checks, "example_problems", lambda data, known: example_problems(mine, known)
    )
    assert "did you mean 'past_deadline'" in problems()
    (mine / "vi" / "answers.yml").write_text("yess: [a]")
    assert "'yess' is not a list of words" in problems()


def test_the_project_has_none() -> None:
    assert list(example_problems(NLU_DATA, knowledge())) == []
