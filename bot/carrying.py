"""Carrying a conversation along: what a code does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.channels.base import Capabilities, Incoming
from bot.engine import Engine, EngineTurn
from bot.linking import GOOD_FOR, Issued, Links, Purpose
from bot.settings import Settings
from knowledge_base.errors import TooManyTries, UnknownId
from knowledge_base.say import Param, Say

PURPOSES: dict[str, Purpose] = {"bot.link_code": "carry", "bot.counter_code": "counter"}
PICTURE = "/api/link/"
"""`<PICTURE><long code>.svg` is its QR picture."""


class Carrier:
    """Gives out codes and lets another conversation take up what they stand for.

    A copy of the conversation is kept for as long as its code is good, because a kiosk forgets
    its own when the person has left."""

    def __init__(self, settings: Settings, engine: Engine, links: Links) -> None:
        self._settings, self._engine, self.links = settings, engine, links

    async def with_codes(
        self, conversation: str, turn: EngineTurn, capabilities: Capabilities
    ) -> EngineTurn:
        """The turn with a new code in each message that shows one."""
        if not any(say.say in PURPOSES for say in turn.says):
            return turn
        says = [await self._filled(conversation, say, capabilities) for say in turn.says]
        return replace(turn, says=tuple(says))

    async def _filled(self, conversation: str, say: Say, capabilities: Capabilities) -> Say:
        purpose = PURPOSES.get(say.say)
        if purpose is None:
            return say
        issued = await self.links.issue(conversation, purpose)
        await self._engine.copy(conversation, _kept(issued.pair))
        await self._erase(issued.replaced)
        if purpose == "counter":
            spoken: dict[str, Param] = {"code": issued.spoken, "hours": GOOD_FOR[purpose] // 3600}
            return replace(say, params=spoken, personal=True)
        params: dict[str, Param] = {"code": issued.spoken, "minutes": GOOD_FOR[purpose] // 60}
        address = self.address(issued)
        linked = capabilities.links and not capabilities.pictures
        items = (_address(address),) if address and linked else ()
        picture = f"{PICTURE}{issued.long}.svg"
        return replace(say, params=params, items=items, picture=picture, personal=True)

    def address(self, issued: Issued) -> str | None:
        """Where a phone takes the conversation over; None without a public address."""
        base = self._settings.public_url.rstrip("/")
        return code_address(base, issued.long) if base else None

    async def turn(self, incoming: Incoming, code: str, language: str | None) -> EngineTurn:
        """Take up in this conversation what a typed code stands for, or say that it is wrong."""
        answered = await self._engine.answered(incoming.conversation, incoming.event)
        if answered:
            return answered
        sources = [f"conversation {incoming.conversation}"]
        if incoming.source:
            sources.append(incoming.source)
        choice = "act:linked"
        try:
            await self.take(code, incoming.conversation, sources)
        except UnknownId:
            choice = "act:link_unknown"
        except TooManyTries:
            choice = "act:link_locked"
        return await self._engine.turn(
            incoming.conversation, None, choice, language, incoming.event
        )

    async def take(self, code: str, to: str, sources: Sequence[str]) -> None:
        """Let `to` stand where the conversation of the code does; whatever it was before.

        Raises `UnknownId`, `TooManyTries`."""
        link = await self.links.take(code, to, sources)
        if not await self._engine.copy(link.conversation, to) and not await self._engine.copy(
            _kept(link.pair), to
        ):
            raise UnknownId("what this code stood for was erased")

    async def open_case(self, code: str, sources: Sequence[str]) -> str:
        """A code of the clerk's own for the conversation that a citizen's code stands for; good
        for as long as somebody sits at the counter. Raises as `take`."""
        link = await self.links.look(code, sources)
        issued = await self.links.issue(link.conversation, "clerk")
        kept = _kept(issued.pair)
        if not await self._engine.copy(link.conversation, kept):
            await self._engine.copy(_kept(link.pair), kept)
        return issued.long

    async def case(self, code: str, sources: Sequence[str]) -> tuple[str, EngineTurn]:
        """The conversation of a code and where it stands, for the clerk. Raises as `take`."""
        link = await self.links.look(code, sources)
        turn = await self._engine.last(link.conversation)
        turn = turn or await self._engine.last(_kept(link.pair))
        if turn is None:
            raise UnknownId("what this code stood for was erased")
        return link.conversation, turn

    async def forget(self, conversation: str) -> None:
        """Codes of a conversation that was erased are good no more, and their copies go."""
        await self._erase(await self.links.forget(conversation))

    async def expire(self) -> None:
        """Drop old codes and their copies."""
        await self._erase(await self.links.expire())

    async def _erase(self, pairs: Sequence[str]) -> None:
        await asyncio.gather(*(self._engine.erase(_kept(pair)) for pair in pairs))


def code_address(base: str, long_code: str) -> str:
    """The link that takes a conversation over in the web chat."""
    return f"{base}/?code={long_code}"


def _kept(pair: str) -> str:
    """Id of the copy; no channel has conversations that begin like it."""
    return f"link:{pair}"


def _address(address: str) -> Say:
    return Say("bot.link_address", {"address": address}, personal=True)
