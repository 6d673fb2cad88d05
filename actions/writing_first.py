"""Whether Nhà Rông may write to somebody who asked nothing: a reminder, a word from the clerk.

Asked once, where the messenger can do it; a "no" and a "no more" stay until the person asks."""

from __future__ import annotations

from actions.base import GuideAction, Turn
from actions.offers import pending
from knowledge_base.say import Choice, Say

AGREE = Choice("bot.choice.agree", "act:confirm", picture="check")
REFUSE = Choice("bot.choice.refuse", "act:cancel", picture="cross")


class MayWrite(GuideAction):
    """Stops it (`off`), or asks for it again."""

    action_name = "action_may_write"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        if turn.entity("value") == "off":
            turn.set(may_write="no")
            turn.say(Say("bot.write_off", {"on": {"say": "bot.choice.write_on"}}))
            pending(turn)
        else:
            ask_to_write(turn)


def not_asked_yet(turn: Turn) -> bool:
    """Whether this person can be written to and was never asked."""
    return bool(turn.get("reachable")) and turn.get("may_write") is None


def ask_to_write(turn: Turn) -> None:
    """Ask in words. Whatever comes next that is no "yes" leaves it a "no"."""
    turn.set(confirm="may_write", may_write=turn.get("may_write") or "asked")
    words = {"off": {"say": "bot.choice.write_off"}}
    turn.say(Say("bot.write_ask", words, choices=(AGREE, REFUSE), picture="message"))
