"""Spoken messages over Telegram: in order, within limits, whatever the network does; and links
that carry a conversation over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.listening import LONGEST, MOST_BYTES
from tests.channels.assistant import SmallAssistant
from tests.emulators.server import Server
from tests.emulators.telegram import TelegramEmulator, User

SOUND = b"OggS" + bytes(range(256)) * 20
NOT_HEARD = "act:voice_not_understood"


def note(emulator: TelegramEmulator, seconds: int = 2, **other: Any) -> dict[str, Any]:
    about = {"duration": seconds, "mime_type": "audio/ogg"}
    return emulator.keeps("voice", SOUND) | about | other


@pytest.mark.parametrize("kind", ["voice", "audio"])
def test_the_sound_reaches_the_assistant(
    bot: Server, mother: User, assistant: SmallAssistant, emulator: TelegramEmulator, kind: str
) -> None:
    mother.sends(**{kind: note(emulator)})
    mother.gets()
    incoming = assistant.handled[-1]
    assert (incoming.voice, incoming.text, incoming.choice) == (SOUND, None, None)
    assert incoming.event


def test_in_order_with_what_is_typed(
    bot: Server, mother: User, assistant: SmallAssistant, emulator: TelegramEmulator
) -> None:
    mother.sends("trước")
    mother.sends(voice=note(emulator))
    mother.sends("sau")
    mother.gets(3)
    assert [i.text or bool(i.voice) for i in assistant.handled] == ["trước", True, "sau"]


@pytest.mark.parametrize(
    "about",
    [{"duration": 1800}, {"duration": int(LONGEST) + 1}, {"file_size": MOST_BYTES + 1}],
    ids=["half an hour", "a second too long", "a byte too large"],
)
def test_what_is_too_long_is_never_fetched(
    bot: Server,
    mother: User,
    assistant: SmallAssistant,
    emulator: TelegramEmulator,
    about: dict[str, int],
) -> None:
    mother.sends(voice=note(emulator) | about)
    mother.gets()
    assert assistant.handled[-1].choice == "act:voice_too_long"
    assert emulator.called("getFile") == []


def test_larger_than_it_says(
    bot: Server, mother: User, assistant: SmallAssistant, emulator: TelegramEmulator
) -> None:
    big = emulator.keeps("voice", bytes(MOST_BYTES + 1)) | {"duration": 2, "file_size": 10}
    mother.sends(voice=big)
    mother.gets()
    assert assistant.handled[-1].choice == "act:voice_too_long"


def test_a_file_that_is_gone(
    bot: Server, mother: User, assistant: SmallAssistant, emulator: TelegramEmulator
) -> None:
    mother.sends(voice=note(emulator) | {"file_id": "gone"})
    mother.gets()
    assert assistant.handled[-1].choice == NOT_HEARD
    assert len(emulator.called("getFile")) == 1


def test_a_passing_fault_is_waited_for(
    bot: Server, mother: User, assistant: SmallAssistant, emulator: TelegramEmulator
) -> None:
    emulator.fails("getFile", times=1)
    mother.sends(voice=note(emulator))
    mother.gets()
    assert [bool(i.voice) for i in assistant.handled] == [True]


def test_a_lasting_fault_ends_kindly(
    bot: Server, mother: User, assistant: SmallAssistant, emulator: TelegramEmulator
) -> None:
    emulator.fails("getFile", times=10)
    mother.sends(voice=note(emulator))
    mother.gets()
    assert assistant.handled[-1].choice == NOT_HEARD
    assert len(emulator.called("getFile")) == 3


def test_after_a_restart_the_sound_is_fetched_then(
    serve: Callable[..., Server],
    mother: User,
    emulator: TelegramEmulator,
    assistant: SmallAssistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = serve()
    emulator.waits_for("setMyCommands")
    monkeypatch.setattr("bot.delivery.outbox.FIRST_WAIT", 30.0)
    emulator.fails("getFile", times=1)
    mother.sends(voice=note(emulator))
    emulator.waits_for("getFile")
    first.stop()
    assert assistant.handled == []
    serve()
    mother.gets()
    assert assistant.handled[-1].voice == SOUND


@pytest.mark.parametrize("typed", ["/start HJK347CDFHJK", "/start@rong_bot HJK347CDFHJK"])
def test_a_link_with_a_code(
    bot: Server, mother: User, assistant: SmallAssistant, typed: str
) -> None:
    mother.sends(typed)
    mother.gets()
    assert assistant.handled[-1].text == "HJK347CDFHJK"


def test_a_start_with_anything_else(bot: Server, mother: User, assistant: SmallAssistant) -> None:
    mother.sends("/start quảng-cáo")
    mother.gets()
    assert assistant.handled[-1].choice == "act:start"
