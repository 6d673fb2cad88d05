"""What was heard in a spoken message, read back before it counts; who somebody who comes back is
here for."""

from __future__ import annotations

from collections.abc import Iterator

from actions.base import GuideAction, Turn
from actions.offers import menu, pending, titled
from actions.writing_first import AGREE, REFUSE
from knowledge_base.guide import Journey
from knowledge_base.present import present
from knowledge_base.say import Choice, Param, Say

CORRECT = Choice("bot.choice.correct", "act:confirm", picture="check")
WRONG = Choice("bot.choice.wrong", "act:cancel", picture="cross")
YES_OR_NO = frozenset({"act:confirm", "act:cancel"})

SAME = Choice("bot.resume_choice_continue", "act:repeat", picture="next")
OTHER = Choice("bot.resume_choice_other", "act:another", picture="person")
NEW = Choice("bot.resume_choice_new", "act:restart", picture="repeat")
CONFIRM = (Choice("bot.choice.yes", "act:confirm"), Choice("bot.choice.cancel", "act:cancel"))


class Heard(GuideAction):
    """Reads back what was heard. What was offered before is offered again beneath it, for those
    who would rather tap."""

    action_name = "action_heard"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        text = turn.entity("value") or ""
        turn.set(confirm={"heard": text})
        choices = (CORRECT, WRONG, *offered_before(turn))
        turn.say(Say("bot.heard", {"text": text}, choices=choices, picture="listen", personal=True))


class VoiceConsent(GuideAction):
    """Asks before a voice leaves the machine."""

    action_name = "action_voice_consent"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        turn.set(confirm="voice_online")
        turn.say(Say("bot.voice_ask_online", choices=(AGREE, REFUSE), picture="listen"))


class Returned(GuideAction):
    """Somebody who was away for hours answers a question: asks first who it is for. The answer
    is kept until that is known."""

    action_name = "action_returned"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        if under_way is None:
            turn.leave_procedure()
            turn.say(menu(turn))
            return
        turn.set(confirm={"held": turn.entity("value") or ""})
        going_on = Choice(SAME.say, "act:confirm", picture=SAME.picture)
        choices = (going_on, OTHER, NEW)
        turn.say(Say("bot.resume", titled(under_way), choices=choices, personal=True))


class Another(GuideAction):
    """The same procedure for somebody else: asks before throwing the answers away."""

    action_name = "action_another"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        if turn.journey() is None:
            turn.say(menu(turn))
        elif not turn.answers:
            begin_again(turn)
        else:
            turn.set(confirm="another")
            turn.say(Say("bot.another_confirm", choices=CONFIRM, picture="person"))


def resume(turn: Turn) -> Say | None:
    """Where the family stopped last time, and whom it is for today; None if nothing is under
    way."""
    under_way = turn.journey()
    if under_way is None:
        return None
    choices = (SAME, OTHER, NEW)
    return Say("bot.resume", titled(under_way), choices=choices, personal=True)


def begin_again(turn: Turn) -> None:
    """The procedure under way, from its first question, without answers."""
    begun: Journey | None = turn.journey({})
    if begun is None:
        turn.leave_procedure()
        turn.say(menu(turn))
        return
    stop = begun.stops()[0]
    turn.set(answers={}, procedure=begun.procedure.id, stop=stop)
    turn.set(misses=0, reask=None, handover=False)
    title: Param = {"say": f"{begun.procedure.id}.title"}
    turn.say(Say("bot.start_procedure", {"procedure": title}), *present(begun, stop))


def agreed(turn: Turn, asked: object) -> bool:
    """Does what was asked, if it was asked here; the engine takes up what was heard or held."""
    if asked == "voice_online":
        turn.set(voice_online="yes")
        pending(turn, "bot.voice_agreed")
    elif asked == "may_write":
        turn.set(may_write="yes")
        pending(turn, "bot.write_on")
    elif asked == "another":
        begin_again(turn)
    elif isinstance(asked, dict):
        turn.set(agreed=asked)
    else:
        return False
    return True


def offered_before(turn: Turn) -> Iterator[Choice]:
    """The choices of the messages said before this one, each once."""
    seen = set(YES_OR_NO)
    for event in _said_before(turn):
        for choice in Say.from_dict(event).choices:
            if choice.value not in seen:
                seen.add(choice.value)
                yield choice


def _said_before(turn: Turn) -> list[dict[str, object]]:
    events = iter(reversed(turn.tracker.events))
    for event in events:
        if event.get("event") == "user":
            break
    said: list[dict[str, object]] = []
    for event in events:
        if event.get("event") == "user":
            break
        custom = (event.get("data") or {}).get("custom") if event.get("event") == "bot" else None
        if custom:
            said.insert(0, custom)
    return said
