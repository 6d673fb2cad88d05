"""The intents of PhoATIS (Dao, Truong and Nguyen 2021, Intent Detection and Slot Filling for
Vietnamese) read by this project's way of understanding, for comparison with published results.

The data set is for research only and not part of this project; a user names a copy of one's own.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.components.text.augment import variants
from bot.components.text.encoder import OWN, load_encoder
from bot.components.text.linear import STRENGTH, LinearModel
from bot.components.text.nearest import Known, NearestQuestions
from bot.components.text.ngrams import NgramVectorizer
from bot.components.text.scope import NEIGHBOURS, blend, ranking
from bot.components.text.views import SHORTHAND, Shorthand, Views, views
from bot.settings import PROJECT
from knowledge_base.errors import EngineError
from knowledge_base.fold import strip_marks

PUBLISHED = 0.976
"""Intent accuracy that was published with a pre-trained transformer (arXiv:2104.02021)."""
SHARE = 0.5


@dataclass(frozen=True)
class Phoatis:
    """Accuracy on the test part, and without diacritics; seconds of training."""

    accuracy: float
    bare: float
    of: int
    training: float


def measure(folder: Path) -> Phoatis:
    """Train on the parts `train` and `dev`, read the part `test`. Raises `EngineError` when the
    folder does not hold a copy."""
    known = [*read_part(folder / "train"), *read_part(folder / "dev")]
    asked = read_part(folder / "test")
    started = time.perf_counter()
    model = _Model(known)
    training = time.perf_counter() - started
    right = sum(model.read(text) == label for text, label in asked)
    bare = sum(model.read(strip_marks(text)) == label for text, label in asked)
    return Phoatis(right / len(asked), bare / len(asked), len(asked), training)


def read_part(folder: Path) -> list[tuple[str, str]]:
    """Texts and intents of one part: a line each in `seq.in` and `label`; words of several
    syllables are written with underscores."""
    try:
        texts = (folder / "seq.in").read_text("utf-8").splitlines()
        labels = (folder / "label").read_text("utf-8").splitlines()
    except OSError as error:
        raise EngineError(
            f"{folder}: not a part of PhoATIS ({error.strerror}: {error.filename}); the folder "
            "holds train, dev and test, and each of them the files seq.in and label"
        ) from error
    if len(texts) != len(labels) or not texts:
        raise EngineError(f"{folder}: {len(texts)} texts in seq.in but {len(labels)} in label")
    pairs = zip(texts, labels, strict=True)
    return [(" ".join(text.replace("_", " ").split()), _in_order(label)) for text, label in pairs]


def _in_order(label: str) -> str:
    """Several intents of one text are written in one order or the other: `flight#airfare`."""
    return "#".join(sorted(label.strip().split("#")))


class _Model:
    """The same views, n-grams, linear model and votes of near questions as in `config.yml`, with
    other spellings of what is learnt."""

    def __init__(self, known: Sequence[tuple[str, str]]) -> None:
        self._shorthand = Shorthand.from_file(PROJECT / SHORTHAND)
        dice = random.Random(1)
        texts, labels, origins = [], [], []
        for number, (text, label) in enumerate(known):
            for form in (text, *variants(text, SHARE, dice)):
                texts.append(form)
                labels.append(label)
                origins.append(number)
        seen = [self._views(text) for text in texts]
        self._vectorizer = NgramVectorizer().fit(seen)
        rows = self._vectorizer.transform(seen)
        self._linear = LinearModel.fit(rows, labels, origins, STRENGTH)
        self._encoder = load_encoder(OWN)
        vectors = self._encoder.encode([self._views(text)["folded"] for text, _ in known])
        self._nearest = NearestQuestions(vectors, [Known(label, label, None) for _, label in known])

    def read(self, text: str) -> str:
        seen = self._views(text)
        row = self._vectorizer.transform([seen])
        chances = ranking(self._linear.classes, self._linear.probabilities(row)[0])
        votes = self._nearest.votes(self._encoder.encode([seen["folded"]])[0])
        if votes:
            chances = blend(chances, votes.intents, NEIGHBOURS)
        return next(iter(chances))

    def _views(self, text: str) -> Views:
        return views(text, self._shorthand)
