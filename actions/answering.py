"""Answers on the way: topics, why a question is asked, help, trouble, a person, not understood."""

from __future__ import annotations

from dataclasses import replace

from actions.base import GuideAction, Turn
from actions.doubt import did_you_mean, nearest
from actions.hearing import offered_before
from actions.offers import (
    CLERK,
    CONTINUE,
    menu,
    not_understood,
    offer_to_begin,
    pending,
    titled,
    topic_choices,
    topic_says,
)
from knowledge_base.elsewhere import OWNER as ELSEWHERE
from knowledge_base.guide import STEP, Journey, journey
from knowledge_base.present import LINK, handover, told_elsewhere, troubles
from knowledge_base.say import Param, Say


class AnswerTopic(GuideAction):
    """Answers a question about a procedure: the one named, else the one under way."""

    action_name = "action_answer_topic"

    def act(self, turn: Turn) -> None:
        doubt = did_you_mean(turn)
        if doubt:
            turn.say(doubt)
            turn.stay()
            return
        topic = turn.intent
        named = turn.entity("procedure")
        under_way = turn.journey()
        if under_way is None:
            named = named or turn.get("about")
        if named and named not in turn.knowledge.procedures:
            turn.say(Say("bot.topic_unknown", picture="clerk"))
            return
        if under_way is None and not named:
            turn.set(asked_topic=topic)
            turn.say(menu(turn, "bot.topic_which_procedure"))
            turn.stay()
            return
        about = _about(turn, under_way, named)
        turn.say(*topic_says(about, topic))
        if under_way is None:
            offer_to_begin(turn, about, topic)


class Topics(GuideAction):
    """What can be asked about the procedure, as buttons."""

    action_name = "action_topics"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        if under_way is None:
            turn.say(menu(turn))
            return
        choices = (*topic_choices(under_way), LINK, CONTINUE)
        turn.say(Say("bot.topics_about", titled(under_way), choices=choices))


class Why(GuideAction):
    """Why this question is asked."""

    action_name = "action_why"

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        asked = under_way.question(turn.stop or "") if under_way else None
        if under_way is None or asked is None:
            turn.say(Say("bot.why_nothing"))
            return
        reason: Param = {"say": f"{asked.message}.why", "with": under_way.params}
        turn.say(Say("bot.why", {"reason": reason}, sources=asked.question.source))


class Help(GuideAction):
    """Help with the very thing that is on the screen."""

    action_name = "action_help"

    def act(self, turn: Turn) -> None:
        under_way, stop = turn.journey(), turn.stop or ""
        asked = under_way.question(stop) if under_way else None
        if under_way and asked:
            kind = "bot.help_date" if asked.question.kind == "date" else "bot.help_question"
            turn.say(Say(f"{asked.message}.help", under_way.params), Say(kind))
        elif stop.startswith(STEP):
            turn.say(Say("bot.help_step"))
        else:
            turn.say(Say("bot.help"))
        if under_way is None:
            turn.say(menu(turn))


class Trouble(GuideAction):
    """What goes wrong at this step and what to do."""

    action_name = "action_trouble"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        under_way, stop = turn.journey(), turn.stop or ""
        if under_way and stop.startswith(STEP) and stop in under_way.stops():
            turn.say(*troubles(under_way, stop.removeprefix(STEP)))
        elif under_way:
            turn.say(*topic_says(under_way, "portal_problem"))
        else:
            turn.say(menu(turn, "bot.topic_which_procedure"))


class TalkToStaff(GuideAction):
    """To a person, with the case so far."""

    action_name = "action_talk_to_staff"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        turn.set(handover=True)
        under_way = turn.journey()
        if under_way is None:
            turn.say(Say("bot.handover_asked", picture="clerk"), menu(turn))
            return
        first, *rest = handover(under_way)
        turn.say(replace(first, say="bot.handover_asked"), *rest)


class NotUnderstood(GuideAction):
    """Asks again differently, or offers what the message may have meant; the second time a person
    is offered. Never the same twice."""

    action_name = "action_not_understood"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        near = nearest(turn) if turn.journey() is None else None
        before = {choice.value for choice in offered_before(turn)}
        if near is None or {choice.value for choice in near.choices} <= before:
            not_understood(turn)
            return
        turn.set(misses=int(turn.get("misses") or 0) + 1)
        turn.say(near)


class OutOfScope(GuideAction):
    """Something this assistant can't do: where to go with it, where the knowledge base knows."""

    action_name = "action_out_of_scope"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        need = turn.entity("need") or ""
        if need not in turn.knowledge.needs:
            not_understood(turn, "bot.out_of_scope")
            return
        name: Param = {"say": f"{ELSEWHERE}.{need}"}
        today = turn.surroundings.today()
        told = told_elsewhere(turn.knowledge, need, today)
        turn.say(Say("bot.elsewhere", {"need": name}, told, (CLERK,), "somewhere_else"))
        pending(turn)


class Notice(GuideAction):
    """Input that can't be used as it is; the engine says which message fits."""

    action_name = "action_notice"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        pending(turn, turn.entity("value") or "bot.not_understood")


class Courtesy(GuideAction):
    """Thanks, goodbye, who are you: a short answer."""

    action_name = "action_courtesy"

    def act(self, turn: Turn) -> None:
        turn.say(Say(f"bot.{turn.intent}"))


def _about(turn: Turn, under_way: Journey | None, named: str | None) -> Journey:
    """The journey a topic is answered for: the one under way, unless another was named."""
    if under_way and named in (None, under_way.entry, under_way.procedure.id):
        return under_way
    return journey(turn.knowledge, named or "", turn.answers, turn.surroundings.today())
