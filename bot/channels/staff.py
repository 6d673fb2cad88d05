"""What only staff can mend: messages wait, and the log, `/counter` and the check say why."""

from __future__ import annotations

import logging

from bot.delivery.outbox import Later

log = logging.getLogger(__name__)

STAFF_SECONDS = 60.0


class Staff(Later):
    """Messages wait until staff have done something; `reason` says what."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, STAFF_SECONDS)


class Trouble:
    """Why all of a channel's messages wait; logged once for each reason."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.problem: str | None = None
        """What staff must do before messages can be sent, in words; None when all is well."""

    def note(self, error: Exception) -> None:
        """Keep what an error says, if it is one that staff can mend."""
        if isinstance(error, Staff) and error.reason != self.problem:
            self.problem = error.reason
            log.error("%s: messages wait: %s", self._channel, error.reason)

    def over(self) -> None:
        """A message was taken."""
        self.problem = None
