"""Yes or no out of what people say around it.

Which clause decides: an answer given alone at the beginning, unless a yes is taken back by a
contrast (`cưới rồi mà chưa làm giấy`); else the last clause that is about what was asked; else
the last one. What stands behind *because* only explains.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.answers.clauses import Clause, Topic, clauses
from knowledge_base.answers.lexicon import Utterance
from knowledge_base.answers.reading import NotAnAnswer, Reading, Understood, Unknown
from knowledge_base.answers.words import AnswerWords, is_own

OFF_TOPIC = {True: 2, False: 4}
"""Words of its own with which a clause no longer answers a question it shares no word with."""


def interpret_yes_no(
    said: Utterance, *, words: AnswerWords, topic: Topic, answering: bool = False
) -> Reading:
    """Read `said` as yes or no; `topic` is what the question asks. With `answering` it is known
    to answer it, however little it has in common with the question."""
    found = _after_asking(clauses(said, words, topic))
    leaning = [clause for clause in found if clause.leans is not None]
    leaning = [clause for clause in leaning if clause.led != "because"] or leaning
    unknown = any(clause.unknown for clause in found)
    hedged = {clause.leans for clause in found if clause.hedged}
    if hedged >= {True, False}:
        return Unknown()
    follows = any(clause.unknown and clause.led == "so" for clause in found)
    if unknown and (not leaning or follows or any(clause.hedged for clause in found)):
        return Unknown()
    if not leaning:
        return _assent(said, found)
    if said.asks and not any(clause.pure for clause in leaning):
        return NotAnAnswer()
    clause = _deciding(leaning)
    about = answering or clause.pure or not topic.words or clause.shared
    if not about and _wanders(clause, found[: found.index(clause)]):
        return NotAnAnswer()
    first, last = found[0].items[0].first, found[-1].items[-1].last
    if leaning[0].pure and not any(clause.led == "contrast" for clause in found):
        last = clause.items[-1].last
    return Understood("yes" if clause.leans else "no", said.quote(first, last))


def _after_asking(found: list[Clause]) -> list[Clause]:
    """Without what is only supposed before a question: `cưới rồi mà chưa đăng ký thì sao`."""
    last = max((i for i, c in enumerate(found) if c.asks and c.led == "contrast"), default=0)
    return [c for i, c in enumerate(found) if i >= last or c.pure]


def _deciding(leaning: Sequence[Clause]) -> Clause:
    taken_back = [clause for clause in leaning[1:] if clause.led == "contrast"]
    if leaning[0].pure and not (leaning[0].leans and taken_back):
        return [clause for clause in leaning if clause.pure][-1]
    if leaning[-1].pure and leaning[-1].led in ("", "contrast"):
        return leaning[-1]
    on_topic = [clause for clause in leaning if clause.shared]
    return ([c for c in on_topic if not _of_another(c, on_topic)] or leaning)[-1]


def _of_another(clause: Clause, on_topic: Sequence[Clause]) -> bool:
    """Whether it is about something like what was asked, which another clause is about: `bản
    chính còn, bản sao mất`."""
    elsewhere = any(is_own(item) for item in clause.items)
    return elsewhere and any(clause.shared < other.shared for other in on_topic)


def _wanders(clause: Clause, before: Sequence[Clause]) -> bool:
    """Whether it speaks of something else, as what was told `before` it may."""
    others = [c for c in before if c.leans is None and not c.shared]
    if not clause.led and any(_own(c) >= OFF_TOPIC[True] for c in others):
        return True
    own = _own(clause)
    opening = next((i for i in clause.items if not {"filler", "assent"} & i.kinds.keys()), None)
    direct = opening is not None and any(kind in opening.kinds for kind in ("yes", "no"))
    return own >= OFF_TOPIC[bool(clause.leans)] and not direct


def _own(clause: Clause) -> int:
    return sum(is_own(item) for item in clause.items)


def _assent(said: Utterance, found: Sequence[Clause]) -> Reading:
    """`dạ` with nothing else is a yes."""
    items = [item for clause in found for item in clause.items]
    polite = all({"assent", "filler"} & item.kinds.keys() for item in items)
    if items and polite and not said.asks and any("assent" in item.kinds for item in items):
        return Understood("yes", said.quote(items[0].first, items[-1].last))
    return NotAnAnswer()
