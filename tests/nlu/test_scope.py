"""How rankings are brought together: they stay probabilities, whatever is said."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.components.text.scope import (
    NONE,
    OTHER,
    OUT_OF_SCOPE,
    START,
    Ranking,
    blend,
    linked,
    named,
    ranking,
    reconcile,
)
from knowledge_base.schema import TOPICS

INTENTS = ("fee", "where", START, "greet", "inform", OUT_OF_SCOPE)
PROCEDURES = ("birth", "land", "marriage", NONE, OTHER)


@st.composite
def rankings(draw: st.DrawFn, names: tuple[str, ...]) -> Ranking:
    weights = draw(st.lists(st.floats(0, 1), min_size=len(names), max_size=len(names)))
    total = sum(weights)
    shares = [w / total for w in weights] if total > 1e-6 else [1 / len(names)] * len(names)
    return ranking(names, shares)


def is_ranking(chances: Ranking) -> bool:
    values = list(chances.values())
    return (
        math.isclose(sum(values), 1, abs_tol=1e-6)
        and all(0 <= value <= 1 + 1e-9 for value in values)
        and values == sorted(values, reverse=True)
    )


votes = st.dictionaries(st.sampled_from(INTENTS), st.floats(0, 1))
shares = st.floats(0, 1)


@given(rankings(INTENTS), votes, shares)
def test_a_blend_is_a_ranking(before: Ranking, heard: dict[str, float], weight: float) -> None:
    after = blend(before, heard, weight)
    assert is_ranking(after)
    assert set(after) == set(before)


@given(rankings(INTENTS), shares)
def test_without_votes_all_stays(before: Ranking, weight: float) -> None:
    after = blend(before, {}, weight)
    assert all(math.isclose(after[name], before[name], abs_tol=1e-9) for name in before)
    assert list(after) == list(before)


@given(rankings(INTENTS), votes)
def test_votes_that_weigh_nothing_change_nothing(before: Ranking, heard: dict[str, float]) -> None:
    after = blend(before, heard, 0)
    assert all(math.isclose(after[name], before[name], abs_tol=1e-9) for name in before)


@given(rankings(INTENTS), st.sampled_from(INTENTS), st.floats(0.01, 1))
def test_a_vote_raises_what_it_is_for(before: Ranking, name: str, weight: float) -> None:
    after = blend(before, {name: 1.0}, weight)
    assert after[name] >= before[name] - 1e-9
    others = [n for n in before if n != name]
    assert [n for n in after if n != name and after[n] > 0] == [n for n in others if after[n] > 0]


@given(rankings(INTENTS), rankings(PROCEDURES), shares, st.floats(0.5, 20))
def test_reconciled_is_a_ranking(
    intents: Ranking, procedures: Ranking, trust: float, caution: float
) -> None:
    after = reconcile(intents, procedures, trust, caution)
    assert is_ranking(after)
    assert set(after) == set(intents)


@given(rankings(INTENTS), rankings(PROCEDURES), shares)
def test_reconciling_keeps_the_order_of_what_is_in_scope(
    intents: Ranking, procedures: Ranking, trust: float
) -> None:
    after = reconcile(intents, procedures, trust)
    ours = [intents[name] for name in after if name != OUT_OF_SCOPE and after[name] > 0]
    assert all(a >= b or math.isclose(a, b) for a, b in pairwise(ours))


@given(rankings(INTENTS), st.floats(0, 1), st.floats(0, 1))
def test_the_more_foreign_the_need_the_more_out_of_scope(
    intents: Ranking, one: float, two: float
) -> None:
    less, more = sorted((one, two))
    low = reconcile(intents, {OTHER: less, NONE: 1 - less})
    high = reconcile(intents, {OTHER: more, NONE: 1 - more})
    assert high[OUT_OF_SCOPE] >= low[OUT_OF_SCOPE] - 1e-9


@given(rankings(INTENTS))
def test_a_name_asks_a_topic_whatever_the_models_say(intents: Ranking) -> None:
    after = named(intents)
    assert is_ranking(after)
    assert next(iter(after)) in TOPICS
    assert set(after) == set(intents)


def test_a_name_alone_asks_to_begin_unless_something_stands_out() -> None:
    assert next(iter(named({"inform": 0.97, START: 0.02, "fee": 0.01}))) == START
    assert next(iter(named({OUT_OF_SCOPE: 0.4, "fee": 0.2, "where": 0.2, START: 0.2}))) == START
    assert next(iter(named({OUT_OF_SCOPE: 0.4, "fee": 0.5, START: 0.1}))) == "fee"
    assert next(iter(named({OUT_OF_SCOPE: 0.99, "fee": 0.01, START: 0.0}))) == START
    assert named({"greet": 1.0}) == {START: 1.0, "greet": 0.0}


@given(rankings(PROCEDURES), st.floats(0, 1), st.floats(0, 1))
def test_what_is_linked_is_a_procedure_and_plausible(
    procedures: Ranking, threshold: float, rival: float
) -> None:
    found = linked(procedures, threshold, rival)
    assert len(found) <= 2
    for name, chance in found:
        assert name not in (NONE, OTHER)
        assert chance >= rival * found[0][1]
    if found:
        assert found[0][1] >= max(threshold, procedures[NONE], procedures[OTHER])
