"""The real assistant behind a messenger's emulator: engine, knowledge base, delivery, pages."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.assistant import Guided
from bot.engine import Engine
from bot.gateway.app import create_app
from bot.listening import Listener
from bot.render import Renderer
from bot.settings import Settings
from tests.channels.conftest import SECRET
from tests.conftest import TODAY
from tests.emulators.base import Emulator
from tests.emulators.messengers import CONNECTED, MOTHER, emulator_of
from tests.emulators.people import Person
from tests.emulators.server import Server
from tests.shipped import content
from voices.library import Library
from voices.recogniser import Recogniser
from voices.recognisers.fake import FakeRecogniser

T = TypeVar("T")


class Town:
    """One messenger, one server, the people who write to it."""

    def __init__(
        self,
        name: str,
        engine: Engine,
        folder: Path,
        recognisers: Sequence[Recogniser] | None = None,
        **settings: Any,
    ) -> None:
        self.name = name
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.emulator: Emulator = emulator_of(name, self.address)
        self.emulator.database = folder / "rong.db"
        self._engine, self._folder, self._more = engine, folder, settings
        self._recognisers = [FakeRecogniser()] if recognisers is None else recognisers
        self._server: Server | None = None
        self.assistant: Guided
        self.now = 0.0
        self.clock: Callable[[], float] | None = None

    @property
    def mother(self) -> Person[Any]:
        return self.emulator.person(MOTHER[self.name])

    @property
    def channels(self) -> dict[str, Any]:
        """The connected messenger, by name."""
        assert self._server
        return {channel.name: channel for channel in self._server.app.state.parts.channels}

    def runs(self, work: Coroutine[Any, Any, T]) -> T:
        """Have something done in the server's own loop; its result."""
        assert self._server
        return asyncio.run_coroutine_threadsafe(work, self._server.loop).result(60)

    @property
    def conversation(self) -> str:
        return f"{self.name}:{MOTHER[self.name]}"

    def starts(self) -> None:
        """Serve; what an earlier server left in the folder is there."""
        settings = Settings(
            _env_file=None,
            data_dir=self._folder,
            today=TODAY,
            voice_online=False,
            recognition_online=False,
            **self.emulator.settings(self.address, SECRET),
            **self._more,
        )
        shipped = content()
        speaker = Library.open(settings.audio_cache, online=False)
        renderer = Renderer(shipped.knowledge, shipped.catalogs, shipped.languages, speaker)
        listener = Listener(self._recognisers)
        known = (shipped.knowledge, renderer, shipped.languages, speaker, listener)
        self.assistant = Guided(settings, self._engine, *known)
        if self.clock:
            self.assistant.reminders.clock = self.clock
        self._server = Server(create_app(settings, self.assistant), self.port).start()
        if CONNECTED[self.name]:
            self.emulator.waits_for(CONNECTED[self.name])

    def stops(self) -> None:
        """Stop in order."""
        if self._server:
            self._server.stop()
            self._server = None

    def says(self, text: str) -> str:
        """The mother types; what she is answered, in one text."""
        self.mother.sends(text)
        return self.reads()

    def reads(self) -> str:
        """All the messages the mother gets now; at least one."""
        first = self.mother.gets()
        self.emulator.settle()
        rest = self.mother.gets(len(self.mother.inbox) - self.mother.read)
        return "\n".join(sent.text for sent in [*first, *rest])


@contextmanager
def town(name: str, engine: Engine, folder: Path, **options: Any) -> Iterator[Town]:
    """A town whose server runs."""
    there = Town(name, engine, folder, **options)
    with there.emulator:
        there.starts()
        try:
            yield there
        finally:
            there.stops()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
