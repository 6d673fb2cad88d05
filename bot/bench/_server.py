"""The server that `rong bench delivery` kills: `python -m bot.bench._server <JSON>`.

With the assistant `echo` a turn costs nothing but its database: it counts the turns of each
conversation and commits that by itself, before the answer is in the outbox, as the real one does.
So a turn that was made twice shows in the count."""

from __future__ import annotations

import json
import sys

import uvicorn
from sqlalchemy import Column, Connection, Integer, String, Table, select

from bot.channels.base import Capabilities, Incoming, Rendered, Reply, State
from bot.delivery.store import Store, metadata
from bot.gateway.app import create_app
from bot.settings import Settings

turns = Table(
    "bench_turns",
    metadata,
    Column("conversation", String(160), primary_key=True),
    Column("event", String(128), nullable=False),
    Column("turns", Integer, nullable=False),
)


class Echo:
    """Answers with what was said and the number of the turn; the last event as it was."""

    def __init__(self, database: str) -> None:
        self._store = Store(database)
        self._open = False

    async def handle(self, incoming: Incoming, capabilities: Capabilities) -> Reply:
        if not self._open:
            await self._store.open()
            self._open = True
        count = await self._store.run(self._turn, incoming.conversation, incoming.event or "")
        text = f"{incoming.text or incoming.choice} = {count}"
        return Reply([Rendered("bot.echo", text, "vi")], State())

    @staticmethod
    def _turn(connection: Connection, conversation: str, event: str) -> int:
        c = turns.c
        query = select(c.event, c.turns).where(c.conversation == conversation)
        last = connection.execute(query).first()
        if last is None:
            row = {"conversation": conversation, "event": event, "turns": 1}
            connection.execute(turns.insert().values(row))
            return 1
        if last.event == event:
            return int(last.turns)
        change = turns.update().where(c.conversation == conversation)
        connection.execute(change.values(event=event, turns=last.turns + 1))
        return int(last.turns) + 1

    async def resume(self, conversation: str, capabilities: Capabilities) -> Reply | None:
        return None

    async def erase(self, conversation: str) -> None:
        """Nothing of a person is kept."""


def main() -> None:
    """Serve until killed."""
    options = json.loads(sys.argv[1])
    settings = Settings(_env_file=None, **options["settings"])  # type: ignore[call-arg]
    echo = Echo(settings.database) if options["assistant"] == "echo" else None
    app = create_app(settings, echo)  # type: ignore[arg-type]
    uvicorn.run(app, port=options["port"], log_level="critical", ws="none", access_log=False)


if __name__ == "__main__":
    main()
