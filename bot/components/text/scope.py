"""Two models look at one message; this brings what they say together.

The topic model says how likely each topic, act or "out of scope" is; the procedure model says how
likely each procedure, no procedure (`NONE`) or a need that is none of ours is: one that the
knowledge base knows by name (`ELSEWHERE`…), or any other (`OTHER`). A need
for a passport looks like any question about papers to the first and like nothing known to the
second, so each may outvote the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NONE = "none"
"""The procedure model's answer when a message names no procedure at all."""
OTHER = "other"
"""The procedure model's answer when a message names something that is not ours."""
ELSEWHERE = "elsewhere."
"""What stands before the id of a need that other offices serve."""
OUT_OF_SCOPE = "out_of_scope"

THRESHOLD = 0.3
"""A topic or a procedure less likely than this is not acted upon."""
RIVAL = 0.1
"""A second procedure at least this share as likely as the first is plausible too."""
TRUST = 0.9
"""How much the procedure model counts in what is out of scope, 0 to 1."""
CAUTION = 4.0
"""How much dearer it is to answer a foreign need than to ask again about one of ours; chosen on
held-out text, where the odds of "out of scope" were too low."""

NEED_SHARE = 0.5
"""Of what a message out of scope may be about, a need that is named to the person must be this."""

Ranking = dict[str, float]
"""Names with probabilities that add up to 1, most probable first."""


def ranking(names: Sequence[str], chances: Sequence[float]) -> Ranking:
    """Names by falling probability."""
    return dict(sorted(zip(names, map(float, chances), strict=True), key=lambda pair: -pair[1]))


def foreign(procedures: Mapping[str, float]) -> float:
    """How likely a message is about something that is none of ours."""
    return sum(chance for name, chance in procedures.items() if not _ours(name) and name != NONE)


def need_of(procedures: Mapping[str, float], share: float = NEED_SHARE) -> str | None:
    """The need of the knowledge base that a message out of scope is about, if one is at least
    `share` of all that it may be about."""
    known = {n: chance for n, chance in procedures.items() if n.startswith(ELSEWHERE)}
    if not known:
        return None
    best = max(known, key=known.__getitem__)
    if known[best] < share * max(foreign(procedures), 1e-9):
        return None
    return best.removeprefix(ELSEWHERE)


def _ours(name: str) -> bool:
    return name not in (NONE, OTHER) and not name.startswith(ELSEWHERE)


def reconcile(
    intents: Mapping[str, float],
    procedures: Mapping[str, float],
    trust: float = TRUST,
    caution: float = CAUTION,
) -> Ranking:
    """`intents` after hearing the procedure model."""
    other = foreign(procedures)
    weighed = {
        name: chance
        * (1 - trust + trust * (other if name == OUT_OF_SCOPE else 1 - other))
        * (caution if name == OUT_OF_SCOPE else 1)
        for name, chance in intents.items()
    }
    total = sum(weighed.values())
    if not total:
        return dict(intents)
    return ranking(list(weighed), [chance / total for chance in weighed.values()])


def linked(
    procedures: Mapping[str, float], threshold: float = THRESHOLD, rival: float = RIVAL
) -> list[tuple[str, float]]:
    """The procedure meant, and the runner-up if it is plausible too; [] when there is none.

    A procedure counts when it is as likely as `threshold` and likelier than none or a foreign
    need; a runner-up when it is at least `rival` times as likely as the first."""
    named = [(name, chance) for name, chance in procedures.items() if _ours(name)]
    if not named:
        return []
    best = named[0]
    if best[1] < max(threshold, procedures.get(NONE, 0.0), foreign(procedures)):
        return []
    return [best, *(pair for pair in named[1:2] if pair[1] >= rival * best[1])]
