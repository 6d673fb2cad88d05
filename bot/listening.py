"""Spoken messages: bytes → what was said. Nothing of the sound is kept, nor written to the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot.channels.base import Incoming
from bot.engine import Engine, EngineTurn
from bot.settings import Settings
from voices.clip import Clip
from voices.encode import decode
from voices.errors import AudioTooLong, NothingHeard, RecogniserUnavailable, VoiceError
from voices.recogniser import RATE, Heard, Recogniser, listening_recognisers

log = logging.getLogger(__name__)
T = TypeVar("T")

MOST_BYTES = 3 * 1024 * 1024
"""Largest sound file that is fetched or taken; a minute of any codec of ours is smaller."""
LONGEST = 60.0
"""Seconds of speech that are listened to."""
SHORTEST = 0.2
SILENCE = 0.01
"""Loudest sample below which nobody spoke."""
DEADLINE = 20.0
"""Seconds a recogniser has for one message."""
AT_ONCE = 2
MOST_WAITING = 16
"""Messages listened to at once, and those that may wait for it; more are refused."""
MOST_HINTS = 40


class Listener:
    """Asks the recognisers, best first. `close` at the end."""

    def __init__(self, recognisers: Sequence[Recogniser], deadline: float = DEADLINE) -> None:
        self._recognisers = recognisers
        self._deadline = deadline
        self._threads = ThreadPoolExecutor(AT_ONCE, "listening")
        self._under_way = 0

    @classmethod
    def of(cls, settings: Settings) -> Listener:
        """The recognisers that these settings allow."""
        models, online = settings.recognition_models, settings.recognition_online
        return cls(listening_recognisers(models, online=online))

    def close(self) -> None:
        """Let go of the threads; what is being recognised is abandoned."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def refusal(self, language: str, agreed: bool) -> str | None:
        """The choice that says why this language is not listened to; None when it is. `agreed`
        is whether the voice may leave the machine."""
        hearing = [one for one in self._recognisers if one.ear_for(language)]
        if not hearing:
            return "act:voice_unsupported"
        return None if agreed or not all(one.online for one in hearing) else "act:voice_ask"

    async def hear(self, sound: bytes, language: str, hints: Sequence[str], agreed: bool) -> Heard:
        """What was said. Raises `AudioTooLong`, `AudioUnreadable`, `NothingHeard`,
        `RecogniserUnavailable`."""
        if self._under_way >= MOST_WAITING:
            raise RecogniserUnavailable("too many messages at once")
        self._under_way += 1
        try:
            return await self._hear(sound, language, list(hints)[:MOST_HINTS], agreed)
        finally:
            self._under_way -= 1

    async def _hear(self, sound: bytes, language: str, hints: list[str], agreed: bool) -> Heard:
        if len(sound) > MOST_BYTES:
            raise AudioTooLong(f"more than {MOST_BYTES} bytes")
        clip = await self._in_thread(lambda: decode(sound, longest=LONGEST, rate=RATE))
        if clip.duration < SHORTEST or clip.peak < SILENCE:
            raise NothingHeard("silence")
        for one in self._recognisers:
            if one.ear_for(language) is None or (one.online and not agreed):
                continue
            heard = await self._ask(one, clip, language, hints)
            if heard is not None:
                return heard
        raise RecogniserUnavailable("no recogniser could listen")

    async def _ask(
        self, one: Recogniser, clip: Clip, language: str, hints: list[str]
    ) -> Heard | None:
        """None when this one could not listen; the next is asked."""
        try:
            work = self._in_thread(partial(one.recognise, clip, language, hints))
            return await asyncio.wait_for(work, self._deadline)
        except NothingHeard:
            raise
        except Exception as error:
            # Whatever is wrong inside one recogniser, the next one gets its turn. An error that
            # is not ours may quote what was said, so only its kind is written down.
            reason = str(error) if isinstance(error, VoiceError) else ""
            log.warning("%s could not listen: %s %s", one.name, type(error).__name__, reason)
            return None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


async def spoken_turn(
    engine: Engine,
    listener: Listener,
    incoming: Incoming,
    language: str | None,
    hints: Callable[[EngineTurn, str], Sequence[str]],
) -> EngineTurn:
    """The turn of a spoken message: what was heard is read back; what was not is said kindly.

    `hints(turn, language)` are likely answers to what was said last."""
    conversation, event = incoming.conversation, incoming.event
    answered = await engine.answered(conversation, event)
    if answered:
        return answered
    last = await engine.last(conversation) or EngineTurn(())
    tongue = language or last.language
    choice = listener.refusal(tongue, last.voice_online)
    if choice is None:
        try:
            likely = hints(last, tongue)
            heard = await listener.hear(incoming.voice or b"", tongue, likely, last.voice_online)
        except VoiceError as error:
            log.info("a spoken message was not understood: %s", type(error).__name__)
            choice = reason(error)
        else:
            return await engine.turn(conversation, language=language, event=event, heard=heard.text)
    return await engine.turn(conversation, None, choice, language, event)


def reason(error: VoiceError) -> str:
    """The choice that says kindly why a spoken message was not understood."""
    return "act:voice_too_long" if isinstance(error, AudioTooLong) else "act:voice_not_understood"
