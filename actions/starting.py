"""Beginning: greeting, choosing what is needed, beginning a procedure, starting over."""

from __future__ import annotations

from actions.base import GuideAction, Turn
from actions.doubt import did_you_mean
from actions.hearing import CONFIRM, agreed, begin_again, resume
from actions.offers import (
    language_choice,
    menu,
    not_understood,
    offer_to_begin,
    pending,
    topic_says,
)
from knowledge_base.guide import END, HANDOVER, journey
from knowledge_base.say import Param, Say

FINISHED = (END, HANDOVER)
"""Stops at which nothing is left to be told or asked."""


class Greet(GuideAction):
    """Greets; someone who comes back is told where they stopped and asked whom it is for today,
    others choose a language."""

    action_name = "action_greet"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        back = resume(turn)
        if back:
            turn.say(back)
            return
        turn.say(Say("bot.greet", picture="village"))
        if turn.get("language_chosen"):
            turn.say(menu(turn))
        else:
            turn.say(language_choice())


class Begin(GuideAction):
    """Begins the procedure that was asked for, or asks which."""

    action_name = "action_begin"

    def act(self, turn: Turn) -> None:
        doubt = did_you_mean(turn)
        if doubt:
            turn.set(asked_topic=None)
            turn.say(doubt)
            turn.stay()
            return
        wanted = turn.entity("procedure")
        if not wanted:
            turn.say(menu(turn, "bot.which_procedure"))
            turn.stay()
            return
        held = {p.id for p in turn.knowledge.procedures.values() if _holds(turn, p.id)}
        if wanted not in held:
            turn.say(Say("bot.topic_unknown", picture="clerk"), menu(turn))
            turn.stay()
            return
        topic = turn.get("asked_topic")
        if topic and turn.journey() is None:
            about = journey(turn.knowledge, wanted, {}, turn.surroundings.today())
            turn.say(*topic_says(about, topic))
            offer_to_begin(turn, about, topic)
            turn.stay()
            return
        if turn.get("entry") == wanted and turn.stop not in (None, *FINISHED):
            return  # the form goes on where it is
        if not turn.tapped and _in_the_middle(turn):
            _ask_to_switch(turn, wanted)
            turn.stay()
            return
        turn.set(entry=wanted, answers={}, misses=0, reask=None, handover=False, about=None)
        under_way = turn.journey()
        if under_way is None:
            return
        turn.set(procedure=under_way.procedure.id, stop=under_way.stops()[0])
        title: Param = {"say": f"{wanted}.title"}
        turn.say(Say("bot.start_procedure", {"procedure": title}))
        if under_way.next_question:
            turn.say(Say("bot.first_question_intro"))


class ChooseTheme(GuideAction):
    """What can be begun of one theme."""

    action_name = "action_choose_theme"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        theme = turn.entity("value") or ""
        known = theme in turn.knowledge.themes
        turn.say(menu(turn, "bot.which_procedure", theme if known else None))


class Restart(GuideAction):
    """Asks before throwing the answers away."""

    action_name = "action_restart"  # takes the place of Rasa's own
    ends_turn = True

    def act(self, turn: Turn) -> None:
        if turn.journey() is None or not turn.answers:
            turn.leave_procedure()
            turn.say(menu(turn))
            return
        turn.set(confirm="restart")
        turn.say(Say("bot.restart_confirm", choices=CONFIRM, picture="repeat"))


class DeleteData(GuideAction):
    """Asks before erasing everything about the conversation."""

    action_name = "action_delete_my_data"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        turn.set(confirm="delete")
        turn.say(Say("bot.delete_confirm", choices=CONFIRM, picture="delete"))


class Confirm(GuideAction):
    """ "Yes" outside a question: does what was asked to be confirmed."""

    action_name = "action_confirm"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        asked = turn.tracker.get_slot("confirm")
        if asked == "restart":
            turn.leave_procedure()
            turn.set(handover=False)
            turn.say(Say("bot.restarted"), menu(turn))
        elif asked == "delete":
            turn.leave_procedure()
            turn.set(erase=True)
            turn.say(Say("bot.deleted", picture="check"))
        elif isinstance(asked, dict) and "switch" in asked:
            turn.set(entry=asked["switch"], about=None)
            begin_again(turn)
        elif not agreed(turn, asked):
            not_understood(turn)


class Cancel(GuideAction):
    """ "No" outside a question: leaves everything as it was."""

    action_name = "action_cancel"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        asked = turn.tracker.get_slot("confirm")
        if isinstance(asked, dict) and "heard" in asked:
            pending(turn, "bot.heard_wrong")
        elif asked == "may_write":
            turn.set(may_write="no")
            pending(turn, "bot.write_no")
        elif asked:
            pending(turn, "bot.cancelled")
        else:
            not_understood(turn)


def _in_the_middle(turn: Turn) -> bool:
    """Whether answers of a procedure would be lost that is not told to its end yet."""
    return bool(turn.answers) and turn.journey() is not None and turn.stop not in FINISHED


def _ask_to_switch(turn: Turn, wanted: str) -> None:
    """A procedure named in the middle of another may be part of an answer, or of a question."""
    turn.set(confirm={"switch": wanted})
    under_way: Param = {"say": f"{turn.get('entry')}.title"}
    params: dict[str, Param] = {"procedure": under_way, "other": {"say": f"{wanted}.title"}}
    turn.say(Say("bot.switch_confirm", params, choices=CONFIRM, picture="question"))


def _holds(turn: Turn, procedure_id: str) -> bool:
    day = turn.surroundings.today()
    periods = turn.knowledge.procedure(procedure_id).periods.values()
    return any(period.covers(day) for period in periods)
