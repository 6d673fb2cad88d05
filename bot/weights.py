"""Finds the weights with which `knowledge_base.answers.weighing` hears rules, guesses and intent.

They are the parameters of a conditional logit model (McFadden 1974, Conditional logit analysis of
qualitative choice behavior): of the candidates of one message, one whose evidence weighs more is
likelier. They are fitted on held-out answers, which no model learnt from: on answers that were
learnt, guesses would seem surer than they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.bench._held_out_answers import AnswerJudge, HeldOutAnswer, held_out_answers
from knowledge_base.answers.evidence import Evidence

FITTED_ON = (
    "blind",
    "dev",
    "dev2",
    "fresh",
    "fresh2",
    "fresh3",
    "fresh4",
    "fresh5",
    "fresh6",
    "fresh7",
    "fresh8",
    "fresh9",
    "plain",
)
"""The held-out answers by which weights are found; all others are for figures only."""
OF_ANSWERS = {
    "guess": 1.5,
    "exact": 5.0,
    "day": 6.0,
    "month": 4.0,
    "year": 3.0,
    "now": -2.0,
    "whole_short": 2.0,
    "plain_request": 2.0,
    "request": 1.2,
    "start_of_another": 3.0,
    "kind_words": 1.0,
    "topic_asked": 0.8,
    "bare_yes_or_no": 0.5,
    "lunar": 1.0,
    "only_lunar": 6.0,
    "several_ages": 1.0,
    "only_ages": 4.0,
    "does_not_know": 0.2,
}
"""What weights of what a message is are where no answer tells; 0 for what is not named. A day or an
age that was told is to stand against nearly every guess, and a plain request against what its words
resemble."""
OF_CHANGES = {
    "changes": -4.0,
    "looks_back": 4.0,
    "opens": 3.0,
    "hesitates": 2.0,
    "change_intended": 1.0,
    "about": 1.0,
    "chosen": 1.5,
    "bare": 1.5,
    "answers_this": 2.0,
    "about_this": 0.5,
    "repeats": 0.5,
    "wants_another": 3.0,
    "requests": 1.0,
    "untold": -3.0,
    "said_again": -2.0,
}
"""The same of whether an earlier answer is taken back."""
CAUTION = 1.0
"""How strongly weights are held to the prior (the inverse variance of a Gaussian)."""


@dataclass(frozen=True)
class Example:
    """A message: the evidence for each thing that it may be, and which of these are right."""

    evidence: Sequence[Evidence]
    right: Sequence[bool]


def told(judge: AnswerJudge, *, guessed: bool, sets: Sequence[str] = FITTED_ON) -> list[Example]:
    """The held-out answers; `guessed`: with what models guess, or by rules and intent alone."""
    found = [judge.candidates(said, guessed=guessed) for said in _answers(sets)]
    return [
        Example([candidate.evidence for candidate, _ in one], [right for _, right in one])
        for one in found
        if one is not None
    ]


def told_of_earlier(judge: AnswerJudge, sets: Sequence[str] = FITTED_ON) -> list[Example]:
    """The same, with what each may take back of what was answered before."""
    found = [judge.changes(said) for said in _answers(sets)]
    return [
        Example([change.evidence for change, _ in one], [right for _, right in one])
        for one in found
    ]


def _answers(sets: Sequence[str]) -> Iterator[HeldOutAnswer]:
    return (said for name in sets for said in held_out_answers(name))


def fit(examples: Iterable[Example], prior: Mapping[str, float]) -> Mapping[str, float]:
    """The likeliest weights, by name; those of `prior` where no example tells."""
    told = [one for one in examples if any(one.right) and not all(one.right)]
    names = sorted({*prior, *(name for one in told for e in one.evidence for name in e)})
    at = {name: number for number, name in enumerate(names)}
    shape = (len(told), max(len(one.evidence) for one in told))
    evidence = np.zeros((*shape, len(names)))
    there, right = np.zeros(shape), np.zeros(shape)
    for row, one in enumerate(told):
        there[row, : len(one.evidence)] = 1
        right[row, : len(one.right)] = one.right
        for column, found_for in enumerate(one.evidence):
            for name, strength in found_for.items():
                evidence[row, column, at[name]] = strength
    before = np.array([prior.get(name, 0.0) for name in names])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = evidence @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True)) * there
        chances = odds / odds.sum(axis=1, keepdims=True)
        sure = (chances * right).sum(axis=1, keepdims=True) + 1e-12
        off = weights - before
        value = -np.log(sure).sum() + CAUTION / 2 * (off**2).sum()
        slope = np.einsum("rc,rcn->n", chances - chances * right / sure, evidence) + CAUTION * off
        return float(value), slope

    found = minimize(loss, before, jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), 2) for name, weight in zip(names, found, strict=True)}
