"""What holds for every messenger alike, whatever the network and others do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.channels.base import Channel
from tests.channels.assistant import SmallAssistant
from tests.emulators.base import Emulator
from tests.emulators.messengers import MOTHER
from tests.emulators.people import Person
from tests.emulators.server import Server
from tests.waiting import until


@pytest.fixture(params=list(MOTHER))
def channel_name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def heard(assistant: SmallAssistant) -> list[str | None]:
    return [incoming.text for incoming in assistant.handled]


FAULTS: dict[str, Callable[[Emulator], None]] = {
    "slow": lambda emulator: emulator.hangs(emulator.sending, 0.3),
    "5xx": lambda emulator: emulator.fails(emulator.sending, 2),
    "reset": lambda emulator: emulator.resets(emulator.sending, 2),
    "429": lambda emulator: emulator.floods(emulator.sending, 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_passes_delays(
    bot: Server, mother: Person[Any], emulator: Emulator, fault: str, monkeypatch: Any
) -> None:
    for module in ("zalo_oa.errors.LIMIT_SECONDS", "zalo_bot.api.QUOTA_SECONDS"):
        monkeypatch.setattr(f"bot.channels.{module}", 0.3)
    FAULTS[fault](emulator)
    mother.sends("a")
    mother.sends("b")
    assert [sent.text for sent in mother.gets(2)] == ["Đã nghe: a", "Đã nghe: b"]
    mother.gets_nothing()


def test_told_twice_answered_once(
    bot: Server, mother: Person[Any], emulator: Emulator, assistant: SmallAssistant
) -> None:
    event = mother.sends("a")
    emulator.repeats(event)
    mother.gets()
    emulator.repeats(event)
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"
    mother.gets_nothing()
    assert heard(assistant) == ["a", "b"]


def test_told_in_the_wrong_order_answered_in_the_right_one(
    bot: Server, mother: Person[Any], emulator: Emulator, assistant: SmallAssistant
) -> None:
    assistant.slow_seconds = 600
    mother.sends("chậm")
    until(lambda: assistant.handled)
    with emulator.reordered():
        for text in ("a", "b", "c"):
            mother.sends(text)
    until(emulator.told)
    assistant.slow_seconds = 0
    mother.gets(4)
    assert heard(assistant) == ["chậm", "a", "b", "c"]


def test_forged_is_not_answered(
    bot: Server, mother: Person[Any], emulator: Emulator, assistant: SmallAssistant
) -> None:
    event = mother.sends("thật")
    mother.gets()
    forged = renumbered(emulator, event)
    emulator.forges(forged)
    mother.sends("sau")
    assert mother.gets()[0].text == "Đã nghe: sau"
    mother.gets_nothing()
    assert heard(assistant) == ["thật", "sau"]


def renumbered(emulator: Emulator, event: dict[str, Any]) -> dict[str, Any]:
    """The same as another event, so that it is not refused for having been seen."""
    if "update_id" in event:
        return event | {"update_id": event["update_id"] + 100}
    number = f"{emulator.number():020x}"
    name = "msg_id" if "msg_id" in event["message"] else "message_id"
    return event | {"message": event["message"] | {name: number}}


def test_a_dead_token_waits_and_is_told(
    bot: Server, channel: Channel, mother: Person[Any], emulator: Emulator, monkeypatch: Any
) -> None:
    monkeypatch.setattr("bot.channels.staff.STAFF_SECONDS", 0.2)
    mother.sends("trước")
    mother.gets()
    emulator.token_dies()
    mother.sends("a")
    until(lambda: channel.problem)
    assert mother.inbox[mother.read :] == []
    assert "RONG_" in channel.problem or "consent" in channel.problem


def test_spoken_messages_are_taken(
    bot: Server, channel: Channel, mother: Person[Any], assistant: SmallAssistant
) -> None:
    assert channel.capabilities.voice_in
    mother.speaks(b"sound")
    mother.gets()
    assert assistant.handled[-1].voice == b"sound"
