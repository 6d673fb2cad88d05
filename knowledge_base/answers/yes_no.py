"""Yes or no out of what people say around it.

Each clause leans to yes or no: a word for *not* governs the words for *yes* right after it.
Which clause decides: an answer given alone at the beginning, unless a yes is taken back by a
contrast (`cưới rồi mà chưa làm giấy`); else the last clause that is about what was asked; else
the last one. What stands behind *because* only explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from knowledge_base.answers.lexicon import Item, Utterance
from knowledge_base.answers.reading import NotAnAnswer, Reading, Understood, Unknown
from knowledge_base.answers.words import AnswerWords

SCOPE = 2
"""How many words after a *not* it still governs a *yes*: `không phải là có`."""
OFF_TOPIC = {True: 2, False: 4}
"""Words of its own with which a clause no longer answers a question it shares no word with."""
_ANSWERS = ("yes", "no", "not_no", "lost")


@dataclass(frozen=True)
class Clause:
    """`leans` is True for yes, False for no, None for neither; `led` is how it was joined."""

    items: tuple[Item, ...]
    led: str
    leans: bool | None
    pure: bool
    on_topic: bool
    asks: bool
    unknown: bool


def clauses(said: Utterance, words: AnswerWords, topic: AbstractSet[str]) -> list[Clause]:
    """The clauses of `said`, cut at punctuation and at words of contrast and reason."""
    rows: list[tuple[str, list[Item]]] = [("", [])]
    for item in words.short.scan(said):
        joins = next((k for k in ("contrast", "because", "so") if k in item.kinds), None)
        before = rows[-1][1]
        if joins:
            rows.append((joins, []))
        elif before and said.tokens[before[-1].last].clause != said.tokens[item.first].clause:
            rows.append((rows[-1][0] if rows[-1][0] == "because" else "", [item]))
        else:
            before.append(item)
    return [_clause(said, led, row, topic) for led, row in rows if row]


def asks(said: Utterance, words: AnswerWords) -> bool:
    """Whether `said` is a question, by its mark, its words or its frame (`có … không`)."""
    return said.asks or any(clause.asks for clause in clauses(said, words, frozenset()))


def _clause(said: Utterance, led: str, row: list[Item], topic: AbstractSet[str]) -> Clause:
    own = [item for item in row if not item.kinds]
    known = [item for item in row if item.kinds and not _only_polite(item, row)]
    bare = {said.tokens[place].bare for item in row for place in range(item.first, item.last + 1)}
    unknown = any("unknown" in item.kinds for item in known)
    question = any(_asks(item, known) for item in known) or _frames_a_question(known, own)
    leans = None if unknown or question else _leaning(said, known, topic)
    pure = all({*_ANSWERS, "filler", "assent"} & item.kinds.keys() for item in row)
    return Clause(tuple(row), led, leans, pure, bool(bare & topic), question, unknown)


def _asks(item: Item, known: Sequence[Item]) -> bool:
    """A word that asks; but `ai` in `không có ai` is nobody."""
    denied = item.first == item.last and any(
        "no" in other.kinds and 0 < item.first - other.last <= SCOPE for other in known
    )
    return "asking" in item.kinds and not denied


def _only_polite(item: Item, row: Sequence[Item]) -> bool:
    """`nó` typed `no` is no word for *not*, `dạ` typed `da` no *already*, unless alone."""
    alone = all("filler" in other.kinds or "assent" in other.kinds for other in row)
    polite = "assent" in item.kinds or ("filler" in item.kinds and "yes" not in item.kinds)
    return polite and not alone


def _frames_a_question(known: Sequence[Item], own: Sequence[Item]) -> bool:
    """`có … không`, `đã … chưa`: a yes, something of its own, and a bare no at the end."""
    answers = [item for item in known if any(kind in item.kinds for kind in _ANSWERS)]
    if len(answers) < 2 or not own:
        return False
    first, last = answers[0], answers[-1]
    is_frame = "yes" in first.kinds and "no" in last.kinds and last.first == last.last
    return is_frame and last.first > max(item.last for item in own) > first.last


def _leaning(said: Utterance, known: Sequence[Item], topic: AbstractSet[str]) -> bool | None:
    leans: bool | None = None
    governed = -1
    gone = False
    for item in known:
        bare = said.tokens[item.first].bare
        if "not_no" in item.kinds:
            leans = True
        elif "no" in item.kinds:
            leans, governed, gone = False, item.last + SCOPE, False
        elif "lost" in item.kinds and bare not in topic:
            leans, gone = leans is False and item.first <= governed, True
        elif "yes" in item.kinds and item.first > governed and not gone:
            leans = True
    return leans


def interpret_yes_no(said: Utterance, *, words: AnswerWords, topic: AbstractSet[str]) -> Reading:
    """Read `said` as yes or no; `topic` holds the words of the question, without marks."""
    found = clauses(said, words, topic)
    leaning = [clause for clause in found if clause.leans is not None]
    leaning = [clause for clause in leaning if clause.led != "because"] or leaning
    if not leaning:
        if any(clause.unknown for clause in found):
            return Unknown()
        return _assent(said, found)
    if said.asks and not any(clause.pure for clause in leaning):
        return NotAnAnswer()
    clause = _deciding(leaning)
    if not clause.pure and topic and not clause.on_topic and _wanders(clause):
        return NotAnAnswer()
    first, last = found[0].items[0].first, found[-1].items[-1].last
    if leaning[0].pure and not any(clause.led == "contrast" for clause in found):
        last = clause.items[-1].last
    return Understood("yes" if clause.leans else "no", said.quote(first, last))


def _deciding(leaning: Sequence[Clause]) -> Clause:
    taken_back = [clause for clause in leaning[1:] if clause.led == "contrast"]
    if leaning[0].pure and not (leaning[0].leans and taken_back):
        return [clause for clause in leaning if clause.pure][-1]
    on_topic = [clause for clause in leaning if clause.on_topic]
    return (on_topic or leaning)[-1]


def _wanders(clause: Clause) -> bool:
    own = sum(not item.kinds for item in clause.items)
    opening = next((i for i in clause.items if not {"filler", "assent"} & i.kinds.keys()), None)
    direct = opening is not None and any(kind in opening.kinds for kind in ("yes", "no"))
    return own >= OFF_TOPIC[bool(clause.leans)] and not direct


def _assent(said: Utterance, found: Sequence[Clause]) -> Reading:
    """`dạ` with nothing else is a yes."""
    items = [item for clause in found for item in clause.items]
    polite = all({"assent", "filler"} & item.kinds.keys() for item in items)
    if items and polite and not said.asks and any("assent" in item.kinds for item in items):
        return Understood("yes", said.quote(items[0].first, items[-1].last))
    return NotAnAnswer()
