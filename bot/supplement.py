"""A clerk's word to a citizen who gave a code: which papers the dossier still lacks.

The clerk chooses papers and writes nothing, so it comes in the citizen's language, can be heard,
and holds no name and no number."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.channels.base import Channel, WritesFirst
from bot.engine import EngineTurn
from knowledge_base.guide import Journey
from knowledge_base.present import paper_say
from knowledge_base.say import Param, Say
from knowledge_base.schema import Paper

Obstacle = Literal["write_no_messenger", "write_no_consent", "write_closed"]
"""Why nobody can be written to; a phrase `bot.counter_…` says it."""

GOOD_FOR = 24 * 3600
"""Seconds in which it is sent; later the clerk has found another way."""


@dataclass(frozen=True)
class Way:
    """How somebody can be written to, until when (Unix seconds)."""

    channel: WritesFirst
    conversation: str
    not_after: int


async def way_to(
    conversation: str, turn: EngineTurn, channels: Sequence[Channel]
) -> Way | Obstacle:
    """The way to the citizen of a case, or what is in it."""
    name = conversation.partition(":")[0]
    channel = next((one for one in channels if one.name == name), None)
    if not isinstance(channel, WritesFirst):
        return "write_no_messenger"
    if turn.may_write != "yes":
        return "write_no_consent"
    now = time.time()
    until = await channel.reachable_until(conversation)
    if until <= now:
        return "write_closed"
    return Way(channel, conversation, int(min(until, now + GOOD_FOR)))


def may_lack(under_way: Journey) -> list[Paper]:
    """The papers of this family that a dossier may lack: not those that are needed no more."""
    return [paper for paper in under_way.papers() if paper.handling != "not_needed"]


def supplement(under_way: Journey, papers: Collection[str]) -> Say:
    """What is said: the papers of this family among `papers` (ids), or to meet the clerk."""
    title: dict[str, Param] = {"procedure": {"say": f"{under_way.procedure.id}.title"}}
    missing = [paper for paper in may_lack(under_way) if paper.id in papers]
    if not missing:
        return Say("bot.supplement_meet", title, picture="clerk", personal=True)
    items = tuple(paper_say(under_way, paper) for paper in missing)
    return Say("bot.supplement", title, items, picture="papers", personal=True)
