"""Two models look at one message; this brings what they say together.

The topic model says how likely each topic, act or "out of scope" is; the procedure model says how
likely each procedure, no procedure (`NONE`) or a need that is none of ours (`OTHER`) is. A need
for a passport looks like any question about papers to the first and like nothing known to the
second, so each may outvote the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge_base.schema import TOPICS

NONE = "none"
"""The procedure model's answer when a message names no procedure at all."""
OTHER = "other"
"""The procedure model's answer when a message names something that is not ours."""
OUT_OF_SCOPE = "out_of_scope"

THRESHOLD = 0.25
"""A topic or a procedure less likely than this is not acted upon."""
RIVAL = 0.05
"""A second procedure at least this share as likely as the first is plausible too."""
TRUST = 0.9
"""How much the procedure model counts in what is out of scope, 0 to 1."""
NEIGHBOURS = 0.6
"""How much the votes of the nearest known questions count beside both models' probabilities."""
UNHEARD = 0.1
"""The share of votes that what nobody votes for counts as having."""
CAUTION = 12.0
"""How much dearer it is to answer a foreign need than to ask again about one of ours; chosen on
held-out text, where the odds of "out of scope" were too low."""

ASKED = 0.5
"""Share among the topics from which a procedure's name is taken to ask something about it."""
START = "start"

Ranking = dict[str, float]
"""Names with probabilities that add up to 1, most probable first."""


def ranking(names: Sequence[str], chances: Sequence[float]) -> Ranking:
    """Names by falling probability."""
    return dict(sorted(zip(names, map(float, chances), strict=True), key=lambda pair: -pair[1]))


def subject(intent: str | None, procedure: str | None) -> str:
    """What the procedure model learns of an utterance: its procedure, `OTHER` or `NONE`."""
    return OTHER if intent == OUT_OF_SCOPE else procedure or NONE


def reconcile(
    intents: Mapping[str, float],
    procedures: Mapping[str, float],
    trust: float = TRUST,
    caution: float = CAUTION,
) -> Ranking:
    """`intents` after hearing the procedure model."""
    other = procedures.get(OTHER, 0.0)
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


def blend(chances: Mapping[str, float], votes: Mapping[str, float], weight: float) -> Ranking:
    """`chances` after hearing what the nearest known questions vote for: a product of both, the
    votes to the power of `weight`, so that where they agree the probability rises."""
    mixed = {
        name: chance * (votes.get(name, 0.0) + UNHEARD) ** weight
        for name, chance in chances.items()
    }
    total = sum(mixed.values())
    return ranking(list(mixed), [chance / total for chance in mixed.values()])


def named(intents: Mapping[str, float]) -> Ranking:
    """`intents` of a text that is what a procedure is called: it asks one of the topics, and when
    none is likely and stands out, to begin. An answer, an act or a need of others it is not."""
    asked = {name: chance for name, chance in intents.items() if name in TOPICS}
    total, best = sum(asked.values()), max(asked.values(), default=0.0)
    if best < max(THRESHOLD, ASKED * total):
        asked, total = {START: 1.0}, 1.0
    chances = {name: asked.get(name, 0.0) / total for name in {**intents, **asked}}
    return ranking(list(chances), list(chances.values()))


def settle(
    intents: Mapping[str, float],
    procedures: Ranking,
    names: Sequence[str],
    trust: float = TRUST,
    caution: float = CAUTION,
) -> tuple[Ranking, Ranking]:
    """Both rankings as they count in the end; `names`: the procedure that the whole text is a name
    of, or the two it names, which are meant whatever the rankings say."""
    if names:
        return named(intents), dict.fromkeys(names, 1 / len(names))
    return reconcile(intents, procedures, trust, caution), procedures


def linked(
    procedures: Mapping[str, float], threshold: float = THRESHOLD, rival: float = RIVAL
) -> list[tuple[str, float]]:
    """The procedure meant, and the runner-up if it is plausible too; [] when there is none.

    A procedure counts when it is as likely as `threshold` and likelier than none or another
    need; a runner-up when it is at least `rival` times as likely as the first."""
    named = [(name, chance) for name, chance in procedures.items() if name not in (NONE, OTHER)]
    if not named:
        return []
    best = named[0]
    if best[1] < max(threshold, procedures.get(NONE, 0.0), procedures.get(OTHER, 0.0)):
        return []
    return [best, *(pair for pair in named[1:2] if pair[1] >= rival * best[1])]
