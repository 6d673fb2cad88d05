"""A message whose answer was lost is looked for, and comes once."""

from __future__ import annotations

import pytest

from bot.channels.telegram import sender as sender_module
from tests.emulators.server import Server
from tests.emulators.telegram import TelegramEmulator, User


def texts(user: User) -> list[str]:
    return [sent.text for sent in user.inbox]


@pytest.fixture
def known(bot: Server, mother: User, emulator: TelegramEmulator) -> None:
    """The bot has sent something, so it knows where Telegram's numbers are."""
    mother.sends("một")
    mother.gets()
    emulator.settle()


@pytest.mark.usefixtures("known")
def test_lost_answer(mother: User, emulator: TelegramEmulator) -> None:
    emulator.loses_answer("sendMessage")
    mother.sends("hai")
    emulator.waits_for("editMessageText")
    mother.sends("ba")
    mother.gets(2)
    assert texts(mother) == ["Đã nghe: một", "Đã nghe: hai", "Đã nghe: ba"]
    assert len(emulator.called("sendMessage")) == 3


@pytest.mark.usefixtures("known")
def test_with_buttons_and_among_messages_of_others(
    mother: User, emulator: TelegramEmulator
) -> None:
    emulator.loses_answer("sendMessage", seconds=600)
    others = [emulator.user(number) for number in range(2, 8)]
    mother.sends("/start")
    emulator.waits_for("sendMessage", 2)
    for other in others:
        other.sends("một")
    for other in others:
        other.gets()
    emulator.recovers()
    mother.gets()
    mother.gets_nothing()
    assert mother.inbox[1].labels
    assert len(emulator.called("editMessageText")) > len(others)
    assert len(emulator.called("sendMessage")) == 2 + len(others)
    assert all(texts(other) == ["Đã nghe: một"] for other in others)


@pytest.mark.usefixtures("known")
def test_not_arrived(mother: User, emulator: TelegramEmulator) -> None:
    emulator.resets("sendMessage")
    mother.sends("hai")
    assert mother.gets()[0].text == "Đã nghe: hai"
    assert len(emulator.called("editMessageText")) == sender_module.LOOKED_AT
    assert texts(mother) == ["Đã nghe: một", "Đã nghe: hai"]


@pytest.mark.usefixtures("known")
def test_the_same_words_sent_before_are_another_message(
    mother: User, emulator: TelegramEmulator
) -> None:
    emulator.resets("sendMessage")
    mother.sends("một")
    mother.gets()
    assert texts(mother) == ["Đã nghe: một", "Đã nghe: một"]


@pytest.mark.usefixtures("known")
def test_blocked_while_it_is_looked_for(mother: User, emulator: TelegramEmulator) -> None:
    emulator.loses_answer("sendMessage")
    emulator.hangs("editMessageText", 600)
    mother.sends("hai")
    emulator.waits_for("editMessageText")
    mother.blocks()
    emulator.recovers()
    mother.gets()
    mother.gets_nothing()
    assert len(emulator.called("editMessageText")) == 1
