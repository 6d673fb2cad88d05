"""Spoken messages, from sound to what is read back, through the assistant and the real engine."""

from __future__ import annotations

import asyncio
import io
import logging
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from bot.assistant import Guided
from bot.channels.base import Capabilities, Incoming, Reply
from bot.content import read
from bot.engine import Engine
from bot.listening import MOST_BYTES, MOST_WAITING, Listener
from bot.render import Renderer
from bot.settings import Settings
from tests.voices.sounds import mp3, tone
from voices.clip import Clip
from voices.encode import encode, flac
from voices.errors import (
    AudioTooLong,
    AudioUnreadable,
    NothingHeard,
    RecogniserUnavailable,
    VoiceError,
)
from voices.library import Library
from voices.recogniser import RATE, Heard, Recogniser
from voices.recognisers.fake import FakeRecogniser

SPOKEN = tone(1.0)
SILENCE = Clip(bytes(2 * RATE), RATE)
SCREEN = Capabilities(buttons=24, pictures=True)


class Online(FakeRecogniser):
    """The fake, as if it were at the other end of the internet."""

    name = "online"
    online = True

    def __init__(self) -> None:
        super().__init__()
        self.given: list[tuple[float, str, list[str]]] = []

    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        self.given.append((clip.duration, language, list(hints)))
        return super().recognise(clip, language, hints)


class Broken(FakeRecogniser):
    """Fails in a way of its own, quoting what was said."""

    name = "broken"

    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        raise RuntimeError("could not decode 'con tôi tên là Y Ban'")


class Stuck(FakeRecogniser):
    name = "stuck"

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        self.let_go.wait(5)
        return Heard("quá muộn")


