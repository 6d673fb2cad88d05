"""The form that leads through a procedure: one stop at a time, each waiting for its answer.

The form has a single slot, `answer`, emptied after each turn; which stop is asked is the slot
`stop`. So a procedure needs no slot, intent or form of its own.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import FORM, GuideAction, Turn
from actions.offers import CONTINUE, menu, missed
from actions.reading import read, read_earlier
from actions.writing_first import ask_to_write, not_asked_yet
from knowledge_base.answers import Ambiguous, Reading, Rejected, Understood, Unknown, Vague
from knowledge_base.guide import HANDOVER, OUTCOME, Journey
from knowledge_base.load import AskedQuestion
from knowledge_base.present import answer_param, ask, choice_message, present
from knowledge_base.say import Choice, Param, Say
from knowledge_base.schema import TOPICS


class AskStop(GuideAction):
    """Shows the stop the family is at: asks its question, or shows its papers, step, end."""

    action_name = "action_ask_answer"

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        if under_way is None:
            turn.leave_procedure()
            turn.say(menu(turn))
            return
        stop = turn.stop if turn.stop in under_way.stops() else under_way.stops()[-1]
        if stop == OUTCOME and under_way.deadline and not_asked_yet(turn):
            turn.set(stop=stop, procedure=under_way.procedure.id, reask=None)
            ask_to_write(turn)
            return
        turn.set(stop=stop, procedure=under_way.procedure.id, reask=None)
        asked = under_way.question(stop)
        if asked and turn.get("reask"):
            turn.say(ask(asked, under_way, ".reask"))
        elif asked or not self._said_already(turn):
            turn.say(*present(under_way, stop))
        else:
            turn.say(Say("bot.pending_step", choices=(CONTINUE,)))
        if stop == HANDOVER:
            turn.set(handover=True)

    @staticmethod
    def _said_already(turn: Turn) -> bool:
        """Whether something else was answered in between, so that a short reminder is enough."""
        return turn.interrupted() and turn.intent in TOPICS


class ValidateGuideForm(GuideAction):
    """Reads the message as the answer to the stop, or leaves it to a rule."""

    action_name = f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        turn = self.turn(dispatcher, tracker)
        if turn.interrupted() or tracker.active_loop_name != FORM:
            return []
        self.act(turn)
        if not turn.changes:
            return []
        return [SlotSet(name, value) for name, value in (turn.changes | {"answer": None}).items()]

    def act(self, turn: Turn) -> None:
        under_way = turn.journey()
        if under_way is None or turn.stop not in under_way.stops():
            return
        asked = under_way.question(turn.stop)
        reading = read(turn, asked) if asked else None
        back = read_earlier(turn, under_way, reading)
        if back is not None:
            changed = next(one for one in under_way.asked if one.id == back.id)
            turn.set(confirm=None)
            if back.value is None:
                turn.set(stop=back.id, reask=None, misses=0, handover=False)
            else:
                _keep(turn, under_way, changed, back.value, guessed=True)
            return
        if asked is None or (turn.intent == "next" and asked.id in under_way.situation.answers):
            if turn.intent in ADVANCING and turn.get("confirm") is None:
                advance(turn, under_way)
            return
        if reading is not None:
            take(turn, under_way, asked, reading)


ADVANCING = frozenset({"next", "affirm"})


def advance(turn: Turn, under_way: Journey) -> None:
    """To the next stop; at the end it stays."""
    stops = under_way.stops()
    position = min(stops.index(turn.stop or stops[0]) + 1, len(stops) - 1)
    turn.set(stop=stops[position], confirm=None, misses=0)


def take(turn: Turn, under_way: Journey, asked: AskedQuestion, reading: Reading) -> None:
    """Keep an understood answer and move on, or say what is missing and ask again."""
    turn.set(confirm=None)
    if isinstance(reading, Understood):
        _keep(turn, under_way, asked, reading.value, guessed=not reading.quoted)
        return
    if isinstance(reading, Unknown):
        turn.say(Say("bot.dont_know_help", items=(Say(f"{asked.message}.help", under_way.params),)))
        missed(turn)
        return
    if isinstance(reading, Ambiguous):
        choices = tuple(
            Choice(choice_message(asked, value), f"answer:{value}", under_way.params)
            for value in reading.values
        )
        turn.say(Say("bot.did_you_mean", choices=choices))
    elif isinstance(reading, Vague):
        turn.say(Say("bot.date_lunar" if reading.kind == "lunar" else "bot.date_vague"))
    elif isinstance(reading, Rejected):
        turn.say(Say(f"bot.date_{reading.reason}"))
    missed(turn)


def _keep(
    turn: Turn, under_way: Journey, asked: AskedQuestion, value: str, *, guessed: bool
) -> None:
    """Keep an answer. What it was taken for is said where it may be wrong: a date, and an answer
    that was guessed from what people say for it."""
    answers = {**turn.answers, asked.id: value}
    now = turn.journey(answers)
    if now is None:
        return
    if not now.decided(asked.id):
        turn.say(Say("bot.date_vague"))
        missed(turn)
        return
    before = under_way.situation.answers.get(asked.id)
    noted: dict[str, Param] = {"answer": answer_param(asked, value, now.params)}
    if before is not None and before != value:
        turn.say(Say("bot.changed", noted, personal=True))
    elif guessed or asked.question.kind == "date":
        turn.say(Say("bot.noted", noted, personal=True))
    turn.set(
        answers=answers,
        stop=_after(asked.id, now),
        procedure=now.procedure.id,
        misses=0,
        reask=None,
        handover=now.handover is not None,
    )


def _after(question: str, now: Journey) -> str:
    """The stop after a question: what is still to be asked, else where the procedure begins to
    be told. Someone who changed one answer is not asked the others again."""
    stops = now.stops()
    if now.next_question:
        return now.next_question.id
    return stops[len(now.asked)] if len(now.asked) < len(stops) else stops[-1]
