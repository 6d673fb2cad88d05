"""The connection to Telegram: made in the background, so that an outage stops nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, cast

from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.channels.staff import Staff, Trouble
from bot.channels.telegram.sender import TOKEN_REFUSED
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.channels.telegram.webhook import PATH
from bot.delivery.outbox import Later, pause

log = logging.getLogger(__name__)

POLL_SECONDS = 25
"""How long Telegram holds a call for updates open."""

Accept = Callable[[dict[str, Any]], Awaitable[None]]


class PlainBot(ExtBot[int]):
    """A bot that also fetches updates as plain data.

    `get_updates` parses all of them at once, and one it can't read would stop the others."""

    async def plain_updates(self, offset: int) -> list[dict[str, Any]]:
        """Updates from `offset` on, awaited for `POLL_SECONDS`."""
        found = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES},
            read_timeout=POLL_SECONDS + 5,
        )
        return cast("list[dict[str, Any]]", found)


class Connection:
    """Says who we are, sets the commands, then registers the webhook or polls.

    Without a secret it polls."""

    def __init__(
        self,
        bot: PlainBot,
        public_url: str,
        secret: str | None,
        commands: Sequence[tuple[str, str]],
        accept: Accept,
        trouble: Trouble,
    ) -> None:
        self._bot = bot
        self._public_url = public_url
        self._secret = secret
        self._commands = commands
        self._accept = accept
        self._trouble = trouble
        self._task: asyncio.Task[None] | None = None
        self._connected = False
        self._decided = asyncio.Event()

    def open(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._run())

    async def made(self) -> None:
        """Wait until messages can be sent. Raises `Later` when they won't be: it was stopped."""
        await self._decided.wait()
        if not self._connected:
            raise Later("stopped before it was connected", kind="unreachable")

    async def stop_polling(self) -> None:
        """Take no more updates, and connect no more."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._decided.set()

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.shutdown()

    async def _run(self) -> None:
        await self._until_it_works(self._bot.initialize)
        self._connected = True
        self._decided.set()
        await self._until_it_works(self._register)
        try:
            await self._bot.set_my_commands(self._commands)
        except TelegramError as error:
            # The commands work all the same; only the list of them is missing.
            log.warning("telegram: the list of commands is not set: %s", type(error).__name__)
        if self._secret is None:
            await self._poll()

    async def _until_it_works(self, step: Callable[[], Awaitable[None]]) -> None:
        attempts = 0
        while True:
            try:
                await step()
                return self._trouble.over()
            except InvalidToken:
                # Its message quotes the token.
                self._trouble.note(Staff(TOKEN_REFUSED))
            except BadRequest as error:
                log.error("telegram: %s", error.message)
            except TelegramError as error:
                log.warning("telegram: not connected yet: %s", type(error).__name__)
            await asyncio.sleep(pause(attempts))
            attempts += 1

    async def _register(self) -> None:
        if self._secret is None:
            await self._bot.delete_webhook()
        else:
            await self._bot.set_webhook(
                self._public_url + PATH,
                allowed_updates=ALLOWED_UPDATES,
                secret_token=self._secret,
            )

    async def _poll(self) -> None:
        """Telegram forgets an update when a higher offset is asked for: after it is stored here."""
        offset = 0
        attempts = 0
        while True:
            try:
                updates = await self._bot.plain_updates(offset)
                for data in updates:
                    with suppress(ValueError):
                        await self._accept(data)
                    offset = max(offset, int(data["update_id"]) + 1)
                attempts = 0
            except Exception as error:
                # Whatever it is (network, database), it must not end the polling.
                if isinstance(error, InvalidToken):
                    self._trouble.note(Staff(TOKEN_REFUSED))
                log.warning("telegram: polling failed: %s", type(error).__name__)
                await asyncio.sleep(pause(attempts))
                attempts += 1
