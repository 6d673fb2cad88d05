"""Whole answers of `nlu_data/<language>/answers`: read, and every mistake told."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.checks
from bot.checks import all_problems
from bot.settings import PROJECT
from knowledge_base.answers.examples import (
    NO_ANSWER,
    AnswerExample,
    answer_examples,
    example_problems,
)
from knowledge_base.answers.words import load_words
from knowledge_base.errors import ProblemsFound
from knowledge_base.load import KnowledgeBase, load
from knowledge_base.schema import Question


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load()


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / "nlu_data" / "vi" / "answers" / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return folder / "nlu_data"


def test_answers_are_read_with_the_message_id_of_their_question(tmp_path: Path) -> None:
    data = written(
        tmp_path, "one", "born:\n  home: [trên rẫy, 12]\n  yes: [rồi]\nother:\n  no: []\n"
    )
    assert list(answer_examples(data)) == [
        AnswerExample("one.question.born", "home", "trên rẫy"),
        AnswerExample("one.question.born", "home", "12"),
        AnswerExample("one.question.born", "yes", "rồi"),
    ]
    assert list(answer_examples(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "birth_registratoin",
            "born_where: {home: [a]}",
            "1: 'birth_registratoin' is not a proc",
        ),
        ("birth_registration", "\nborn_wher: {home: [a]}", "2: 'born_wher' is not a question of"),
        ("birth_registration", "born_where:\n  hoem: [a]", "2: 'hoem' is not a choice of born_w"),
        ("birth_registration", "born_where: [a]", "1: 'born_where' is a mapping from choices"),
        ("birth_registration", "born_where:\n  home: a", "2: 'home' is a list of answers"),
        ("birth_registration", "born_where:\n  home: [[a]]", "2: 'home' is a list of answers"),
        ("birth_registration", "- a", "1: a mapping from questions to their choices"),
        ("birth_registration", "a", "1: a mapping from questions to their choices"),
    ],
)
def test_every_mistake_is_told_with_its_line(
    name: str, content: str, told: str, tmp_path: Path, knowledge: KnowledgeBase
) -> None:
    data = written(tmp_path, name, content)
    [problem] = example_problems(data, knowledge)
    assert str(problem).startswith(f"nlu_data/vi/answers/{name}.yml:{told}")


@pytest.mark.parametrize("content", ["born_where: [a]", "born_where: {home: a}", "a", "a: [b"])
def test_a_broken_file_is_never_trained_from(content: str, tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match=r"nlu_data/vi/answers/birth_registration\.yml:[12]: "):
        list(answer_examples(written(tmp_path, "birth_registration", content)))


def test_an_empty_file_and_what_answers_nothing_are_no_mistake(
    tmp_path: Path, knowledge: KnowledgeBase
) -> None:
    written(tmp_path, "marriage_registration", "# nothing yet\n")
    data = written(tmp_path, "birth_registration", f"born_where:\n  {NO_ANSWER}: [trời mưa]\n")
    assert list(example_problems(data, knowledge)) == []


def test_several_mistakes_are_told_at_once(tmp_path: Path, knowledge: KnowledgeBase) -> None:
    content = "born_where: {hoem: [a], home: b}\nborn_wher: {}\nborn: [c]\n"
    data = written(tmp_path, "birth_registration", content)
    assert len(list(example_problems(data, knowledge))) >= 2


def test_the_projects_own_answers_have_no_mistake(knowledge: KnowledgeBase) -> None:
    data = PROJECT / "nlu_data"
    assert list(example_problems(data, knowledge)) == []
    asked = {
        f"{procedure.id}.question.{question.id}"
        for procedure in knowledge.procedures.values()
        for question in procedure.questions
        if isinstance(question, Question)
    }
    found = list(answer_examples(data))
    assert {one.question for one in found} <= asked
    assert len(found) > 1000


def test_rong_check_looks_at_answers_and_their_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, knowledge: KnowledgeBase
) -> None:
    for other in ("check_knowledge", "check_catalogs", "translations", "pictures", "_message_ids"):
        monkeypatch.setattr(bot.checks, other, lambda *args: [])
    monkeypatch.setattr(bot.checks, "load", lambda folder: knowledge)
    assert [p for p in all_problems() if not p.warning] == []
    monkeypatch.setattr(bot.checks, "load_words", lambda data: load_words(tmp_path / "nlu_data"))
    monkeypatch.setattr(
        bot.checks, "example_problems", lambda data, knowledge: example_problems(mine, knowledge)
    )
    mine = written(tmp_path, "birth_registration", "born_where:\n  hoem: [a]")
    assert "is not a choice" in str([p for p in all_problems() if not p.warning])
    (mine / "vi" / "answers.yml").write_text("yess: [a]")
    assert "'yess' is not a list of words" in str([p for p in all_problems() if not p.warning])