@pytest.fixture
async def listener() -> AsyncIterator[Callable[..., Listener]]:
    made: list[Listener] = []

    def make(*recognisers: Recogniser, **options: float) -> Listener:
        made.append(Listener(recognisers or [FakeRecogniser()], **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def lossless(clip: Clip) -> bytes:
    """Sound of a kind that is not on the list of decoders, in a container that is read."""
    import av

    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as file:
        stream = file.add_stream("alac", rate=clip.rate, layout="mono")
        frame = av.AudioFrame(format="s16p", layout="mono", samples=4096)
        frame.planes[0].update(clip.pcm[:8192])
        frame.sample_rate = clip.rate
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return made.getvalue()


async def hear(listener: Listener, sound: bytes, language: str = "vi", agreed: bool = False) -> str:
    return (await listener.hear(sound, language, ["Ở nhà"], agreed)).text


@pytest.mark.parametrize("form", ["ogg", "m4a", "aac", "mp3", "flac"])
async def test_the_kinds_of_files_messengers_send(
    listener: Callable[..., Listener], form: str
) -> None:
    made = {"mp3": mp3, "flac": flac}.get(form, lambda clip: encode(clip, form))
    assert await hear(listener(), made(SPOKEN)) == "xin chào"


@pytest.mark.parametrize(
    ("sound", "error"),
    [
        (b"", AudioUnreadable),
        (b"OggS", AudioUnreadable),
        (b"#EXTM3U\nfile:///etc/passwd\n", AudioUnreadable),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", AudioUnreadable),
        (b"PK\x03\x04" + bytes(1000), AudioUnreadable),
        (b"\x1f\x8b" + zlib.compress(bytes(10_000_000)), AudioUnreadable),
        (b"\xff\xd8\xff\xe0" + bytes(1000), AudioUnreadable),
        (bytes(MOST_BYTES + 1), AudioTooLong),
        (encode(SILENCE, "ogg"), NothingHeard),
        (encode(tone(0.1), "ogg"), NothingHeard),
    ],
    ids=["empty", "cut", "playlist", "concat", "zip", "gzip", "picture", "big", "silence", "blip"],
)
async def test_what_is_not_speech(
    listener: Callable[..., Listener], sound: bytes, error: type[VoiceError]
) -> None:
    with pytest.raises(error):
        await hear(listener(), sound)


async def test_a_note_of_half_an_hour_is_not_decoded(listener: Callable[..., Listener]) -> None:
    loud, quiet = tone(1.0, 8000), Clip(bytes(16000), 8000)
    long = encode(Clip((loud.pcm + quiet.pcm) * 900, 8000), "aac")[:MOST_BYTES]
    began = time.monotonic()
    with pytest.raises(AudioTooLong):
        await hear(listener(), long)
    assert time.monotonic() - began < 3


async def test_only_decoders_on_the_list_are_used(listener: Callable[..., Listener]) -> None:
    with pytest.raises(AudioUnreadable):
        await hear(listener(), lossless(SPOKEN))


async def test_the_next_recogniser_gets_its_turn(
    listener: Callable[..., Listener], caplog: pytest.LogCaptureFixture
) -> None:
    stuck = Stuck()
    ears = listener(Broken(), stuck, FakeRecogniser(), deadline=0.2)
    with caplog.at_level(logging.DEBUG):
        assert await hear(ears, encode(SPOKEN, "ogg")) == "xin chào"
    stuck.let_go.set()
    assert "Y Ban" not in caplog.text, "nothing that was said is written down"


async def test_nobody_can_listen(listener: Callable[..., Listener]) -> None:
    with pytest.raises(RecogniserUnavailable):
        await hear(listener(Broken()), encode(SPOKEN, "ogg"))
    with pytest.raises(RecogniserUnavailable):
        await hear(listener(), encode(SPOKEN, "ogg"), "bdq")


async def test_more_than_can_wait_are_refused(listener: Callable[..., Listener]) -> None:
    ears, sound = listener(), encode(SPOKEN, "ogg")
    results = await asyncio.gather(
        *(hear(ears, sound) for _ in range(MOST_WAITING + 5)), return_exceptions=True
    )
    refused = [one for one in results if isinstance(one, RecogniserUnavailable)]
    assert len(refused) == 5
    assert await hear(ears, sound) == "xin chào", "and then it goes on"


async def test_a_voice_leaves_the_machine_only_when_agreed(
    listener: Callable[..., Listener],
) -> None:
    online = Online()
    ears = listener(online)
    assert ears.refusal("vi", agreed=False) == "act:voice_ask"
    assert ears.refusal("vi", agreed=True) is None
    assert ears.refusal("bdq", agreed=True) == "act:voice_unsupported"
    with pytest.raises(RecogniserUnavailable):
        await hear(ears, encode(SPOKEN, "ogg"), agreed=False)
    assert online.given == []
    assert listener(online, FakeRecogniser()).refusal("vi", agreed=False) is None


def test_the_settings_decide(settings: Settings) -> None:
    names = [one.name for one in Listener.of(settings)._recognisers]
    assert "google" in names
    offline = settings.model_copy(update={"recognition_online": False})
    assert "google" not in [one.name for one in Listener.of(offline)._recognisers]


class Mother:
    """Somebody who talks to the assistant."""

    def __init__(self, assistant: Guided) -> None:
        self.assistant = assistant
        self.conversation = f"test:{uuid4().hex}"
        self.events = 0

    async def does(self, capabilities: Capabilities = SCREEN, **what: object) -> Reply:
        incoming = Incoming(self.conversation, **what)  # type: ignore[arg-type]
        return await self.assistant.handle(incoming, capabilities)

    async def speaks(self, clip: Clip = SPOKEN, event: str | None = None) -> Reply:
        return await self.does(voice=encode(clip, "ogg"), event=event)


def written(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def ids(reply: Reply) -> list[str]:
    return [message.id for message in reply.messages]


@pytest.fixture
async def talk(engine: Engine, settings: Settings) -> AsyncIterator[Callable[..., Mother]]:
    made: list[Guided] = []
    content = read()

    def begin(*recognisers: Recogniser) -> Mother:
        speaker = Library.open(settings.audio_cache, online=False)
        renderer = Renderer(content.knowledge, content.catalogs, content.languages, speaker)
        listener = Listener(recognisers or [FakeRecogniser()])
        arguments = (content.knowledge, renderer, content.languages, speaker, listener)
        made.append(Guided(settings, engine, *arguments))
        return Mother(made[-1])

    yield begin
    for one in made:
        await one.close()


async def test_spoken_read_back_confirmed(talk: Callable[..., Mother]) -> None:
    ear = FakeRecogniser()
    ear.table = {1: "sinh ở nhà"}
    mother = talk(ear)
    await mother.does(choice="start:birth_registration")
    await mother.does(choice="answer:within_deadline")
    reply = await mother.speaks()
    assert ids(reply) == ["bot.heard"]
    assert "“sinh ở nhà”" in reply.messages[0].text
    labels = [choice.label for choice in reply.messages[0].choices]
    assert labels[:2] == ["Đúng", "Không đúng"]
    assert "answer:home" in [choice.value for choice in reply.messages[0].choices]
    assert "born_where" not in reply.state.answers
    reply = await mother.does(choice="act:confirm")
    assert reply.state.answers["born_where"] == "home"


async def test_likely_answers_are_told_to_the_recogniser(talk: Callable[..., Mother]) -> None:
    online = Online()
    mother = talk(online)
    await mother.does(choice="start:birth_registration")
    asked = await mother.does(choice="answer:within_deadline")
    assert ids(await mother.speaks()) == ["bot.voice_ask_online"]
    assert online.given == []
    await mother.does(choice="act:confirm")
    await mother.speaks()
    ((seconds, language, hints),) = online.given
    assert (round(seconds), language) == (1, "vi")
    assert {choice.label for choice in asked.messages[-1].choices} <= set(hints)
    assert "Quay lại" in hints


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (encode(SILENCE, "ogg"), "bot.voice_not_understood"),
        (b"no sound at all", "bot.voice_not_understood"),
        (b"", "bot.voice_not_understood"),
        (bytes(MOST_BYTES + 1), "bot.voice_too_long"),
    ],
    ids=["silence", "rubbish", "empty", "big"],
)
async def test_a_kind_message_with_the_choices(
    talk: Callable[..., Mother], sound: bytes, told: str
) -> None:
    mother = talk()
    await mother.does(choice="start:birth_registration")
    reply = await mother.does(voice=sound)
    assert ids(reply) == [told, "birth_registration.question.child_born"]
    assert "answer:within_deadline" in [c.value for c in reply.messages[-1].choices]


async def test_a_language_nobody_understands(talk: Callable[..., Mother]) -> None:
    mother = talk()
    await mother.does(choice="language:bdq")
    await mother.does(choice="start:birth_registration")
    assert ids(await mother.speaks())[0] == "bot.voice_unsupported"


async def test_a_repeated_event_is_heard_once(talk: Callable[..., Mother]) -> None:
    online = Online()
    mother = talk(online)
    await mother.does(choice="act:voice_ask")
    await mother.does(choice="act:confirm")
    first = await mother.speaks(event="7")
    assert await mother.speaks(event="7") == first
    assert len(online.given) == 1


async def test_nothing_of_the_sound_is_kept(
    talk: Callable[..., Mother], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    mother = talk()
    sound = encode(SPOKEN, "ogg")
    with caplog.at_level(logging.DEBUG):
        await mother.does(voice=sound)
    assert "xin chào" not in caplog.text
    for path in written(settings.data_dir):
        assert sound[200:260] not in path.read_bytes(), path
    await mother.does(choice="act:cancel")
    last = await mother.assistant.resume(mother.conversation, SCREEN)
    assert "xin chào" not in str(last)


def test_a_wave_file_is_read(listener: Callable[..., Listener]) -> None:
    import wave

    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SPOKEN.rate)
        file.writeframes(SPOKEN.pcm)
    assert asyncio.run(hear(listener(), made.getvalue())) == "xin chào"
