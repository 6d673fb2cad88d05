"""Moving through a procedure: next, back, again, changing an answer."""

from __future__ import annotations

from actions.base import GuideAction, Turn
from actions.offers import menu, missed
from knowledge_base.present import answer_param, present
from knowledge_base.say import Choice, Say


class Next(GuideAction):
    """ "Next" at a question that waits for an answer, or to a request. (Elsewhere the form moves on
    by itself.)"""

    action_name = "action_next"

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        if under_way is None:
            turn.say(menu(turn))
            return
        if not under_way.question(turn.stop or ""):
            return  # something was asked in between; the form shows where one is
        turn.say(Say("bot.next_needs_answer"))
        missed(turn)


class Back(GuideAction):
    """One stop back; the answers stay.

    Rasa runs it for the intent `back` before any rule, so it says the stop itself."""

    action_name = "action_back"  # takes the place of Rasa's own
    ends_turn = True

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        stops = under_way.stops() if under_way else ()
        if under_way is None or turn.stop not in stops:
            turn.say(menu(turn))
            return
        position = stops.index(turn.stop)
        if position == 0:
            turn.say(Say("bot.back_first"))
        turn.set(stop=stops[max(position - 1, 0)], handover=False, reask=None, misses=0)
        turn.say(*present(under_way, turn.stop))


class Repeat(GuideAction):
    """Says the pending thing again (the form does)."""

    action_name = "action_repeat"

    def act(self, turn: Turn) -> None:
        if turn.journey() is None:
            turn.say(menu(turn))
            turn.stay()


class ChangeAnswer(GuideAction):
    """Offers the answers given so far, to change one."""

    action_name = "action_change_answer"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        if under_way is None or not under_way.asked:
            turn.say(Say("bot.change_nothing"))
            return
        choices = tuple(
            Choice(
                "bot.change_item",
                f"goto:{asked.id}",
                {
                    "question": {"say": asked.message, "with": under_way.params},
                    "answer": answer_param(
                        asked, under_way.situation.answers[asked.id], under_way.params
                    ),
                },
                asked.question.picture,
            )
            for asked in under_way.asked
        )
        turn.say(Say("bot.change_which", choices=choices, personal=True))


class Goto(GuideAction):
    """Goes to the question that was tapped; the form asks it."""

    action_name = "action_goto"

    def act(self, turn: Turn) -> None:
        under_way, stop = turn.journey(), turn.entity("value")
        if under_way and stop in under_way.stops():
            turn.set(stop=stop, reask=None, misses=0, handover=False)
