"""How well the network alone reads the held-out answers, for its card."""

from __future__ import annotations

from dataclasses import dataclass

from bot.bench._held_out_answers import TODAY, answer_sets, held_out_answers
from bot.components.text.sequence import SequenceModel
from bot.components.text.views import Shorthand, views
from knowledge_base.answers.examples import NO_ANSWER, UNCLEAR, UNKNOWN
from knowledge_base.load import load

_MEANT = {"ask_back": UNCLEAR, "unknown": UNKNOWN, "not_an_answer": NO_ANSWER}


@dataclass(frozen=True)
class Figures:
    """Of `count` held-out answers whose class the network knows, it gives `right` the likeliest."""

    right: int
    count: int


def measure(model: SequenceModel) -> Figures:
    """Read every held-out answer that takes nothing back, by the network alone."""
    knowledge, shorthand = load(), Shorthand.from_file()
    right = count = 0
    for said in (one for name in answer_sets() for one in held_out_answers(name)):
        asked = knowledge.questions(knowledge.procedures[said.procedure], TODAY)
        question = next(one.message for one in asked if one.id == said.question)
        meant = _MEANT.get(said.verdict, said.value)
        if said.verdict == "correction" or meant not in model.classes.get(question, ()):
            continue
        chances = model.read(views(said.text, shorthand))[question]
        right += max(chances, key=lambda name: chances[name]) == meant
        count += 1
    return Figures(right, count)
