"""How good an encoder is by itself, on held-out questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.bench._held_out import held_out, names
from bot.components.text.encoder import Encoder
from bot.components.text.nearest import Known, NearestQuestions
from bot.components.text.views import Shorthand
from bot.encoding.pairs import asked, read_as
from bot.utterances import utterances
from knowledge_base.load import KnowledgeBase
from knowledge_base.schema import TOPICS


@dataclass(frozen=True)
class Figures:
    """`asked`: held-out questions about a procedure; `labels`: what each may ask; shares, 0 to 1,
    whose label is the nearest, among the nearest three, and which the nearest utterances tell."""

    asked: int
    labels: int
    first: float
    three: float
    voted: float


def measure(encoder: Encoder, knowledge: KnowledgeBase) -> Figures:
    """Figures over every held-out set."""
    shorthand = Shorthand.from_file()

    def vectors(texts: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        return encoder.encode([read_as(text, shorthand) for text in texts])

    labels = [(topic, name) for topic in TOPICS for name in knowledge.procedures]
    worded = vectors([asked(knowledge, *label) for label in labels])
    known = list(utterances())
    questions = NearestQuestions(
        vectors([one.text for one in known]),
        [Known(one.intent, one.procedure or "", one.procedure) for one in known],
    )
    rows = [one for name in names() for one in held_out(name) if one.topic in TOPICS]
    rows = [one for one in rows if one.procedure]
    first = three = voted = 0
    for one, vector in zip(rows, vectors([one.text for one in rows]), strict=True):
        truth = (one.topic, one.procedure)
        best = [labels[at] for at in np.argsort(-(worded @ vector))[:3]]
        first += best[0] == truth
        three += truth in best
        votes = questions.votes(vector)
        if votes:
            intent = max(votes.intents, key=votes.intents.__getitem__)
            procedure = max(votes.procedures, key=votes.procedures.__getitem__)
            voted += (intent, procedure) == truth
    count = max(len(rows), 1)
    return Figures(len(rows), len(labels), first / count, three / count, voted / count)
