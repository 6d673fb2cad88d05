"""What is done about a message that can be read in two ways, or hardly at all."""

from __future__ import annotations

from actions.base import Turn
from actions.offers import CLERK, start_choice
from knowledge_base.say import Choice, Say
from knowledge_base.schema import TOPICS

Asked = tuple[str, str | None]
"""A topic, and the procedure it is about, if one is known."""

RIVAL_PROCEDURE = 0.4
"""From what share of the first one's probability a second procedure is offered beside it."""
RIVAL_TOPIC = 0.6
"""The same for a second topic."""
NEAREST = 3
"""How many things that it may have been are offered for what was not understood."""


def did_you_mean(turn: Turn) -> Say | None:
    """Two buttons for a typed question that is as likely to be another one, else None."""
    first: Asked = (turn.intent, turn.entity("procedure"))
    if turn.tapped or turn.intent not in TOPICS:
        return None
    second = _other_procedure(turn, first) or _other_topic(turn, first)
    if second is None:
        return None
    return Say("bot.did_you_mean", choices=(_button(turn, *first), _button(turn, *second)))


def nearest(turn: Turn) -> Say | None:
    """What a message that was not understood may have asked, as buttons, and a person; None when
    it is near to nothing."""
    asked = [(one["topic"], one["procedure"]) for one in turn.message.get("nearest") or []]
    asked = [one for one in asked if one != ("start", None)]  # to begin what, it doesn't say
    choices = [_button(turn, *one) for one in asked if _known(turn, one[1])]
    if not choices:
        return None
    return Say("bot.nearest", choices=(*choices[:NEAREST], CLERK), picture="question")


def _other_procedure(turn: Turn, first: Asked) -> Asked | None:
    for found in turn.message["entities"]:
        rival = found.get("runner_up")
        if rival and rival["confidence"] >= RIVAL_PROCEDURE * found["confidence_entity"]:
            return (first[0], rival["value"]) if _known(turn, rival["value"]) else None
    return None


def _other_topic(turn: Turn, first: Asked) -> Asked | None:
    ranked = [i for i in turn.message.get("intent_ranking") or [] if i["name"] in TOPICS]
    if len(ranked) < 2 or ranked[0]["name"] != first[0]:
        return None
    if ranked[1]["confidence"] < RIVAL_TOPIC * ranked[0]["confidence"]:
        return None
    return (ranked[1]["name"], first[1]) if first[1] else None


def _known(turn: Turn, procedure: str | None) -> bool:
    return procedure is None or procedure in turn.knowledge.procedures


def _button(turn: Turn, topic: str, procedure: str | None) -> Choice:
    if procedure is None:
        return Choice(f"topic.{topic}", f"topic:{topic}")
    if topic == "start":
        return start_choice(turn, procedure)
    picture = turn.knowledge.procedure(procedure).picture
    params = {"topic": {"say": f"topic.{topic}"}, "procedure": {"say": f"{procedure}.short"}}
    return Choice("bot.ask_about", f"ask:{topic}:{procedure}", params, picture)
