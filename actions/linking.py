"""Carrying a conversation to another device or to the counter."""

from __future__ import annotations

from actions.base import GuideAction, Turn
from actions.offers import CONTINUE
from actions.writing_first import ask_to_write, not_asked_yet
from knowledge_base.say import Say

CODES = frozenset({"bot.link_code", "bot.counter_code"})


class ShowCode(GuideAction):
    """Says that here is a code. The assistant makes the code and puts it in when the message is
    worded, so that no code is ever stored with a conversation."""

    action_name = "action_show_code"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        wanted = turn.entity("value")
        say = wanted if wanted in CODES else "bot.link_code"
        turn.say(Say(say or "", choices=(CONTINUE,), picture="phone"))
        if say == "bot.counter_code" and not_asked_yet(turn):
            ask_to_write(turn)
