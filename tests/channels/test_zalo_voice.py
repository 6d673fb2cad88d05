"""Spoken messages over both of Zalo's platforms: from Zalo only, within limits, in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.listening import MOST_BYTES
from tests.channels.assistant import SmallAssistant
from tests.emulators.server import Server
from tests.emulators.zalo_bot import BotPerson, ZaloBotEmulator
from tests.emulators.zalo_oa import OaPerson

SOUND = b"\xff\xf1" + bytes(range(256)) * 20
NOT_HEARD, TOO_LONG = "act:voice_not_understood", "act:voice_too_long"


@pytest.fixture(params=["zalo_oa", "zalo_bot"])
def channel_name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def sends_address(mother: OaPerson | BotPerson, address: object) -> None:
    """A spoken message whose sound is said to be elsewhere."""
    if isinstance(mother, OaPerson):
        mother.sends_a("audio", {"url": address})
    else:
        mother.sends_a("voice", voice_url=address)


def test_the_sound_reaches_the_assistant_once(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, emulator: ZaloBotEmulator
) -> None:
    event = mother.speaks(SOUND)
    mother.gets()
    emulator.repeats(event)
    mother.gets_nothing()
    [incoming] = assistant.handled
    assert (incoming.voice, incoming.text, incoming.choice) == (SOUND, None, None)
    assert incoming.event
    assert len(emulator.called("media")) == 1


def test_in_order_with_what_is_typed(
    bot: Server, mother: BotPerson, assistant: SmallAssistant
) -> None:
    mother.sends("trước")
    mother.speaks(SOUND)
    mother.sends("sau")
    mother.gets(3)
    assert [i.text or bool(i.voice) for i in assistant.handled] == ["trước", True, "sau"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/1.aac",
        "http://f2-voice-aac-dl.zdn.vn/1.aac",
        "https://f2-voice-aac-dl.zdn.vn.evil.example/1.aac",
        "https://zdn.vn@evil.example/1.aac",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost:1/1.aac",
        "file:///etc/passwd",
        "https://f2.zdn.vn/" + "a" * 3000,
        "https://f2.zdn.vn/\x00\n.aac",
        "",
        None,
        ["https://f2.zdn.vn/1.aac"],
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_address_that_is_not_zalo_s(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, elsewhere: object
) -> None:
    sends_address(mother, elsewhere)
    mother.gets()
    assert [incoming.choice for incoming in assistant.handled] == [NOT_HEARD]


def test_more_bytes_than_a_minute_has(
    bot: Server, mother: BotPerson, assistant: SmallAssistant
) -> None:
    mother.speaks(bytes(MOST_BYTES + 1))
    mother.sends("sau")
    mother.gets(2)
    assert [i.choice or i.text for i in assistant.handled] == [TOO_LONG, "sau"]


def test_a_redirect_is_not_followed(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, emulator: ZaloBotEmulator
) -> None:
    emulator.media.headers = {"location": "http://127.0.0.1:9/"}
    emulator.fails("media", status=302)
    mother.speaks(SOUND)
    mother.gets()
    assert [incoming.choice for incoming in assistant.handled] == [NOT_HEARD]


def test_compressed_once_more(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, emulator: ZaloBotEmulator
) -> None:
    emulator.media.headers = {"content-encoding": "gzip"}
    mother.speaks(SOUND)
    mother.gets()
    assert [incoming.choice for incoming in assistant.handled] == [NOT_HEARD]


def test_what_passes_is_waited_for(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, emulator: ZaloBotEmulator
) -> None:
    emulator.fails("media", times=1, status=503)
    emulator.resets("media")
    mother.speaks(SOUND)
    mother.gets()
    assert [bool(incoming.voice) for incoming in assistant.handled] == [True]


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_file_that_is_gone(
    bot: Server,
    mother: BotPerson,
    assistant: SmallAssistant,
    emulator: ZaloBotEmulator,
    status: int,
) -> None:
    emulator.fails("media", times=9, status=status)
    mother.speaks(SOUND)
    mother.gets()
    assert [incoming.choice for incoming in assistant.handled] == [NOT_HEARD]
    assert len(emulator.called("media")) == 1


def test_a_lasting_fault_ends_kindly(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, emulator: ZaloBotEmulator
) -> None:
    emulator.fails("media", times=9)
    mother.speaks(SOUND)
    mother.gets()
    assert [incoming.choice for incoming in assistant.handled] == [NOT_HEARD]
    assert len(emulator.called("media")) == 3


def test_a_picture_is_never_fetched(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, emulator: ZaloBotEmulator
) -> None:
    """A zip bomb, an exploit of a decoder: nobody here opens it."""
    address = emulator.media.keeps(b"PK\x03\x04" + bytes(1000), "jpg")
    if isinstance(mother, OaPerson):
        mother.sends_a("image", {"url": address, "thumbnail": address})
    else:
        mother.sends_a("image", photo_url=address)
    mother.gets()
    assert [incoming.choice for incoming in assistant.handled] == ["act:unsupported_media"]
    assert emulator.called("media") == []


def test_after_a_restart_it_is_fetched_then(
    serve: Callable[..., Server],
    mother: BotPerson,
    assistant: SmallAssistant,
    emulator: ZaloBotEmulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = serve()
    monkeypatch.setattr("bot.delivery.outbox.FIRST_WAIT", 30.0)
    emulator.fails("media", times=1)
    mother.speaks(SOUND)
    emulator.waits_for("media")
    first.stop()
    assert assistant.handled == []
    serve()
    mother.gets()
    assert [incoming.voice for incoming in assistant.handled] == [SOUND]
