"""Makes files of spoken prompts: one voice after the other, each prompt once at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from voices.clip import Clip
from voices.encode import FORMATS, encode
from voices.engine import Speed
from voices.errors import EngineUnavailable, NothingToSay, VoiceError
from voices.store import AudioStore

log = logging.getLogger(__name__)
T = TypeVar("T")

COOL_DOWN = 60.0
"""Seconds an online engine is left alone after a failure, so that nobody waits for it again."""
DEADLINE = 20.0
"""Seconds an online engine has for one text."""
EVICT_EVERY = 200
"""Renderings between two looks at the size of the cache."""


@dataclass(frozen=True)
class Voice:
    """One way to speak one prompt: a recording or an engine."""

    name: str
    """Letters, digits, `_` and `-`; part of a file's name."""
    online: bool
    speak: Callable[[Speed], Clip]


class Renderer:
    """Renders into a store. Bound to the event loop it is used in; call `close` at the end."""

    def __init__(
        self,
        store: AudioStore,
        *,
        size_limit: int,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._size_limit = size_limit
        self._deadline = deadline
        self._clock = clock
        self._resting: dict[str, float] = {}
        self._running: dict[tuple[str, Speed], asyncio.Task[dict[str, Path]]] = {}
        self._renderings = 0
        # Apart, so that requests hanging in the network never hold up what works offline.
        self._online = ThreadPoolExecutor(4, "voice-online")
        self._local = ThreadPoolExecutor(2, "voice")

    def close(self) -> None:
        """Let go of the threads; what is being rendered is abandoned."""
        self._online.shutdown(wait=False, cancel_futures=True)
        self._local.shutdown(wait=False, cancel_futures=True)

    def find(self, key: str, form: str, speed: Speed, voices: Sequence[Voice]) -> Path | None:
        """The finished file by the best of `voices` that there is. Blocks."""
        return self._store.find(key, speed, form, [voice.name for voice in voices])

    def rests(self, voice: Voice) -> bool:
        """Whether the voice failed a short while ago and is not asked now."""
        return self._clock() < self._resting.get(voice.name, 0.0)

    def running(self, key: str, speed: Speed) -> asyncio.Task[dict[str, Path]] | None:
        """The rendering of this prompt under way."""
        return self._running.get((key, speed))

    async def render(self, key: str, form: str, speed: Speed, voices: Sequence[Voice]) -> Path:
        """Render with the first voice that can. Raises `EngineUnavailable` when none can.

        It goes on when the caller is cancelled, for others may wait for the same file."""
        while (running := self.running(key, speed)) is not None:
            await asyncio.wait({running})
        task = asyncio.create_task(self._make(key, form, speed, voices))
        self._running[key, speed] = task
        task.add_done_callback(partial(self._done, (key, speed)))
        return (await asyncio.shield(task))[form]

    def _done(self, what: tuple[str, Speed], task: asyncio.Task[dict[str, Path]]) -> None:
        self._running.pop(what, None)
        if not task.cancelled():
            # Asked for here, because every listener may have left.
            task.exception()

    async def _make(
        self, key: str, form: str, speed: Speed, voices: Sequence[Voice]
    ) -> dict[str, Path]:
        # Looked up again: another rendering may have ended after the caller looked.
        path = await asyncio.to_thread(self.find, key, form, speed, voices)
        if path is not None:
            return {form: path}
        for voice in voices:
            files = None if self.rests(voice) else await self._try(voice, key, form, speed)
            if files is None:
                continue
            try:
                return await self._in_thread(
                    self._local, partial(self._publish, key, speed, voice, files)
                )
            except OSError as error:
                log.warning("audio cache: %s", error.strerror)
                raise EngineUnavailable("the audio cache can't be written") from error
        raise EngineUnavailable(f"nothing can speak {key} now")

    async def _try(
        self, voice: Voice, key: str, form: str, speed: Speed
    ) -> dict[str, bytes] | None:
        """Files by format, spoken by one voice; None when it could not."""
        # What was dear to get is kept in every format at once.
        forms = tuple(FORMATS) if voice.online else (form,)
        try:
            clip = await self._said(voice, speed)
            return await self._in_thread(
                self._local, lambda: {form: encode(clip, form) for form in forms}
            )
        except NothingToSay:
            log.info("%s finds nothing to say in %s", voice.name, key)
        except Exception as error:
            # Whatever is wrong inside one engine, the next one gets its turn. An error that is
            # not ours may quote the text, so only its kind is written down.
            reason = str(error) if isinstance(error, VoiceError) else ""
            kind = type(error).__name__
            log.warning("%s could not speak %s: %s %s", voice.name, key, kind, reason)
            if voice.online and not self.rests(voice):
                self._resting[voice.name] = self._clock() + COOL_DOWN
        return None

    async def _said(self, voice: Voice, speed: Speed) -> Clip:
        if voice.online:
            request = self._in_thread(self._online, partial(self._unless_resting, voice, speed))
            clip = await asyncio.wait_for(request, self._deadline)
        else:
            clip = await self._in_thread(self._local, partial(voice.speak, speed))
        if not clip.pcm:
            raise EngineUnavailable("an empty clip")
        return clip

    def _unless_resting(self, voice: Voice, speed: Speed) -> Clip:
        """For a request that waited in line while another one failed."""
        if self.rests(voice):
            raise EngineUnavailable("resting after another request failed")
        return voice.speak(speed)

    def _publish(
        self, key: str, speed: Speed, voice: Voice, files: Mapping[str, bytes]
    ) -> dict[str, Path]:
        paths = {
            form: self._store.publish(key, speed, voice.name, form, data)
            for form, data in files.items()
        }
        self._renderings += 1
        if self._renderings % EVICT_EVERY == 1:
            self._store.evict(self._size_limit)
        return paths

    @staticmethod
    async def _in_thread(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
