"""Which of the offered choices: by its number, by what people say for it, by its label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from knowledge_base.answers.clauses import Clause, Topic, asks, clauses, says_unknown
from knowledge_base.answers.lexicon import PLAIN, Item, Lexicon, Token, Utterance, fits, utterance
from knowledge_base.answers.places import Place, find_place
from knowledge_base.answers.reading import Ambiguous, Choosable, NotAnAnswer, Reading, Understood
from knowledge_base.answers.unsure import asks_first
from knowledge_base.answers.words import AnswerWords, fill

DENIAL_REACH = 4
"""How many words after a *not* a choice is still denied: `không phải là ở nhà`."""
OVERLAP = 0.5
"""Share of the message's own words that must be in a label for it to be meant."""
LEAD = 0.2
"""By how much the best label must be ahead of the next; nearer, both are offered."""

Option = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Hit:
    """Words said for one or more choices, whether they were denied, and whether they may as well
    be mere politeness."""

    values: tuple[str, ...]
    first: int
    last: int
    denied: bool
    polite: bool = False


def options(choices: Iterable[Choosable], words: AnswerWords) -> tuple[Option, ...]:
    """Value, label and words of each choice, with `@name` replaced by that word set."""
    return tuple(
        (choice.value, choice.label, tuple(_expanded(choice.words, words))) for choice in choices
    )


def _expanded(phrases: Sequence[str], words: AnswerWords) -> Iterable[str]:
    for phrase in phrases:
        if phrase.startswith("@"):
            yield from words.sets.get(phrase[1:], ())
        else:
            yield phrase


def interpret_choice(said: Utterance, offered: Sequence[Option], words: AnswerWords) -> Reading:
    """Read `said` as one of `offered`; two that fit are both given back."""
    short = words.short.scan(said)
    place = place_of(said, offered, words)
    if place is not None and place.typed:
        return at_place(place, said, offered)
    hits = find_hits(said, offered, words)
    meant = [hit for hit in hits if not hit.denied]
    if place is not None and all(hit.polite for hit in hits):
        return at_place(place, said, offered)
    if meant:
        after_contrast = [hit for hit in meant if hit.first >= _last_contrast(short)]
        return _reading(said, after_contrast or meant)
    if hits or asks(said, words) or says_unknown(said, words):
        return NotAnAnswer()
    return _by_label(said, offered, short)


def _reading(said: Utterance, hits: Sequence[Hit]) -> Reading:
    shared = set(hits[0].values).intersection(*(hit.values for hit in hits))
    values = [v for hit in hits for v in hit.values if v in (shared or hit.values)]
    unique = tuple(dict.fromkeys(values))
    if len(unique) > 1:
        return Ambiguous(unique)
    return Understood(unique[0], said.quote(hits[0].first, hits[-1].last))


def _last_contrast(short: Sequence[Item]) -> int:
    return max((item.last for item in short if "contrast" in item.kinds), default=-1)


def place_of(said: Utterance, offered: Sequence[Option], words: AnswerWords) -> Place | None:
    """The place among `offered` that is pointed at, if nothing else is said."""
    return find_place(said, len(offered), words.short.scan(said))


def at_place(place: Place, said: Utterance, offered: Sequence[Option]) -> Reading:
    """The choice at `place`, or the two in the middle."""
    values = tuple(offered[index][0] for index in place.indexes)
    return Understood(values[0], said.text.strip()) if len(values) == 1 else Ambiguous(values)


def find_hits(said: Utterance, offered: Sequence[Option], words: AnswerWords) -> list[Hit]:
    """Where the words or the whole label of a choice are said, the longest phrase first."""
    lexicon = _lexicon(tuple(offered), words)
    short = words.short.scan(said)
    denials = [item.last for item in _denying(short)]
    polite = {
        item.first
        for item in short
        if "filler" in item.kinds and not said.tokens[item.first].marked
    }
    found = clauses(said, words, Topic())
    hits: list[Hit] = []
    for item in lexicon.scan(said):
        if not item.kinds or PLAIN in item.kinds:
            continue
        denied = False
        for place in denials:
            near = place < item.first <= place + DENIAL_REACH
            if near and said.tokens[place].clause == said.tokens[item.first].clause:
                denied = not any(place < hit.first for hit in hits)
        denied = denied or _denied_by_its_end(item, found)
        values = tuple(value for value, _, _ in offered if value in item.kinds)
        mere = item.last == item.first and item.first in polite
        mere = mere and not _is_written(said.tokens[item.first], values, offered)
        hits.append(Hit(values, item.first, item.last, denied, mere))
    asked = _who_is_asked(said, short)
    hits = [hit for hit in hits if not any(_inside(hit, item) for item in short)]
    asked |= in_questions([clause for clause in found if not clause.tagged], hits)
    hits = [hit for hit in hits if hit.first not in asked]
    # `di` without marks is `đi` or `dì`, `nha` a particle or `nhà`: it counts if nothing else does.
    # Someone who types marks means the particle.
    marked = any(token.marked for token in said.tokens)
    return [hit for hit in hits if not hit.polite] or ([] if marked else hits)


