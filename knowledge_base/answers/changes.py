"""Changes of mind within one message: `12/3, à nhầm, 13/3`, `không có... ý quên, có`.

Three kinds of words take something back: some always (`nhầm`), some only where a clause begins
with them (`thôi`, `à`), some only alone between two answers (`không`). What follows is the
answer, if it can be read as one. What stands before `mới đúng` is the answer as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.answers.lexicon import Item, Utterance, utterance
from knowledge_base.answers.words import AnswerWords


@dataclass(frozen=True)
class Change:
    """`text` is what counts, from `start` on; `sure` if the words before it are taken back in any
    case, `mere` if by no more than an `à`, `opens` if there are none. `first` and `last` are the
    words that say so."""

    text: str
    start: int
    first: int
    last: int
    sure: bool = False
    mere: bool = False
    opens: bool = False


def changes(said: Utterance, words: AnswerWords, *, dismissing: bool) -> Iterator[Change]:
    """What `said` may come down to, the likeliest first. With `dismissing` a lone word for *not*
    takes back what came before it; to a question of yes or no it is an answer."""
    items = words.corrections.scan(said)
    for place, item in enumerate(items):
        if "right" in item.kinds and _ends_clause(said, items, place):
            first = next(i for i, t in enumerate(said.tokens) if t.clause == _clause(said, item))
            if first < item.first:
                text = said.quote(first, item.first - 1)
                yield Change(text, said.tokens[first].start, item.first, item.last)
    sure = _last_correction(said, words, items)
    if sure is not None:
        opens = not _has_content(items[:sure])
        rest = _rest(said, items, sure)
        if _has_content(items[rest:]):
            yield _change(said, items, sure, True, rest)
        elif opens and rest > sure + 1:
            yield Change("", len(said.text), items[sure].first, items[sure].last, sure=True)
    for place in range(len(items) - 1, 0, -1):
        item = items[place]
        between = place + 1 < len(items) and _has_content(items[:place])
        hesitates = "hesitation" in item.kinds and _interrupts(said, items, place)
        kinds = {"dismissal", "forgotten"} if dismissing else {"forgotten"}
        dismisses = bool(kinds & item.kinds.keys()) and _stands_alone(said, items, place)
        if between and (hesitates or dismisses):
            yield _change(said, items, place, False)


def correction(text: str, words: AnswerWords) -> str | None:
    """What follows a change of mind (`à không, sinh ở nhà`); "" if nothing follows, None if no
    mind was changed."""
    said = utterance(text)
    items = words.corrections.scan(said)
    place = _last_correction(said, words, items)
    if place is None:
        return None
    if place + 1 < len(items):
        return _change(said, items, place, True).text
    return "" if opens_with_correction(said, words) else None


def opens_with_correction(said: Utterance, words: AnswerWords) -> bool:
    """Whether a change of mind is the first thing said, so that it takes back what came before."""
    items = words.corrections.scan(said)
    places = _corrections(said, words, items)
    return bool(places) and not _has_content(items[: places[0]])


def _rest(said: Utterance, items: list[Item], place: int) -> int:
    """Where what counts begins after a correction: `em bấm nhầm rồi, ở nhà`."""
    rest = place + 1
    while (
        rest < len(items)
        and _clause(said, items[rest]) == _clause(said, items[place])
        and "leftover" in items[rest].kinds
    ):
        rest += 1
    return rest


def _last_correction(said: Utterance, words: AnswerWords, items: list[Item]) -> int | None:
    return next(reversed(_corrections(said, words, items)), None)


def _corrections(said: Utterance, words: AnswerWords, items: list[Item]) -> list[int]:
    """The places that take something back for sure."""
    return [place for place in range(len(items)) if _corrects(said, words, items, place)]


def _corrects(said: Utterance, words: AnswerWords, items: list[Item], place: int) -> bool:
    item = items[place]
    if "correction" not in item.kinds:
        return "taken_back" in item.kinds and not _goes_on(said, words, item)
    # Without marks `lộn` is also `lớn`; then it must open the message and stand apart.
    written = item.last > item.first or said.tokens[item.first].marked
    after = said.tokens[item.last + 1 : item.last + 2]
    apart = not after or after[0].clause > _clause(said, item)
    return written or (not _has_content(items[:place]) and apart)


def _goes_on(said: Utterance, words: AnswerWords, item: Item) -> bool:
    """Whether its *not* belongs to what follows: `à không có giấy`."""
    short = words.short.scan(said)
    if any(other.first <= item.last < other.last for other in short):
        return True
    after = next((other for other in short if other.first > item.last), None)
    together = after is not None and _clause(said, after) == _clause(said, item)
    kinds = {"yes", "know", "exists", "still", "told"}
    return together and after is not None and bool(kinds & after.kinds.keys())


def _interrupts(said: Utterance, items: list[Item], place: int) -> bool:
    """Whether a word that may begin a change of mind does: where a clause begins, or among other
    words if it is more than one word or `à` with its mark."""
    item = items[place]
    begins = _clause(said, items[place - 1]) != _clause(said, item)
    goes_on = not _ends_clause(said, items, place) or begins
    several = item.last > item.first or "interjection" in item.kinds
    written = item.last > item.first or said.tokens[item.first].marked
    return goes_on and (begins or (several and written))


def _stands_alone(said: Utterance, items: list[Item], place: int) -> bool:
    begins = _clause(said, items[place - 1]) != _clause(said, items[place])
    return begins and _ends_clause(said, items, place)


def _ends_clause(said: Utterance, items: list[Item], place: int) -> bool:
    for after in items[place + 1 :]:
        if _clause(said, after) != _clause(said, items[place]):
            return True
        if "filler" not in after.kinds:
            return False
    return True


def _has_content(items: list[Item]) -> bool:
    return any("filler" not in item.kinds for item in items)


def _clause(said: Utterance, item: Item) -> int:
    return said.tokens[item.first].clause


def _change(
    said: Utterance, items: list[Item], place: int, sure: bool, rest: int | None = None
) -> Change:
    start = said.tokens[items[rest or place + 1].first].start
    item = items[place]
    mere = item.first == item.last or "interjection" in item.kinds
    text = said.text[start:].strip()
    opens = not _has_content(items[:place])
    return Change(text, start, item.first, item.last, sure, mere, opens)
