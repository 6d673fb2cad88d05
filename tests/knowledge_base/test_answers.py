"""Every answer in answers/*.yml is read as written there, and nothing whatever breaks reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.answers import (
    Ambiguous,
    AnswerWords,
    Askable,
    NotAnAnswer,
    Reading,
    Rejected,
    Understood,
    Unknown,
    Vague,
    interpret,
    load_words,
)
from knowledge_base.answers.changes import correction
from knowledge_base.errors import ProblemsFound
from knowledge_base.load import load
from knowledge_base.schema import Ages, Question

CASES = Path(__file__).parent / "answers"
NLU_DATA = Path(__file__).parents[2] / "nlu_data"
TODAY = date(2026, 11, 23)


@dataclass
class Choice:
    value: str
    label: str
    words: tuple[str, ...] = ()
    ages: Ages | None = None


@dataclass
class MadeUpQuestion:
    kind: Literal["date", "yes_no", "choice"]
    text: str
    choices: tuple[Choice, ...] = ()
    persons: int = 1


@cache
def words() -> AnswerWords:
    return load_words(NLU_DATA)


def in_yaml(path: Path) -> Any:
    """As text: in these files `no` is a word and `2026-03` no number."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@cache
def questions() -> dict[str, MadeUpQuestion]:
    data = in_yaml(CASES / "questions.yml")
    return {
        name: MadeUpQuestion(
            q["kind"], q["text"], tuple(map(choice, q.get("choices", ()))), int(q.get("persons", 1))
        )
        for name, q in data.items()
    }


def choice(written: dict[str, Any]) -> Choice:
    ages = written.get("ages")
    return Choice(**{**written, "ages": Ages.model_validate(ages) if ages else None})


def cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yml")):
        if path.stem in ("questions", "corrections"):
            continue
        for group in in_yaml(path):
            for text, meant in group["heard"].items():
                yield pytest.param(
                    group["question"], text, meant, id=f"{group['question']}: {text}"
                )


def written(reading: Reading) -> str:
    match reading:
        case Understood(value):
            return value
        case Ambiguous(values):
            return " | ".join(values)
        case Vague(kind):
            return f"vague {kind}"
        case Rejected(reason):
            return reason
        case Unknown():
            return "unknown"
        case NotAnAnswer():
            return "other"


@pytest.mark.parametrize(("question", "text", "meant"), list(cases()))
def test_answer(question: str, text: str, meant: str) -> None:
    reading = interpret(questions()[question], text, today=TODAY, words=words())
    assert written(reading) == meant


@pytest.mark.parametrize(("text", "rest"), list(in_yaml(CASES / "corrections.yml").items()))
def test_correction(text: str, rest: str) -> None:
    assert correction(text, words()) == (None if rest == "-" else rest)


def test_quoted_is_the_part_that_was_understood() -> None:
    text = "dạ cháu sinh ngày 12 tháng 3 ở bệnh viện"
    reading = interpret(questions()["born"], text, today=TODAY, words=words())
    assert reading == Understood("2026-03-12", "ngày 12 tháng 3")


def own_words() -> Iterator[Any]:
    knowledge = load()
    for procedure in knowledge.procedures.values():
        for question in procedure.questions:
            if isinstance(question, Question):
                asked = knowledge.asked(procedure, question)
                for choice in asked.question.choices:
                    for text in (choice.label, *choice.words):
                        if not text.startswith("@"):
                            name = f"{asked.message}: {text}"
                            yield pytest.param(asked.question, text, choice.value, id=name)


@pytest.mark.parametrize(("question", "text", "value"), list(own_words()))
def test_what_is_said_for_a_choice_means_it(question: Askable, text: str, value: str) -> None:
    reading = interpret(question, text, today=TODAY, words=words())
    # What says that one does not know gets help; `ba` is the father and one of grandparents.
    offered = reading.values if isinstance(reading, Ambiguous) else (value,)
    assert value in offered
    assert written(reading) == value or isinstance(reading, Ambiguous | Unknown)


def test_what_is_taken_back_is_quoted_with_what_counts() -> None:
    text = "ở trạm xá, à nhầm, ở nhà, cho em hỏi thêm"
    reading = interpret(questions()["place"], text, today=TODAY, words=words())
    assert reading == Understood("home", "ở trạm xá, à nhầm, ở nhà")


def test_a_day_follows_the_calendar() -> None:
    def on(today: date, text: str) -> str:
        return written(interpret(questions()["born"], text, today=today, words=words()))

    assert on(date(2027, 1, 5), "tháng 12") == "2026-12"
    assert on(date(2026, 3, 31), "1 tháng trước") == "2026-02"
    assert on(date(2026, 1, 1), "hôm qua") == "2025-12-31"
    assert on(date(2024, 2, 29), "năm ngoái") == "2023"


PIECES = (
    "ngày tháng năm 12 3 2026 hai mươi lăm rồi chưa không có mà nhưng ở nhà viện à nhầm mấy rưỡi "
    "đầu cuối tuần trước tuổi mùng thứ t th 12/3 31/2 / . ? , nghìn lẻ 0 99999999 999999999999 "
    "1/1/1 0/0 00-00-0000 con 'bar \u0306 \u200d \ufe0f 👍 ② "
    "tròn đủ sinh nhật thôi nôi đầy tháng sang sau nữa kém lớn hơn giêng hồi 2001 18 75"
)
HARD = st.one_of(st.text(), st.lists(st.sampled_from(PIECES.split()), max_size=25).map(" ".join))


@settings(max_examples=400, deadline=None)
@given(HARD, st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_any_text_has_a_reading(text: str, today: date) -> None:
    for question in questions().values():
        reading = interpret(question, text, today=today, words=words())
        assert written(reading)
        if isinstance(reading, Understood) and question.kind == "date" and not question.choices:
            year, *rest = map(int, reading.value.split("-"))
            assert date(year, *[*rest, 1, 1][:2]) <= today
    correction(text, words())


@pytest.mark.parametrize(
    "piece", ["a", "năm ", "1 2 ", "chưa mà ", "12/3 ", "nhà ", "?", "1" * 99, "ơ̆"]
)
def test_only_the_beginning_of_a_long_text_is_read(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    for question in questions().values():
        whole = interpret(question, text, today=TODAY, words=words())
        assert whole == interpret(question, text[:1000], today=TODAY, words=words())


def test_every_problem_of_a_word_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "yy").mkdir()
    (tmp_path / "xx" / "answers.yml").write_text("yess: [a]\nno: b\ndates: {units: [c]}\n")
    (tmp_path / "yy" / "answers.yml").write_text("yes: [a\n")
    with pytest.raises(ProblemsFound) as caught:
        load_words(tmp_path)
    told = [str(problem).split(tmp_path.name)[1] for problem in caught.value.problems]
    assert [line.split(":")[1] for line in told] == ["1", "2", "3", "2"]
    assert "'yess' is not a list of words known here" in told[0]


def test_another_language_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "answers.yml").write_text("yes: [oui]\nno: [non]\n")
    more = load_words(tmp_path)
    assert interpret(questions()["registered"], "oui", today=TODAY, words=more) == Understood(
        "yes", "oui"
    )
