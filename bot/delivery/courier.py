"""The road of one channel, whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.delivery.inbox import Accepted, Answer, Inbox
from bot.delivery.lanes import Lanes
from bot.delivery.outbox import Later, Never, Outbox, Waiting, pause
from bot.delivery.store import Store

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often answering an event is tried before it is given up."""

ANSWERING_SECONDS = 10.0
SENDING_SECONDS = 3.0
"""What stopping waits for; the rest is done at the next start."""

PURGE_SECONDS = 3600.0


class Courier:
    """Takes events in, has them answered one at a time per conversation, sends the answers.

    `answer(accepted)` makes the answer; after `ATTEMPTS` failures `apologise(accepted)` does.
    `send(conversation, body)` hands one message over, or raises `Later` or `Never`.
    A kill between an answer and its commit has the event answered again (the assistant knows it
    by its id); a kill between sending and forgetting sends that one message again."""

    def __init__(
        self,
        database: str,
        channel: str,
        answer: Callable[[Accepted], Awaitable[Answer]],
        apologise: Callable[[Accepted], Awaitable[Answer]],
        send: Callable[[str, dict[str, Any]], Awaitable[None]],
        token_days: int = 30,
    ) -> None:
        self._store = Store(database)
        self._channel = channel
        self._answer = answer
        self._apologise = apologise
        self._send = send
        self._token_days = token_days
        self._answering: Lanes | None = None
        self._sending: Lanes | None = None
        self._purging: asyncio.Task[None] | None = None
        self.inbox = Inbox(self._store, channel)
        self.outbox = Outbox(self._store, channel)

    async def accept(self, event: str, conversation: str, body: dict[str, Any]) -> bool:
        """Store an event and have it answered soon; False when it was there already."""
        new = await self.inbox.accept(event, conversation, body)
        if new and self._answering:
            self._answering.wake(conversation)
        return new

    async def start(self) -> None:
        """Open the database and go on with what an earlier process left."""
        await self._store.open()
        self._answering = Lanes(self._answer_next)
        self._sending = Lanes(self._send_next)
        for conversation in await self.outbox.waiting():
            self._sending.wake(conversation)
        for conversation in await self.inbox.waiting():
            self._answering.wake(conversation)
        self._purging = asyncio.create_task(self._purge())

    async def stop(self) -> None:
        """Finish what can be finished soon; the rest stays for the next start."""
        if self._purging:
            self._purging.cancel()
        if self._answering and self._sending:
            await self._answering.close(ANSWERING_SECONDS)
            await self._sending.close(SENDING_SECONDS)
        await self._store.close()

    async def _answer_next(self, conversation: str) -> float | None:
        accepted = None
        try:
            accepted = await self.inbox.next(conversation)
            if accepted is None:
                return None
            await self.inbox.done(accepted, await self._answer(accepted))
        except Exception as error:
            # The message may hold a person's words: only the kind of error is logged.
            log.error("%s: answering failed: %s", self._channel, type(error).__name__)
            return await self._failed(accepted)
        self._wake_sending(conversation)
        return 0.0

    async def _failed(self, accepted: Accepted | None) -> float:
        if accepted is None:
            return pause(3)
        try:
            if accepted.attempts + 1 < ATTEMPTS:
                await self.inbox.tried(accepted)
                return pause(accepted.attempts)
            answer = await self._apologise(accepted)
            await self.inbox.done(accepted, answer, status="failed")
        except Exception as error:
            log.error("%s: recording failed: %s", self._channel, type(error).__name__)
            return pause(3)
        self._wake_sending(accepted.conversation)
        return 0.0

    def _wake_sending(self, conversation: str) -> None:
        if self._sending:
            self._sending.wake(conversation)

    async def _send_next(self, conversation: str) -> float | None:
        try:
            message = await self.outbox.next(conversation)
            if message is None:
                return None
            try:
                await self._send(conversation, message.body)
            except Later as later:
                return await self._later(message, later)
            except Never as never:
                log.warning("%s: given up: %s", self._channel, never.reason)
                await self.outbox.give_up(message, never)
            except Exception as error:
                return await self._later(message, Later(type(error).__name__))
            else:
                await self.outbox.sent(message)
        except Exception as error:
            log.error("%s: the outbox failed: %s", self._channel, type(error).__name__)
            return pause(3)
        return 0.0

    async def _later(self, message: Waiting, later: Later) -> float:
        log.warning("%s: not sent, tried again later: %s", self._channel, later.reason)
        return await self.outbox.later(message, later)

    async def _purge(self) -> None:
        while True:
            try:
                await self.inbox.purge(self._token_days)
                await self.outbox.purge()
            except Exception as error:
                log.error("%s: purging failed: %s", self._channel, type(error).__name__)
            await asyncio.sleep(PURGE_SECONDS)
