"""Which procedure takes another's questions, and which topic another's.

A text that training saw is understood; whether people who say it in their own words would be, is
told by models that did not see it. So all known texts are parted into folds, and each is read by
models that learnt from the other folds: the project's own views, n-grams and linear models, put
together as in `config.yml`, with two parts left out. Variants and composed questions make training
three times as long and these figures no better (measured); the sentence encoder that ships was
trained on these very texts, so the votes of near questions would be no news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bot.components.text.linear import STRENGTH, LinearModel
from bot.components.text.ngrams import NgramVectorizer
from bot.components.text.scope import NONE, OTHER, THRESHOLD, Ranking, ranking, reconcile, subject
from bot.components.text.views import Shorthand, Views, views
from bot.known_texts import KnownText

FOLDS = 5
PROCEDURE, TOPIC = "procedure", "topic"


@dataclass(frozen=True)
class Judged:
    """A text, and what models that did not see it take it for: which procedure (None: none of
    ours), and which topic or act. None also where nothing is likely."""

    known: KnownText
    procedure: str | None
    topic: str | None


@dataclass(frozen=True)
class Theft:
    """`known` belongs to `victim` and is taken for `thief`; both of a `kind`."""

    known: KnownText
    kind: str
    victim: str
    thief: str

    def __str__(self) -> str:
        place = f"{self.known.path}:{self.known.line}"
        return f'{place}: "{self.known.text}" ({self.victim}) is taken for {self.thief}'


@dataclass(frozen=True)
class Pair:
    """In `language`, `thief` takes `stolen` of the `of` texts of `victim`."""

    language: str
    kind: str
    thief: str
    victim: str
    stolen: int
    of: int

    @property
    def share(self) -> float:
        return self.stolen / self.of


def judge(texts: Sequence[KnownText], folds: int = FOLDS) -> Iterator[Judged]:
    """Every text read by models that saw no text with the same letters."""
    shorthand = Shorthand.from_file()
    seen = [views(known.text, shorthand) for known in texts]
    # by content, so that a text's fold is the same whatever else is written or deleted
    fold_of = [crc32(view["stripped"].encode()) % folds for view in seen]
    for fold in range(folds):
        rows = [at for at, its in enumerate(fold_of) if its == fold]
        rest = [at for at, its in enumerate(fold_of) if its != fold]
        if rows and rest:
            readers = _Readers([texts[at] for at in rest], [seen[at] for at in rest])
            yield from readers.read([texts[at] for at in rows], [seen[at] for at in rows])


class _Readers:
    """A model of procedures and one of topics."""

    def __init__(self, texts: Sequence[KnownText], seen: Sequence[Views]) -> None:
        self._vectorizer = NgramVectorizer().fit(seen)
        rows = self._vectorizer.transform(seen)
        self._procedures = _Model(rows, [subject(known.intent, known.procedure) for known in texts])
        asking = [at for at, known in enumerate(texts) if known.intent]
        self._topics = _Model(rows[asking], [str(texts[at].intent) for at in asking])

    def read(self, texts: Sequence[KnownText], seen: Sequence[Views]) -> Iterator[Judged]:
        rows = self._vectorizer.transform(seen)
        procedures, topics = self._procedures(rows), self._topics(rows)
        for known, near, asked in zip(texts, procedures, topics, strict=True):
            topic = _likely(reconcile(asked, near)) if known.intent else None
            procedure = _likely(near)
            yield Judged(known, None if procedure in (NONE, OTHER) else procedure, topic)


class _Model:
    """Says nothing where it has nothing to learn from."""

    def __init__(self, rows: Any, labels: Sequence[str]) -> None:
        self._model = (
            LinearModel.fit(rows, labels, range(len(labels)), STRENGTH) if labels else None
        )

    def __call__(self, rows: Any) -> Iterator[Ranking]:
        if self._model is None:
            yield from ({} for _ in range(rows.shape[0]))
            return
        for chances in self._model.probabilities(rows):
            yield ranking(self._model.classes, chances)


def _likely(chances: Mapping[str, float]) -> str | None:
    """The first, if it is likely enough to be acted upon."""
    name = next(iter(chances), None)
    return name if name and chances[name] >= THRESHOLD else None


def thefts(judged: Iterable[Judged]) -> list[Theft]:
    """What is taken for something else, the commonest pair of each kind first. A question of ours
    that is taken for nobody's, or the other way round, is a matter of topics (`out_of_scope`)."""
    found = [
        Theft(one.known, kind, victim, thief)
        for one in judged
        for kind, victim, thief in _sides(one)
        if thief and thief != victim
    ]
    count = Counter((t.kind, t.victim, t.thief) for t in found)

    def order(theft: Theft) -> tuple[Any, ...]:
        pair = (theft.kind, theft.victim, theft.thief)
        return theft.kind, -count[pair], *pair, theft.known.path, theft.known.line

    return sorted(found, key=order)


def pairs(judged: Iterable[Judged], found: Iterable[Theft]) -> list[Pair]:
    """The thefts counted by language, kind, thief and victim; the commonest of each kind first."""
    of = Counter((one.known.language, kind, own) for one in judged for kind, own, _ in _sides(one))
    count = Counter((t.known.language, t.kind, t.thief, t.victim) for t in found)
    made = [
        Pair(language, kind, thief, victim, stolen, of[language, kind, victim])
        for (language, kind, thief, victim), stolen in count.items()
    ]
    return sorted(made, key=lambda p: (p.language, p.kind, -p.stolen, p.thief, p.victim))


def _sides(one: Judged) -> Iterator[tuple[str, str, str | None]]:
    """By kind: what a text belongs to, and what it is taken for."""
    if one.known.procedure:
        yield PROCEDURE, one.known.procedure, one.procedure
    if one.known.intent:
        yield TOPIC, one.known.intent, one.topic