def in_questions(found: Iterable[Clause], hits: Sequence[Hit]) -> set[int]:
    """The words of clauses that ask by more than is said for a choice (`không có gì`)."""
    return {
        place
        for clause in found
        if clause.asks
        and not all(any(hit.first <= at <= hit.last for hit in hits) for at in clause.asked)
        for place in clause.places
    }


def _who_is_asked(said: Utterance, short: Sequence[Item]) -> set[int]:
    """The words that say whom one will ask first: `để em hỏi bà ngoại` names nobody who goes."""
    places: set[int] = set()
    for _, row in groupby(short, key=lambda item: said.tokens[item.first].clause):
        items = list(row)
        end = asks_first(items)
        if end is not None:
            places.update(range(end + 1, items[-1].last + 1))
    return places


def _is_written(token: Token, values: Sequence[str], offered: Sequence[Option]) -> bool:
    """Whether a word for one of the choices is written just so (`tui`)."""
    known = (_own_words(option) for option in offered if option[0] in values)
    return any(token.key in row.get(token.bare, ()) for row in known)


def _denied_by_its_end(hit: Item, found: Sequence[Clause]) -> bool:
    """Whether it stands in a clause like `có đi viện đâu`, before its end."""
    return any(
        clause.denied and clause.items[0].first <= hit.first and hit.last < clause.end
        for clause in found
    )


def _inside(hit: Hit, item: Item) -> bool:
    """Whether the hit is only a part of saying that one does not know (`quên mất rồi`)."""
    longer = item.last - item.first >= hit.last - hit.first
    return "unknown" in item.kinds and longer and hit.first <= item.last and item.first <= hit.last


@lru_cache(maxsize=256)
def _lexicon(offered: tuple[Option, ...], words: AnswerWords) -> Lexicon:
    lexicon = Lexicon()
    fill(lexicon, words.plain, PLAIN, exact=False)
    for value, label, phrases in offered:
        lexicon.add([label, *phrases], value)
    return lexicon


def _by_label(said: Utterance, offered: Sequence[Option], short: Sequence[Item]) -> Reading:
    """By the share of the message's own words that stand in a label or its words."""
    own = [
        said.tokens[place]
        for item in short
        if not item.kinds
        for place in range(item.first, item.last + 1)
    ]
    if not own:
        return NotAnAnswer()
    known = [_own_words(option) for option in offered]
    spread = Counter(word for row in known for word in row)
    scores = [
        sum(1 / spread[token.bare] for token in own if _stands_in(token, row)) / len(own)
        for row in known
    ]
    best = max(scores)
    if best < OVERLAP:
        return NotAnAnswer()
    matched = [t for t in own if any(_stands_in(t, row) for row in known)]
    near = [option[0] for option, score in zip(offered, scores, strict=True) if score > best - LEAD]
    if len(near) > 1:
        return Ambiguous(tuple(near)) if len(near) <= 3 else NotAnAnswer()
    own_words, first = known[scores.index(best)], said.tokens.index(matched[0])
    before = [item for item in _denying(short) if item.last < first <= item.last + DENIAL_REACH]
    if any(not _stands_in(said.tokens[item.first], own_words) for item in before):
        return NotAnAnswer()  # `không có ly hôn nước ngoài`, where no choice is called so
    return Understood(near[0], said.text[matched[0].start : matched[-1].end])


def _denying(short: Iterable[Item]) -> list[Item]:
    """The words for *not* that are no mere politeness."""
    return [
        item
        for item in short
        if {"no", "planned"} & item.kinds.keys() and "filler" not in item.kinds
    ]


def _stands_in(token: Token, known: Mapping[str, Sequence[str]]) -> bool:
    return any(fits(token.key, key) for key in known.get(token.bare, ()))


@lru_cache(maxsize=1024)
def _own_words(option: Option) -> Mapping[str, Sequence[str]]:
    """The words said for a choice as they are written, by how they are without marks."""
    _, label, phrases = option
    known: dict[str, list[str]] = {}
    for text in (label, *phrases):
        for token in utterance(text).tokens:
            known.setdefault(token.bare, []).append(token.key)
    return known
