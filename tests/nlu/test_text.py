"""What the components compute with."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.components.text.augment import VARIANTS, bare, telex, terse, variants
from bot.components.text.compose import compose
from bot.components.text.linear import LinearModel
from bot.components.text.ngrams import NgramVectorizer
from bot.components.text.scope import NONE, OTHER, OUT_OF_SCOPE, linked, ranking, reconcile
from bot.components.text.views import MAX_CHARS, Shorthand, clean, views
from knowledge_base.fold import fold, strip_marks

SHORTHAND = Shorthand.from_file()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lm gks cho bé", "làm giấy khai sinh cho bé"),
        ("đkkh cần j z", "đăng ký kết hôn cần gì vậy"),
        ("nhập hk k đc", "nhập hộ khẩu không được"),
        ("giấy trứng sinh", "giấy chứng sinh"),
        ("vê nê i đê", "vneid"),
    ],
)
def test_shorthand_is_written_out(written: str, meant: str) -> None:
    assert views(written, SHORTHAND)["folded"] == meant


def test_views_lose_more_and_more() -> None:
    seen = views("Đăng ký TẠM TRÚ", SHORTHAND)
    assert seen["folded"] == "đăng ký tạm trú"
    assert seen["stripped"] == "dang ky tam tru"
    assert seen["sounded"] == views("đăng kí tạm chú", SHORTHAND)["sounded"]


@settings(deadline=None)
@given(st.text() | st.text("aàÁạđƯ̛o̊'b-./:,12👍🏽 \u0301\u00a0ﬁ²"))
def test_words_folded_one_by_one_are_the_text_folded(text: str) -> None:
    cleaned = clean(text)
    seen = views(text, Shorthand({}))
    assert seen["folded"] == fold(cleaned)
    assert seen["stripped"] == strip_marks(fold(cleaned))


def test_clean_takes_out_what_cannot_be_seen_and_cuts() -> None:
    assert clean("kha\u200di\x00 sinh\ufeff") == "khai sinh"
    assert len(clean("a" * 10 * MAX_CHARS)) <= MAX_CHARS + 1
    assert clean("a" * MAX_CHARS + " khai sinh").endswith("khai sinh")


def test_the_vectorizer_is_the_same_after_saving(tmp_path: Path) -> None:
    texts = [views(t, SHORTHAND) for t in ("làm khai sinh", "làm sổ đỏ", "khai sinh cho con")]
    vectorizer = NgramVectorizer(min_count=1).fit(texts)
    vectorizer.save(tmp_path)
    before, after = vectorizer.transform(texts), NgramVectorizer.load(tmp_path).transform(texts)
    assert (before != after).nnz == 0


def test_rows_made_one_by_one_are_those_of_all() -> None:
    texts = [views(t, SHORTHAND) for t in ("làm khai sinh", "", "khai sinh cho con, khai sinh")]
    vectorizer = NgramVectorizer(min_count=1).fit(texts)
    together = vectorizer.transform(texts)
    apart = list(vectorizer.transform_each(texts))
    assert len(apart) == together.shape[0]
    assert all((row != together[at]).nnz == 0 for at, row in enumerate(apart))
    assert {row.shape for row in apart} == {(1, vectorizer.size)}


def test_an_unknown_word_is_seen_as_unknown_and_an_empty_text_is_an_empty_row() -> None:
    vectorizer = NgramVectorizer(min_count=1).fit([views("làm khai sinh", SHORTHAND)])
    rows = vectorizer.transform([views(t, SHORTHAND) for t in ("", "qwxz", "khai sinh")])
    assert rows[0].nnz == 0
    assert 0 < rows[1].nnz < rows[2].nnz


def test_the_linear_model_learns_saves_and_gives_probabilities(tmp_path: Path) -> None:
    texts = ["cần giấy gì", "giấy gì", "bao nhiêu tiền", "tốn tiền không", "ở đâu", "nộp ở đâu"]
    rows_of = [views(t, SHORTHAND) for t in texts]
    vectorizer = NgramVectorizer(min_count=1).fit(rows_of)
    rows, labels = vectorizer.transform(rows_of), ["papers"] * 2 + ["fee"] * 2 + ["where"] * 2
    model = LinearModel.fit(rows, labels, range(6))
    model.save(tmp_path)
    loaded = LinearModel.load(tmp_path)
    chances = loaded.probabilities(rows)
    assert [loaded.classes[i] for i in chances.argmax(axis=1)] == labels
    assert chances.sum(axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert chances == pytest.approx(model.probabilities(rows), abs=0.01)


def test_the_same_texts_give_the_same_model() -> None:
    dice = random.Random(1)
    words = [f"chữ{number}" for number in range(60)]
    texts = [views(" ".join(dice.choices(words, k=6)), SHORTHAND) for _ in range(300)]
    rows = NgramVectorizer(min_count=1).fit(texts).transform(texts)
    labels = [str(dice.randrange(8)) for _ in texts]
    one, *others = (LinearModel.fit(rows, labels, range(300)) for _ in range(4))
    for other in others:
        assert (other.weights == one.weights).all()
        assert other.scale == one.scale


def test_nothing_is_pickled(tmp_path: Path) -> None:
    rows = NgramVectorizer(min_count=1).fit([views("a b", SHORTHAND)])
    rows.save(tmp_path)
    assert {p.suffix for p in tmp_path.iterdir()} <= {".json", ".npy", ".npz"}


def test_variants_differ_and_are_the_same_with_the_same_dice() -> None:
    text = "Làm giấy khai sinh cho con thì cần giấy tờ gì?"
    first, second = (variants(text, 1, random.Random(3)) for _ in range(2))
    assert first == second
    assert first[0] == "lam giay khai sinh cho con thi can giay to gi"
    assert len(set(first) | {text}) == len(first) + 1


def test_a_share_of_texts_gets_variants() -> None:
    dice = random.Random(1)
    made = [variants("Làm giấy khai sinh", 0.5, dice) for _ in range(400)]
    assert 150 < sum("lam giay khai sinh" in found for found in made) < 350
    assert not any(variants("Làm giấy khai sinh", 0, dice) for _ in range(50))
    only = variants("Làm giấy khai sinh", 1, dice, spelling_only=True)
    assert only == ["lam giay khai sinh"]


@pytest.mark.parametrize("variant", [*VARIANTS, bare])
@pytest.mark.parametrize("text", ["", "ừ", "khai sinh", "1", "giấy tờ gì " * 50])
def test_no_variant_fails(variant, text: str) -> None:
    assert isinstance(variant(text, random.Random(1)), str)


def test_telex_is_what_the_keys_were() -> None:
    dice = random.Random()
    dice.random = lambda: 0.0  # type: ignore[method-assign]
    assert telex("giấy đỏ", dice) == "giaays ddor"


def test_terse_never_leaves_nothing() -> None:
    assert terse("thì là mà", random.Random(1))


def test_compositions_cover_every_topic_of_every_procedure_and_refuse_needs() -> None:
    made = compose(
        {"fee": ["mất bao nhiêu tiền"], "where": ["ở đâu"]},
        {"a": ["giấy a"], "b": ["giấy b"]},
        {"a": ["tôi muốn giấy a"]},
        ["hộ chiếu"],
        2,
        2,
        1,
        random.Random(1),
    )
    ours = [c for c in made if c.procedure]
    assert {(c.intent, c.procedure) for c in ours} == {
        (t, p) for t in ("fee", "where") for p in ("a", "b")
    }
    assert all(f"giấy {c.procedure}" in c.text for c in ours)
    assert {c.intent for c in made if not c.procedure} == {OUT_OF_SCOPE}
    assert any("hộ chiếu" in c.text for c in made)


def test_the_procedure_model_can_outvote_the_topic_model() -> None:
    intents = {"fee": 0.7, OUT_OF_SCOPE: 0.3}
    assert next(iter(reconcile(intents, {OTHER: 0.95, NONE: 0.05}))) == OUT_OF_SCOPE
    assert next(iter(reconcile(intents, {OTHER: 0.0, "a": 1.0}))) == "fee"
    assert next(iter(reconcile(intents, {OTHER: 0.5}, caution=1))) == "fee"
    assert next(iter(reconcile(intents, {OTHER: 0.5}, caution=8))) == OUT_OF_SCOPE
    assert sum(reconcile(intents, {OTHER: 0.4}).values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("chances", "found"),
    [
        ({"a": 0.9, "b": 0.05, NONE: 0.05}, ["a"]),
        ({"a": 0.5, "b": 0.4, NONE: 0.1}, ["a", "b"]),
        ({"a": 0.2, NONE: 0.8}, []),
        ({"a": 0.4, OTHER: 0.6}, []),
        ({"a": 0.1, "b": 0.1}, []),
        ({NONE: 1.0}, []),
    ],
)
def test_two_plausible_procedures_are_both_named_and_none_is_none(
    chances: dict[str, float], found: list[str]
) -> None:
    ranked = ranking(list(chances), list(chances.values()))
    assert [name for name, _ in linked(ranked, 0.3, 0.5)] == found
