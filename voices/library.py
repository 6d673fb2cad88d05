"""Everything that can be spoken: register a text, fetch its sound.

    recorded clip → cache → the engines, best first → no sound, the text alone

A prompt is registered when it is shown and rendered when somebody listens, once, whatever the
number of listeners; `prerender` does it ahead for known prompts.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from voices.clip import Clip
from voices.encode import FORMATS, decode, stretch
from voices.engine import SPEEDS, Engine, Speed, fallbacks, speaking_engines
from voices.errors import AudioUnknown, EngineUnavailable
from voices.packs import Pack, Recording, load_packs, text_hash
from voices.rendering import DEADLINE, Renderer, Voice
from voices.speech import SpeechTable, spoken
from voices.store import KEY, AudioStore, Prompt, key_material, voice_of

log = logging.getLogger(__name__)

LONGEST_TEXT = 5000
"""Characters; nobody listens to more, and it would hold a thread for long."""
PERSONAL_AGE = 24 * 3600.0
"""Seconds after which personal text and its audio are deleted."""
PURGE_EVERY = 600.0
SIZE_LIMIT = 2 * 1024**3
RECORDED_SLOW = 0.8


@dataclass
class Prerendered:
    """What `prerender` did, counted in prompts × formats × speeds."""

    made: int = 0
    cached: int = 0
    failed: int = 0
    silent: int = 0
    """Prompts that nothing here can speak."""


class Library:
    """Speech for prompts, cached below `cache`. Safe for several processes on one folder.

    Bound to the event loop it is used in; call `close` at the end."""

    def __init__(
        self,
        cache: Path,
        engines: Sequence[Engine],
        packs: Mapping[str, Pack],
        *,
        size_limit: int = SIZE_LIMIT,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engines = tuple(sorted(engines, key=lambda engine: engine.preference))
        self.packs = packs
        self.store = AudioStore(cache)
        self.size_limit = size_limit
        self._renderer = Renderer(self.store, size_limit=size_limit, deadline=deadline, clock=clock)
        self._clock = clock
        self._purged_at = clock()
        # So that nobody learns, by trying words, what personal audio there is.
        self._secret = secrets.token_bytes(32)
        self._spoken = lru_cache(4096)(self._speech)

    @classmethod
    def open(cls, cache: Path, *, online: bool = True) -> Library:
        """The library with the engines and packs that ship. Raises `PacksBroken`."""
        engines = speaking_engines(online=online)
        for engine in engines:
            # Loads its library now rather than while the first person waits.
            engine.languages()
        return cls(cache, engines, load_packs())

    def close(self) -> None:
        """Let go of the threads; what is being rendered is abandoned."""
        self._renderer.close()

    def register(
        self, language: str, message_id: str, text: str, *, personal: bool = False
    ) -> str | None:
        """The key under which `text` can be heard; None when nothing here can speak it.

        `language` is the language the text is written in. `personal` text never leaves the
        machine and is deleted after `PERSONAL_AGE`. Never raises: without sound, text goes on."""
        prompt = Prompt(language, message_id, text, personal)
        try:
            voices = self._voices(prompt)
            if not voices:
                return None
            key = self._key(prompt, voices[0])
            self.store.remember(key, prompt)
            if personal:
                self._purge_sometimes()
        except OSError as error:
            log.warning("audio cache: %s", error.strerror)
            return None
        return key

    def purge(self) -> int:
        """Delete personal prompts past their time; returns how many. Call it now and then."""
        self._purged_at = self._clock()
        return self.store.purge(PERSONAL_AGE)

    def _purge_sometimes(self) -> None:
        if self._clock() - self._purged_at > PURGE_EVERY:
            self.purge()

    def _key(self, prompt: Prompt, voice: Voice) -> str:
        material = key_material(
            {
                "language": prompt.language,
                "message": prompt.message_id,
                "text": prompt.text,
                "spoken": self._spoken(prompt.language, prompt.text),
                "voice": voice.name,
            }
        )
        if prompt.personal:
            return "p" + hmac.new(self._secret, material, hashlib.sha256).hexdigest()[:32]
        return hashlib.sha256(material).hexdigest()[:32]

    def _speech(self, language: str, text: str) -> str:
        tables = (self.packs[tag].speech for tag in fallbacks(language) if tag in self.packs)
        return spoken(text, next(tables, SpeechTable()))

    def _voices(self, prompt: Prompt) -> list[Voice]:
        """All that can speak the prompt, best first."""
        voices = []
        recording = self._recording(prompt)
        if recording is not None:
            voices.append(_recorded(recording))
        if len(prompt.text) > LONGEST_TEXT:
            return voices
        said = self._spoken(prompt.language, prompt.text)
        for engine in self.engines if said else ():
            if engine.voice_for(prompt.language) and not (engine.online and prompt.personal):
                speak = partial(engine.synthesise, said, prompt.language)
                voices.append(Voice(engine.name, engine.online, speak))
        return voices

    def _recording(self, prompt: Prompt) -> Recording | None:
        row = (prompt.message_id, text_hash(prompt.text))
        for tag in fallbacks(prompt.language):
            if tag in self.packs and row in self.packs[tag].recordings:
                return self.packs[tag].recordings[row]
        return None

    async def audio(self, key: str, form: str, speed: str = "normal") -> Path:
        """The file of a registered prompt, rendered now if it never was.

        `form` is a key of `FORMATS`, `speed` one of `SPEEDS`. Raises `AudioUnknown` for a key,
        format or speed that does not exist, `EngineUnavailable` when nothing can speak now."""
        wanted = next((known for known in SPEEDS if known == speed), None)
        if not KEY.fullmatch(key) or form not in FORMATS or wanted is None:
            raise AudioUnknown(f"no audio {key[:40]!r} in format {form[:10]!r}, {speed[:10]!r}")
        while True:
            path, voices = await asyncio.to_thread(self._look, key, form, wanted)
            if path is not None:
                return path
            running = self._renderer.running(key, wanted)
            if running is None:
                return await self._renderer.render(key, form, wanted, voices)
            # Another listener's rendering; afterwards the file is there, or it is our turn.
            await asyncio.shield(running)

    async def prerender(
        self,
        prompts: Iterable[tuple[str, str, str]],
        forms: Sequence[str] = ("ogg", "m4a"),
        speeds: Sequence[Speed] = ("normal",),
        *,
        at_once: int = 3,
    ) -> Prerendered:
        """Render `(language, message id, text)` ahead, `at_once` at a time.

        What only a lesser voice has spoken so far is tried again with the better ones."""
        done = Prerendered()
        waiting = iter(prompts)

        async def work() -> None:
            for language, message_id, text in waiting:
                key = self.register(language, message_id, text)
                if key is None:
                    done.silent += 1
                    continue
                for speed in speeds:
                    for form in forms:
                        await self._ahead(key, form, speed, done)

        await asyncio.gather(*(work() for _ in range(at_once)))
        return done

    async def _ahead(self, key: str, form: str, speed: Speed, done: Prerendered) -> None:
        path, voices = await asyncio.to_thread(self._look, key, form, speed)
        names = [voice.name for voice in voices]
        better = voices if path is None else voices[: names.index(voice_of(path))]
        awake = [voice for voice in better if not self._renderer.rests(voice)]
        try:
            if awake:
                await self._renderer.render(key, form, speed, awake)
                done.made += 1
                return
        except EngineUnavailable:
            pass
        if path is None:
            done.failed += 1
        else:
            done.cached += 1

    def evict(self) -> int:
        """Delete what was not heard for longest until the cache fits; returns how many went."""
        return self.store.evict(self.size_limit)

    def _look(self, key: str, form: str, speed: Speed) -> tuple[Path | None, list[Voice]]:
        prompt = self.store.prompt(key)
        if prompt is None or (prompt.personal and self.store.age(key) > PERSONAL_AGE):
            raise AudioUnknown(f"no prompt was registered as {key}")
        voices = self._voices(prompt)
        return self._renderer.find(key, form, speed, voices), voices


def _recorded(recording: Recording) -> Voice:
    """A person's voice; for slow speech the clip is stretched, its pitch kept."""

    def speak(speed: Speed) -> Clip:
        clip = decode(recording.file.read_bytes())
        return clip if speed == "normal" else stretch(clip, RECORDED_SLOW)

    return Voice(f"recorded-{recording.digest}", False, speak)
