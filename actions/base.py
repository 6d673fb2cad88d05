"""What every action shares: the knowledge base, the words, the day, and the tracker read as a
position in a procedure. Actions emit message ids (`say`), never prose.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.noticing import language_offer
from knowledge_base.answers.words import AnswerWords, load_words
from knowledge_base.errors import NotCovered
from knowledge_base.guide import Journey, journey
from knowledge_base.load import KnowledgeBase, load
from knowledge_base.say import Say

FORM = "guide_form"
NLU_DATA = Path(__file__).resolve().parent.parent / "nlu_data"


@dataclass
class Surroundings:
    """What actions work with, shared by all of them; `knowledge` is put in its place when its
    files have changed."""

    knowledge: KnowledgeBase
    words: AnswerWords
    today: Callable[[], date] = date.today


@cache
def default_surroundings() -> Surroundings:
    """The project's own knowledge base, for an action server that Rasa starts itself."""
    return Surroundings(load(), load_words(NLU_DATA))


@dataclass
class Turn:
    """One turn as an action sees it: where the family stands, and what is said and changed."""

    surroundings: Surroundings
    tracker: Tracker
    dispatcher: CollectingDispatcher
    changes: dict[str, Any] = field(default_factory=dict)
    events: list[EventType] = field(default_factory=list)
    left: bool = False
    """Whether this turn has left the procedure."""

    @property
    def knowledge(self) -> KnowledgeBase:
        return self.surroundings.knowledge

    @property
    def intent(self) -> str:
        """Name of the last message's intent; empty where there is none."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        """Confidence of the intent, 0 to 1."""
        return float((self.tracker.latest_message.get("intent") or {}).get("confidence") or 0)

    @property
    def text(self) -> str:
        """The last message as typed."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def message(self) -> Mapping[str, Any]:
        """What the components say of the last message."""
        said: Mapping[str, Any] = self.tracker.latest_message
        return said

    @property
    def tapped(self) -> bool:
        """Whether the last message is a tap on a button; typed text never begins like one."""
        return self.text.startswith("/")

    def entity(self, name: str) -> str | None:
        """The value of an entity of the last message."""
        value = next(self.tracker.get_latest_entity_values(name), None)
        return None if value is None else str(value)

    def get(self, slot: str) -> Any:
        """A slot's value, with the changes of this turn."""
        return self.changes[slot] if slot in self.changes else self.tracker.get_slot(slot)

    def set(self, **slots: Any) -> None:
        """Change slots when the action is done."""
        self.changes.update(slots)

    def say(self, *says: Say) -> None:
        """Say messages."""
        for say in says:
            self.dispatcher.utter_message(json_message=say.to_dict())

    def stay(self) -> None:
        """End the turn here, whatever a rule would do next. A form under way waits, ready to
        read the next message: without this Rasa keeps it as having refused the last one."""
        if self.tracker.active_loop_name == FORM and not self.left:
            self.events.append(ActiveLoop(FORM))
        self.events.append(FollowupAction("action_listen"))

    def leave_procedure(self) -> None:
        """Leave the procedure: the next message finds nothing under way."""
        self.left = True
        self.set(entry=None, procedure=None, stop=None, answers={}, reask=None, misses=0)
        self.events.append(ActiveLoop(None))
        self.events.append(SlotSet("requested_slot", None))

    @property
    def answers(self) -> Mapping[str, str]:
        """The family's answers by question id."""
        return self.get("answers") or {}

    @property
    def stop(self) -> str | None:
        """The stop the family is at."""
        stop: str | None = self.get("stop")
        return stop

    def journey(self, answers: Mapping[str, str] | None = None) -> Journey | None:
        """Where the family stands, replayed from its answers; None where nothing is under way
        or what was under way no longer exists on this day."""
        entry = self.get("entry")
        if not entry or entry not in self.knowledge.procedures:
            return None
        known = self.answers if answers is None else answers
        try:
            return journey(self.knowledge, entry, known, self.surroundings.today())
        except NotCovered:
            return None

    def interrupted(self) -> bool:
        """Whether another action has answered this message already."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                return False
            if event.get("event") == "action" and event.get("name") not in QUIET:
                return True
        return False


QUIET = frozenset(
    {FORM, "action_extract_slots", "action_listen", "action_session_start", f"validate_{FORM}"}
)
"""Actions that say nothing by themselves."""


class GuideAction(Action, ABC):
    """An action of ours: its name in the domain, and what it does in a turn."""

    action_name: str
    ends_turn = False
    """Whether nothing follows it in the turn, not even the form."""

    def __init__(self, surroundings: Surroundings | None = None) -> None:
        self._surroundings = surroundings

    def name(self) -> str:
        return self.action_name

    def turn(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Turn:
        """The turn this call is part of."""
        return Turn(self._surroundings or default_surroundings(), tracker, dispatcher)

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        turn = self.turn(dispatcher, tracker)
        turn.set(confirm=None)  # a question asked last turn is not answered by a later "yes"
        offer = None if turn.interrupted() else language_offer(turn)
        if offer:
            turn.say(offer)
        self.act(turn)
        if self.ends_turn:
            turn.stay()
        return slot_events(turn.changes) + turn.events

    @abstractmethod
    def act(self, turn: Turn) -> None:
        """Say and change what this action says and changes."""


def slot_events(changes: Mapping[str, Any]) -> list[EventType]:
    """Slot changes as events."""
    return [SlotSet(name, value) for name, value in changes.items()]
