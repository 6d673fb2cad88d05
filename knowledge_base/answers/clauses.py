"""The clauses of a message, and whether each leans to yes or no, asks, or says one does not know.

A word for *not* governs the words for *yes* right after it. A clause is denied by its end as
well (`có giấy đâu`, `có ra nước ngoài bao giờ`), and then words that would ask (`ai`, `gì`) deny.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from knowledge_base.answers.lexicon import Item, Utterance
from knowledge_base.answers.unsure import is_unsure
from knowledge_base.answers.words import AnswerWords, is_own

SCOPE = 2
"""How many words after a *not* it still governs a *yes*: `không phải là có`."""
ASKED_SCOPE = 6
"""How many words after a *not* a word that asks is only denied: `chưa ra xã lần nào`."""
_ANSWERS = ("yes", "no", "planned", "not_no", "lost")
_POLITE = {"filler", "assent"}
_WEIGHTY = {"asking", "then", "nowhere", "still", "used_up", "only"}


@dataclass(frozen=True)
class Topic:
    """What a question asks: its words without marks, and whether it asks if something is still
    there, so that *used up* says no."""

    words: AbstractSet[str] = frozenset()
    still: bool = False


@dataclass(frozen=True)
class Clause:
    """`leans` is True for yes, False for no, None for neither; `led` is how it was joined;
    `shared` are its words that are the question's too; `hedged` if it is only hearsay, `denied`
    if its end denies it. `asked` are the places of the words that ask, `tagged` if they are only
    like `được không` at its end.
    """

    items: tuple[Item, ...]
    led: str
    leans: bool | None
    pure: bool
    shared: frozenset[str]
    asks: bool
    unknown: bool
    hedged: bool
    denied: bool
    tagged: bool
    asked: frozenset[int]

    @property
    def places(self) -> range:
        """Its words."""
        return range(self.items[0].first, self.items[-1].last + 1)

    @property
    def end(self) -> int:
        """The word whose kind tells most at the end: the last that is not politeness."""
        weighty = [item for item in self.items if is_own(item) or item.kinds.keys() - _POLITE]
        return (weighty or self.items)[-1].last


def clauses(said: Utterance, words: AnswerWords, topic: Topic) -> list[Clause]:
    """The clauses of `said`, cut at punctuation and at words of contrast and reason.

    Those of the last message are remembered: one answer is looked at from several sides."""
    latest, found = words.latest
    if latest is not said:
        found = {}
        words.latest = (said, found)
    if topic not in found:
        found[topic] = _cut(said, words, topic)
    remembered: list[Clause] = found[topic]
    return remembered


def _cut(said: Utterance, words: AnswerWords, topic: Topic) -> list[Clause]:
    rows: list[tuple[str, list[Item]]] = [("", [])]
    denied: set[int] = set()
    for item in words.short.scan(said):
        joins = next((k for k in ("contrast", "because", "so") if k in item.kinds), None)
        before = rows[-1][1]
        if joins:
            # What stands behind `đâu mà` says why not, it takes nothing back.
            nowhere = joins == "contrast" and before and "nowhere" in before[-1].kinds
            if nowhere and _echoes(said, before, item):
                denied.add(len(rows) - 1)
            rows.append(("because" if nowhere else joins, []))
        elif before and said.tokens[before[-1].last].clause != said.tokens[item.first].clause:
            led = "because" if rows[-1][0] == "because" else ""
            rows.append((led, [_in_place(item, ())]))
        else:
            before.append(_in_place(item, before))
    return [
        _clause(said, led, row, topic, denied=place in denied)
        for place, (led, row) in enumerate(rows)
        if row
    ]


def _echoes(said: Utterance, before: Sequence[Item], mark: Item) -> bool:
    """Whether what stands before `đâu mà` is said again behind it: `đăng ký đâu mà đăng ký`."""
    after = said.tokens[mark.last + 1 :]
    return bool(
        {said.tokens[item.first].bare for item in before if is_own(item)}
        & {token.bare for token in after if token.clause == said.tokens[mark.first].clause}
    )


def _in_place(item: Item, before: Sequence[Item]) -> Item:
    """`nào có` at the beginning of a clause denies, `ngày nào có` asks."""
    if "opening_no" not in item.kinds:
        return item
    opens = all(_POLITE & earlier.kinds.keys() for earlier in before)
    return replace(item, kinds={**item.kinds, "no" if opens else "asking": True})


def asks(said: Utterance, words: AnswerWords) -> bool:
    """Whether `said` is a question, by its mark, its words or its frame (`có … không`)."""
    return said.asks or any(clause.asks for clause in clauses(said, words, Topic()))


def says_unknown(said: Utterance, words: AnswerWords) -> bool:
    """Whether one says that one does not know, or has to ask first."""
    return any(clause.unknown for clause in clauses(said, words, Topic()))


def bare_leaning(said: Utterance, words: AnswerWords) -> bool | None:
    """True where nothing is said but a yes (`dạ có ạ`), False where nothing but a no (`chưa`)."""
    found = clauses(said, words, Topic())
    leaning = [clause.leans for clause in found if clause.leans is not None]
    return leaning[-1] if leaning and all(clause.pure for clause in found) else None


def _clause(said: Utterance, led: str, row: list[Item], topic: Topic, *, denied: bool) -> Clause:
    own = [item for item in row if is_own(item)]
    meant = "asking" if own else "yes"
    row = [replace(i, kinds={meant: True}) if "retort" in i.kinds else i for i in row]
    known = [item for item in row if item.kinds and not _only_polite(item, row)]
    bare = {said.tokens[place].bare for item in row for place in range(item.first, item.last + 1)}
    denied = denied or _denied_by_its_end(said, row)
    frame = _frames_a_question(known, own)
    asking = [item for item in known if _asks(item, known)]
    question = not denied and (frame or bool(asking))
    asked = next((item.first for item in row if "asking" in item.kinds), None)
    unknown = is_unsure(
        said,
        row,
        topic.words,
        denied=denied,
        asked=asked if question else None,
        framed=frame,
    )
    leans = None if unknown or question else False if denied else _leaning(said, known, own, topic)
    return Clause(
        items=tuple(row),
        led=led,
        leans=leans,
        pure=all({*_ANSWERS, *_POLITE} & item.kinds.keys() for item in row),
        shared=frozenset(bare & topic.words),
        asks=question,
        unknown=unknown,
        hedged=any("hedge" in item.kinds for item in row),
        denied=denied,
        tagged=not frame and all("tag" in item.kinds for item in asking),
        asked=frozenset(item.first for item in (asking or row[-1:])),
    )


def _denied_by_its_end(said: Utterance, row: Sequence[Item]) -> bool:
    """`có ai đâu`, `có ra nước ngoài bao giờ`; not where another word for *not* stands."""
    if any({"no", "planned"} & item.kinds.keys() for item in row):
        return False
    weighty = [i for i, item in enumerate(row) if is_own(item) or item.kinds.keys() - _POLITE]
    if not weighty:
        return False
    end = row[weighty[-1]]
    before = row[: weighty[-1]]
    if "nothing" in end.kinds:
        return bool(before)
    if "nowhere" in end.kinds:
        kinds = ("exists", "know", "asking", "still")
        return any(kind in item.kinds for item in before for kind in kinds)
    return "ever" in end.kinds and not said.asks and any("exists" in item.kinds for item in before)


def _asks(item: Item, known: Sequence[Item]) -> bool:
    """A word that asks; but `ai` in `không có ai` is nobody, `lần nào` in `chưa lần nào` never."""
    if "asking" not in item.kinds:
        return False
    between = [other for other in known if other.first < item.first]
    for place, other in enumerate(between):
        if "no" in other.kinds and item.first - other.last <= ASKED_SCOPE:
            apart = any("then" in later.kinds for later in between[place + 1 :])
            return apart or not (
                item.first == item.last or {"ever", "indefinite"} & item.kinds.keys()
            )
    return True


def _only_polite(item: Item, row: Sequence[Item]) -> bool:
    """`nó` typed `no` is no word for *not*, `dạ` typed `da` no *already*, unless alone."""
    alone = all(_POLITE & other.kinds.keys() for other in row)
    polite = "assent" in item.kinds or ("filler" in item.kinds and "yes" not in item.kinds)
    return polite and not alone and not _WEIGHTY & item.kinds.keys()


def _frames_a_question(known: Sequence[Item], own: Sequence[Item]) -> bool:
    """`có … không`, `đã … chưa`: a yes, something of its own, and a bare no at the end."""
    answers = [item for item in known if any(kind in item.kinds for kind in _ANSWERS)]
    told = [item for item in known if "asking" in item.kinds] or own
    if not answers or not told:
        return False
    last = answers[-1]
    if any(item.first > last.first for item in told):
        return False
    if "no" not in last.kinds or last.first < last.last or (own and last.first < own[-1].last):
        return False
    opens = [item for item in (*known, *own) if {"yes", "still", "needs"} & item.kinds.keys()]
    return any(opening.last + 1 < last.first for opening in opens)


def _leaning(
    said: Utterance, known: Sequence[Item], own: Sequence[Item], topic: Topic
) -> bool | None:
    leans: bool | None = None
    governed = -1
    gone = False
    for item in known:
        bare = said.tokens[item.first].bare
        if "not_no" in item.kinds:
            leans = True
        elif {"no", "planned"} & item.kinds.keys():
            leans, governed, gone = False, item.last + SCOPE, False
        elif "lost" in item.kinds and bare not in topic.words:
            leans, gone = leans is False and item.first <= governed, True
        elif topic.still and "used_up" in item.kinds and _ends(item, [*known, *own]) and not leans:
            leans, gone = governed - SCOPE == item.first - 1, True
        elif _affirms(item, topic) and item.first > governed and not gone:
            leans = leans is not False or "able" not in item.kinds
    if leans and topic.still and _of_something_else(said, known, own, topic):
        return False
    return leans


def _ends(item: Item, row: Sequence[Item]) -> bool:
    """Whether nothing but a *yes* and polite words follow: `hết rồi`, not `hết hạn`."""
    return all("yes" in later.kinds for later in row if later.first > item.last)


def _of_something_else(
    said: Utterance, known: Sequence[Item], own: Sequence[Item], topic: Topic
) -> bool:
    """`chỉ còn bản sao`: all that is still there is not what was asked about."""
    only = any("only" in item.kinds for item in known)
    other = any(
        said.tokens[i].bare not in topic.words for o in own for i in range(o.first, o.last + 1)
    )
    return only and other


def _affirms(item: Item, topic: Topic) -> bool:
    return "yes" in item.kinds or (topic.still and "still" in item.kinds)
