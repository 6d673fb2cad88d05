"""The road of one channel, whole."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from bot.delivery.beside import Beside
from bot.delivery.claims import Alone, Claims, Leases, Lost
from bot.delivery.gate import Gate
from bot.delivery.inbox import Accepted, Answer, Inbox
from bot.delivery.lanes import Lanes
from bot.delivery.measures import measures
from bot.delivery.outbox import Later, Never, Outbox, Waiting, pause
from bot.delivery.pace import Pace
from bot.delivery.store import Store

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often answering an event is tried before it is given up."""

ANSWERING_SECONDS = 10.0
SENDING_SECONDS = 3.0
"""What stopping waits for; the rest is done at the next start."""

SENDING_AT_ONCE = 8
"""Messages on their way at any time: so many may be sent again after a kill."""

OUTAGE_LOOK = 60.0
"""A conversation that waits for the end of an outage looks by itself so often; it is called."""


class Courier:
    """Takes events in, has them answered one at a time per conversation, sends the answers.

    `answer(accepted)` makes the answer; after `ATTEMPTS` failures `apologise(accepted)` does.
    `send(conversation, body)` hands one message over, or raises `Later` or `Never`; it gives the
    messenger's number of the message, where it numbers them. `find(conversation, body, newest)`
    looks whether the messenger has this message among those after the number `newest`.
    A kill between an answer and its commit has the event answered again, before any other of its
    conversation (the assistant knows it by its id). A message that was on its way is looked for,
    and sent again if it is not found, or if nobody can look. Several processes may share a
    PostgreSQL database."""

    def __init__(
        self,
        database: str,
        channel: str,
        answer: Callable[[Accepted], Awaitable[Answer]],
        apologise: Callable[[Accepted], Awaitable[Answer]],
        send: Callable[[str, dict[str, Any]], Awaitable[int | None]],
        token_days: int = 30,
        pace: Pace | None = None,
        find: Callable[[str, dict[str, Any], int], Awaitable[int | None]] | None = None,
    ) -> None:
        self._store = Store(database)
        self._channel = channel
        self._answer = answer
        self._apologise = apologise
        self._send = send
        self._find = find
        self._newest: int | None = None
        self._pace = pace or Pace()
        self._gate = Gate()
        self._owner = uuid.uuid4().hex
        self._answering = Lanes(self._answer_next)
        self._sending = Lanes(self._send_next, SENDING_AT_ONCE)
        self._started = False
        self._measures = measures()
        self.inbox = Inbox(self._store, channel, self._claims("in"))
        self.outbox = Outbox(self._store, channel, self._claims("out"))
        self._beside = Beside(
            self._store, channel, self._owner, self.inbox, self.outbox, self._wake, token_days
        )

    def _claims(self, lane: str) -> Claims:
        return Leases(self._channel, lane, self._owner) if self._store.shared else Alone()

    async def accept(
        self, event: str, conversation: str, body: dict[str, Any], position: int | None = None
    ) -> bool:
        """Store an event and have it answered soon; False when it was there already. Of the events
        of a conversation that wait, the one with the lowest `position` is answered first."""
        new = await self.inbox.accept(event, conversation, body, position)
        self._measures.event(self._channel, new)
        if new and self._started:
            self._answering.wake(conversation)
        return new

    async def post(
        self,
        conversation: str,
        *bodies: dict[str, Any],
        not_after: int | None = None,
        once: str | None = None,
    ) -> bool:
        """Send something that answers nothing. The caller has the person's consent and gives the
        end of the messenger's window as `not_after` (Unix seconds): later it is not sent. What
        has a name `once` is taken once within days, by whatever process: false the next time."""
        taken = await self.outbox.put(conversation, bodies, not_after, once)
        if taken:
            self._sending.wake(conversation)
        return taken

    @property
    def outage(self) -> bool:
        """Whether the messenger takes no message now."""
        return self._gate.closed

    async def start(self) -> None:
        """Open the database and go on with what an earlier process left."""
        await self._store.open()
        self._started = True
        if self._find:
            self._newest = await self.outbox.newest()
        self._wake(await self.inbox.waiting(), await self.outbox.waiting())
        self._beside.start(self._pace)

    async def stop(self) -> None:
        """Finish what can be finished soon; the rest stays for the next start."""
        if self._started:
            await self._answering.close(ANSWERING_SECONDS)
            await self._sending.close(SENDING_SECONDS)
        await self._beside.stop()
        await self._store.close()

    def _wake(self, unanswered: list[str], unsent: list[str]) -> None:
        for conversation in unsent:
            self._sending.wake(conversation)
        for conversation in unanswered:
            self._answering.wake(conversation)

    async def _answer_next(self, conversation: str) -> float | None:
        accepted = None
        try:
            accepted = await self.inbox.next(conversation)
            if accepted is None:
                return None
            with self._measures.turn(self._channel):
                answer = await self._answer(accepted)
            more = await self.inbox.done(accepted, answer)
        except Lost:
            return None
        except Exception as error:
            # The message may hold a person's words: only the kind of error is logged.
            log.error("%s: answering failed: %s", self._channel, type(error).__name__)
            return await self._failed(accepted)
        self._sending.wake(conversation)
        return 0.0 if more else None

    async def _failed(self, accepted: Accepted | None) -> float | None:
        if accepted is None:
            return pause(3)
        try:
            if accepted.attempts + 1 < ATTEMPTS:
                await self.inbox.tried(accepted)
                return pause(accepted.attempts)
            answer = await self._apologise(accepted)
            await self.inbox.done(accepted, answer, status="failed")
        except Lost:
            return None
        except Exception as error:
            log.error("%s: recording failed: %s", self._channel, type(error).__name__)
            return pause(3)
        self._sending.wake(accepted.conversation)
        return 0.0

    async def _send_next(self, conversation: str) -> float | None:
        if not self._gate.admits(conversation):
            return OUTAGE_LOOK
        if wait := self._pace.wait(conversation):
            return wait
        await self._pace.turn(conversation)
        if not self._beside.sure:
            return pause(0)
        try:
            message = await self.outbox.next(conversation, self._newest)
            return None if message is None else await self._deliver(message)
        except Exception as error:
            log.error("%s: the outbox failed: %s", self._channel, type(error).__name__)
            return pause(3)

    async def _deliver(self, message: Waiting) -> float | None:
        more = True
        try:
            if message.not_after is not None and time.time() > message.not_after:
                raise Never("too late to send it", kind="late")
            number = await self._hand_over(message)
        except Never as never:
            log.warning("%s: given up: %s", self._channel, never.reason)
            self._measures.send(self._channel, never.kind)
            await self.outbox.give_up(message, never)
        except Later as later:
            return await self._later(message, later)
        except Exception as error:
            return await self._later(message, Later(type(error).__name__, unsure=True))
        else:
            more = await self.outbox.sent(message, number)
            self._measures.send(self._channel, "sent")
        if self._gate.answered():
            log.warning("%s: messages are taken again", self._channel)
            self._sending.hurry(await self.outbox.waiting(free=False))
        return 0.0 if more else None

    async def _hand_over(self, message: Waiting) -> int | None:
        """The message's number with the messenger, which may have taken it before."""
        if message.unsure and self._find and message.newest:
            found = await self._find(message.conversation, message.body, message.newest)
            if found:
                self._measures.found(self._channel)
                log.warning("%s: it had arrived, and is not sent again", self._channel)
                return found
        if message.unsure:
            self._measures.repeated(self._channel)
            log.warning("%s: sent again, it may have arrived before", self._channel)
        number = await self._send(message.conversation, message.body)
        if number:
            self._newest = max(number, self._newest or 0)
        return number

    async def _later(self, message: Waiting, later: Later) -> float:
        log.warning("%s: not sent, tried again later: %s", self._channel, later.reason)
        self._measures.send(self._channel, later.kind)
        if later.kind == "limit" and later.seconds:
            # Also when all are called after an outage.
            self._pace.hold(message.conversation, later.seconds)
        if self._gate.failed(message.conversation):
            log.warning("%s: no message is taken: an outage", self._channel)
            self._beside.watch_outage(self._gate, self._sending)
        return await self.outbox.later(message, later)
