"""The emulator against a client that nobody here wrote or uses otherwise: pyTelegramBotAPI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from telebot import TeleBot, apihelper
from telebot.apihelper import ApiTelegramException
from telebot.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile

from tests.channels.speaker import silence
from tests.emulators.telegram import TelegramEmulator, User


@pytest.fixture
def emulator() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
def user(emulator: TelegramEmulator) -> User:
    return emulator.user(7)


@pytest.fixture
def bot(emulator: TelegramEmulator, monkeypatch: pytest.MonkeyPatch) -> TeleBot:
    monkeypatch.setattr(apihelper, "API_URL", emulator.url + "/bot{0}/{1}")
    monkeypatch.setattr(apihelper, "FILE_URL", emulator.url + "/file/bot{0}/{1}")
    # A connection of its own for each call: kept ones would outlive the emulator.
    monkeypatch.setattr(apihelper, "SESSION_TIME_TO_LIVE", 0)
    return TeleBot(emulator.token, threaded=False)


def refused(code: int, words: str = "") -> pytest.RaisesExc[ApiTelegramException]:
    """The error that the client makes of a refusal."""
    return pytest.raises(ApiTelegramException, match=rf"(?i)Error code: {code}\. .*{words}")


def test_who_am_i(bot: TeleBot) -> None:
    me = bot.get_me()
    assert (me.id, me.is_bot, me.username) == (42, True, "nha_rong_bot")


def test_message_with_buttons_and_tap(bot: TeleBot, user: User) -> None:
    keyboard = InlineKeyboardMarkup(row_width=1)
    keyboard.add(InlineKeyboardButton("Có", callback_data="answer:yes"))
    sent = bot.send_message(7, "<b>Chào</b> &amp;", reply_markup=keyboard, parse_mode="HTML")
    assert (sent.text, sent.chat.id, sent.from_user.id) == ("Chào &", 7, 42)
    assert sent.reply_markup.keyboard[0][0].callback_data == "answer:yes"
    user.taps("Có")
    [update] = bot.get_updates(timeout=5, long_polling_timeout=2)
    assert update.callback_query.data == "answer:yes"
    assert update.callback_query.message.message_id == sent.message_id
    assert bot.answer_callback_query(update.callback_query.id)
    with refused(400, "query is too old"):
        bot.answer_callback_query(update.callback_query.id)


def test_updates_and_offset(bot: TeleBot, user: User) -> None:
    user.sends("/start")
    user.sends("hai")
    first, second = bot.get_updates(long_polling_timeout=0)
    assert first.message.entities[0].type == "bot_command"
    assert (second.message.text, second.message.chat.type) == ("hai", "private")
    assert second.message.date > 1_790_000_000
    again = bot.get_updates(offset=first.update_id + 1, long_polling_timeout=0)
    assert [update.update_id for update in again] == [second.update_id]
    # 0 would be taken for none given, and the client would wait for ten seconds.
    assert bot.get_updates(offset=second.update_id + 1, long_polling_timeout=1) == []


def test_voice_there_and_back(bot: TeleBot, user: User, tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    silence(path)
    with path.open("rb") as file:
        sent = bot.send_voice(7, InputFile(file, "a.ogg"))
    [got] = user.inbox
    assert (got.file, got.filename) == (path.read_bytes(), "a.ogg")
    found = bot.get_file((sent.voice or sent.document).file_id)
    assert bot.download_file(found.file_path) == path.read_bytes()


def test_webhook(bot: TeleBot) -> None:
    assert bot.set_webhook("http://127.0.0.1:9/x", allowed_updates=["message"])
    info = bot.get_webhook_info()
    assert (info.url, info.allowed_updates) == ("http://127.0.0.1:9/x", ["message"])
    with refused(409, "webhook"):
        bot.get_updates(long_polling_timeout=0)
    assert bot.delete_webhook()
    assert bot.get_webhook_info().url == ""


def test_commands(bot: TeleBot, emulator: TelegramEmulator) -> None:
    assert bot.set_my_commands([BotCommand("help", "Cần giúp")])
    assert emulator.commands == [{"command": "help", "description": "Cần giúp"}]
    with refused(400, "BOT_COMMAND_INVALID"):
        bot.set_my_commands([BotCommand("Big", "x")])


def test_refusals(bot: TeleBot, user: User) -> None:
    with refused(400, "message is too long"):
        bot.send_message(7, "😀" * 2049)
    bot.send_message(7, "😀" * 2048)
    with refused(400, "message text is empty"):
        bot.send_message(7, " ")
    with refused(400, "can't parse entities"):
        bot.send_message(7, "<i>x", parse_mode="HTML")
    keyboard = InlineKeyboardMarkup()
    keyboard.add(InlineKeyboardButton("x", callback_data="đ" * 33))
    with refused(400, "BUTTON_DATA_INVALID"):
        bot.send_message(7, "x", reply_markup=keyboard)
    with refused(400, "chat not found"):
        bot.send_message(8, "x")
    user.blocks()
    with refused(403, "bot was blocked by the user"):
        bot.send_message(7, "x")
    assert len(user.inbox) == 1


def test_faults(bot: TeleBot, emulator: TelegramEmulator, user: User) -> None:
    emulator.floods("sendMessage", retry_after=3)
    with refused(429) as flood:
        bot.send_message(7, "x")
    assert flood.value.result_json["parameters"] == {"retry_after": 3}
    emulator.fails("sendMessage", status=502)
    with refused(502):
        bot.send_message(7, "x")
    emulator.resets("sendMessage")
    with pytest.raises(requests.RequestException):
        bot.send_message(7, "x")
    assert user.inbox == []
    emulator.loses_answer("sendMessage")
    with pytest.raises(requests.RequestException):
        bot.send_message(7, "x")
    assert len(user.inbox) == 1


def test_wrong_tokens(bot: TeleBot) -> None:
    with refused(401, "Unauthorized"):
        TeleBot("42:wrong", threaded=False).get_me()
