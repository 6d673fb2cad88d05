"""Whole answers learnt from: which choice of which question a message is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.components.text.answer_model import (
    LEAST,
    MEANING,
    AnswerModel,
    Readings,
    Said,
    beside,
)
from bot.components.text.ngrams import NgramVectorizer
from bot.components.text.views import Shorthand, views
from knowledge_base.answers.examples import NO_ANSWER, UNKNOWN

SHORTHAND = Shorthand.from_file()
ANSWERS = {
    "born_where": {
        "home": ["bà mụ đỡ trên nhà sàn", "đẻ rớt ở rẫy", "ở nhà mình thôi", "trên nhà sàn"],
        "facility": ["ở bệnh viện tỉnh", "mổ ở trạm y tế", "nằm viện mấy bữa", "bệnh viện huyện"],
    },
    "married": {
        "yes": ["có giấy kết hôn", "đăng ký hồi cưới", "ra xã ký rồi", "có đăng ký"],
        "no": ["chưa đăng ký", "mới cưới theo làng", "chưa ra xã ký", "chưa có giấy kết hôn"],
    },
}
OTHERS = {
    "affirm": ["dạ phải", "đúng rồi ạ", "ừ phải"],
    "deny": ["dạ không phải", "không đúng", "không phải vậy"],
    "dont_know": ["em không rõ nữa", "không nhớ nữa", "chẳng rõ"],
    "inform": ["ngày mười hai", "năm ngoái"],
    "fee": ["mất bao nhiêu tiền", "có tốn tiền gì không", "lệ phí bao nhiêu"],
    "where": ["nộp ở chỗ nào", "ra cơ quan nào", "nộp hồ sơ nơi nào"],
    "out_of_scope": ["mua xe máy trả góp", "xem bóng đá", "vé máy bay"],
}


def texts() -> list[tuple[str, Said]]:
    found = [
        (text, Said(0, question=question, value=value))
        for question, choices in ANSWERS.items()
        for value, said in choices.items()
        for text in said
    ]
    found += [(text, Said(0, intent=intent)) for intent, said in OTHERS.items() for text in said]
    found += [("qwx zzk", Said(0, intent="out_of_scope", noise=True))]
    return [
        (text, Said(at, one.intent, one.question, one.value, one.noise))
        for at, (text, one) in enumerate(found)
    ]


@pytest.fixture(scope="module")
def vectorizer() -> NgramVectorizer:
    return NgramVectorizer(min_count=1).fit([views(text, SHORTHAND) for text, _ in texts()])


@pytest.fixture(scope="module")
def model(vectorizer: NgramVectorizer) -> AnswerModel:
    return AnswerModel.fit(row(vectorizer, *(text for text, _ in texts())), [s for _, s in texts()])


def row(vectorizer: NgramVectorizer, *said: str) -> csr_matrix:
    return vectorizer.transform([views(text, SHORTHAND) for text in said])


@pytest.fixture(scope="module")
def read(model: AnswerModel, vectorizer: NgramVectorizer):
    return lambda text: model.read(row(vectorizer, text))


def best(readings: Readings, question: str) -> str | None:
    """The likeliest answer; None for none."""
    name = readings[question][0][0]
    return None if name == NO_ANSWER else name


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("bà mụ đỡ ở nhà sàn", "born_where", "home"),
        ("ba mu do tren nha san", "born_where", "home"),
        ("nằm ở bệnh viện huyện", "born_where", "facility"),
        ("chưa đăng ký đâu", "married", "no"),
        ("dạ phải", "married", "yes"),  # an act means yes where yes and no are the choices
        ("không phải vậy", "married", "no"),
        ("dạ phải", "born_where", None),  # and nothing where they are not
        ("em không rõ nữa", "born_where", UNKNOWN),
        ("em không rõ nữa", "married", UNKNOWN),
        ("mất bao nhiêu tiền", "born_where", None),
        ("mất bao nhiêu tiền", "married", None),
        ("vé máy bay", "born_where", None),
    ],
)
def test_what_a_message_answers(read, text: str, question: str, value: str | None) -> None:
    assert best(read(text), question) == value


def test_readings_are_likely_and_best_first(read) -> None:
    for text, _ in texts():
        for likely in read(text).values():
            chances = [chance for _, chance in likely]
            assert chances == sorted(chances, reverse=True)
            assert all(LEAST <= chance <= 1 for chance in chances)
            assert sum(chances) <= 1 + 1e-3  # they are rounded
            assert sum(chances) > 0.9, "only what is unlikely is left out"


def test_what_surely_answers_nothing_is_told_in_one_word() -> None:
    classes = {"married": ["no", NO_ANSWER, "yes"], "born": ["home", NO_ANSWER]}
    bias = np.array([0, 12, 4, 5, 0], dtype=np.float32)
    model = AnswerModel(classes, csr_matrix((1, 5), dtype=np.float32), bias, 1.0)
    found = model.read(csr_matrix((1, 1), dtype=np.float32))
    assert found["married"] == [(NO_ANSWER, 1.0)]
    assert found["born"] == [("home", 0.999)]


def test_another_model_counts_as_much(model: AnswerModel, vectorizer: NgramVectorizer) -> None:
    one = row(vectorizer, "bà mụ đỡ ở nhà sàn")
    alone = dict(model.read(one)["born_where"])
    names = model.classes["born_where"]
    doubt = {"born_where": {name: float(name == "facility") for name in names}}
    heard = model.read(one, doubt)
    assert best(heard, "born_where") == "facility"
    assert heard["married"] == model.read(one)["married"], "it does not know that question"
    same = {"born_where": {name: alone.get(name, 0.0) for name in names}}
    assert dict(model.read(one, same)["born_where"]) == pytest.approx(alone, abs=0.05)


@pytest.mark.parametrize("change", [{}, {"born_where": {"home": 1.0}}])
def test_a_question_that_another_model_knows_otherwise_is_read_alone(
    model: AnswerModel, vectorizer: NgramVectorizer, change: dict[str, dict[str, float]]
) -> None:
    one = row(vectorizer, "bà mụ đỡ ở nhà sàn")
    assert model.read(one, change) == model.read(one)


def test_saving_keeps_the_readings(model: AnswerModel, vectorizer, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}, "nothing is pickled"
    loaded = AnswerModel.load(tmp_path)
    for text, _ in texts():
        one = row(vectorizer, text)
        before, after = model.read(one), loaded.read(one)
        assert before.keys() == after.keys()
        for question in before:
            assert dict(before[question]) == pytest.approx(dict(after[question]), abs=0.02)


def test_what_means_the_same_is_learnt_for_every_question_that_asks_it(vectorizer) -> None:
    """Nobody has written an answer to `where_born`, but `born_where` asks the same."""
    said = [
        replace(one, also={"where_born": one.value} if one.question == "born_where" else {})
        for _, one in texts()
    ]
    model = AnswerModel.fit(row(vectorizer, *(text for text, _ in texts())), said)
    found = model.read(row(vectorizer, "bà mụ đỡ ở nhà sàn"))
    assert best(found, "where_born") == best(found, "born_where") == "home"
    assert dict(found["where_born"]) == pytest.approx(dict(found["born_where"]))


def test_the_vector_of_the_meaning_stands_behind_the_row(vectorizer: NgramVectorizer) -> None:
    rows = row(vectorizer, "ở nhà", "", "bệnh viện")
    vectors = np.array([[1, 0], [0, 1], [-1, 0.5]], dtype=np.float32)
    both = beside(rows, vectors)
    assert both.shape == (3, rows.shape[1] + 2)
    assert (both[:, :-2] != rows).nnz == 0
    assert both[:, -2:].toarray() == pytest.approx(vectors * MEANING)
    assert both.has_sorted_indices


def test_variants_of_general_utterances_are_looked_at_once(vectorizer: NgramVectorizer) -> None:
    """So that five spellings of one remark don't weigh five times as much against all answers."""
    said = [s for _, s in texts()]
    again = [Said(s.origin, s.intent) for s in said if s.intent]
    rows = row(vectorizer, *(t for t, _ in texts()), *(t for t, s in texts() if s.intent))
    one = AnswerModel.fit(row(vectorizer, *(t for t, _ in texts())), said)
    more = AnswerModel.fit(rows, [*said, *again])
    probe = row(vectorizer, "bà mụ đỡ ở nhà sàn")
    assert one.read(probe) == more.read(probe)
