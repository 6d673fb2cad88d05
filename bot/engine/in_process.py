"""Custom actions without an action server: Rasa calls `rasa_sdk`'s executor directly."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.engine.graph import run_plainly
from knowledge_base.errors import EngineError


class InProcessActions(EndpointConfig):
    """An action endpoint that is no server. Takes the place of `action_endpoint` in an agent."""

    def __init__(self, actions: list[Action]) -> None:
        # our actions never read the domain, which Rasa would otherwise copy for each call
        super().__init__(url="in-process", enable_selective_domain=True)
        self.executor = ActionExecutor()
        for action in actions:
            self.executor.register_action(action)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action named in the body, as an action server would."""
        body = kwargs["json"]
        try:
            return await self.executor.run(body)
        except ActionExecutionRejection as error:
            told = json.dumps({"error": str(error), "action_name": error.action_name})
            raise ClientResponseError(400, str(error), told) from error
        except ActionNotFoundException as error:
            name = body.get("next_action")
            raise EngineError(f"action '{name}' is in the domain but not in actions/") from error


def spare_rasa_work() -> None:
    """Take out of Rasa's turn what it does again and again for nothing.

    It walks all subclasses of `Event` for every event it reads; their names never change."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
    check_results_cheaply()
    run_plainly()


def check_results_cheaply() -> None:
    """Let Rasa check only the shape of an action's result.

    As it is, Rasa 3.6 checks it against a JSON schema that it builds and checks anew for each
    action, 80 % of a turn's time. Rasa still refuses an event it does not know."""

    def validate(self: RemoteAction, result: Any) -> bool:
        events = result.get("events") if isinstance(result, dict) else None
        says = result.get("responses") if isinstance(result, dict) else None
        if not isinstance(events, list) or not isinstance(says, list):
            raise EngineError(f"'{self.name()}' must give lists of events and responses")
        if not all(isinstance(event, dict) and "event" in event for event in events):
            raise EngineError(f"'{self.name()}' gave something that is not an event")
        return True

    RemoteAction._validate_action_result = validate
