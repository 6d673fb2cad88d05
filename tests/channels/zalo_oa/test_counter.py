"""What staff see at the counter when an account's tokens end."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from bot.gateway.counter import undelivered


class Channel:
    name = "zalo_oa"
    problem: str | None = "Zalo gives no token (-14014); give the application consent anew"

    async def undelivered(self) -> list[tuple[str, str]]:
        return [("zalo_oa:246845883529197922", "Zalo -230")]


def test_staff_see_what_to_do() -> None:
    channel = Channel()
    state = SimpleNamespace(parts=SimpleNamespace(channels=[channel]))
    request = SimpleNamespace(app=SimpleNamespace(state=state))
    rows = asyncio.run(undelivered(request))
    assert [(row["person"], row["reason"][:9]) for row in rows] == [
        ("*", "Zalo give"),
        ("…7922", "Zalo -230"),
    ]
    channel.problem = None
    assert len(asyncio.run(undelivered(request))) == 1
