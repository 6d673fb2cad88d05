"""The emulator against a client that nobody here wrote or uses otherwise: aiogram 2.25.

aiogram is not among the requirements; where it is not installed this is skipped:

    uv pip install --target SOME_FOLDER --no-deps aiogram==2.25.2 magic-filter babel==2.9.1 pytz
    PYTHONPATH=SOME_FOLDER make test
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

pytest.importorskip("aiogram", reason="aiogram is not installed")

from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from aiogram.types import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    ParseMode,
    Update,
)
from aiogram.utils import exceptions

from tests.channels.speaker import silence
from tests.emulators.telegram import TelegramEmulator


@pytest.fixture
def emulator() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


def client(emulator: TelegramEmulator, token: str) -> Bot:
    return Bot(token, server=TelegramAPIServer.from_base(emulator.url))


@pytest.fixture
async def bot(emulator: TelegramEmulator) -> AsyncIterator[Bot]:
    bot = client(emulator, emulator.token)
    yield bot
    session = await bot.get_session()
    await session.close()


async def test_who_am_i(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (42, True, "nha_rong_bot")


async def test_message_with_buttons_and_tap(bot: Bot, emulator: TelegramEmulator) -> None:
    user = emulator.user(7)
    keyboard = InlineKeyboardMarkup(row_width=1)
    keyboard.add(InlineKeyboardButton("Có", callback_data="answer:yes"))
    sent = await bot.send_message(
        7, "<b>Chào</b> &amp;", reply_markup=keyboard, parse_mode=ParseMode.HTML
    )
    assert (sent.text, sent.chat.id, sent.from_user.id) == ("Chào &", 7, 42)
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == "answer:yes"
    user.taps("Có")
    [update] = await bot.get_updates(timeout=2)
    assert isinstance(update, Update)
    assert update.callback_query.data == "answer:yes"
    assert update.callback_query.message.message_id == sent.message_id
    assert await bot.answer_callback_query(update.callback_query.id)
    with pytest.raises(exceptions.InvalidQueryID):
        await bot.answer_callback_query(update.callback_query.id)


async def test_updates_and_offset(bot: Bot, emulator: TelegramEmulator) -> None:
    user = emulator.user(7)
    user.sends("/start")
    user.sends("hai")
    first, second = await bot.get_updates()
    assert first.message.is_command()
    assert (second.message.text, second.message.chat.type) == ("hai", "private")
    assert second.message.date.year >= 2026
    assert await bot.get_updates(offset=first.update_id + 1) == [second]
    assert await bot.get_updates(offset=second.update_id + 1) == []


async def test_voice_there_and_back(bot: Bot, emulator: TelegramEmulator, tmp_path: Path) -> None:
    emulator.user(7)
    path = tmp_path / "a.ogg"
    silence(path)
    sent = await bot.send_voice(7, InputFile(path, filename="a.ogg"))
    [got] = emulator.user(7).inbox
    assert got.file == path.read_bytes()
    assert got.filename == "a.ogg"
    file_id = (sent.voice or sent.document).file_id
    found = await bot.get_file(file_id)
    loaded = await bot.download_file(found.file_path, io.BytesIO())
    assert loaded.read() == path.read_bytes()


async def test_webhook(bot: Bot, emulator: TelegramEmulator) -> None:
    assert await bot.set_webhook("http://127.0.0.1:9/x", allowed_updates=["message"])
    info = await bot.get_webhook_info()
    assert (info.url, info.allowed_updates) == ("http://127.0.0.1:9/x", ["message"])
    with pytest.raises(exceptions.TelegramAPIError, match=r"(?i)webhook"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_commands(bot: Bot, emulator: TelegramEmulator) -> None:
    assert await bot.set_my_commands([BotCommand("help", "Cần giúp")])
    assert emulator.commands == [{"command": "help", "description": "Cần giúp"}]
    with pytest.raises(exceptions.BadRequest):
        await bot.set_my_commands([BotCommand("Big", "x")])


async def test_refusals(bot: Bot, emulator: TelegramEmulator) -> None:
    user = emulator.user(7)
    with pytest.raises(exceptions.MessageIsTooLong):
        await bot.send_message(7, "😀" * 2049)
    await bot.send_message(7, "😀" * 2048)
    with pytest.raises(exceptions.MessageTextIsEmpty):
        await bot.send_message(7, " ")
    with pytest.raises(exceptions.CantParseEntities):
        await bot.send_message(7, "<i>x", parse_mode=ParseMode.HTML)
    keyboard = InlineKeyboardMarkup().add(InlineKeyboardButton("x", callback_data="đ" * 33))
    with pytest.raises(exceptions.ButtonDataInvalid):
        await bot.send_message(7, "x", reply_markup=keyboard)
    with pytest.raises(exceptions.ChatNotFound):
        await bot.send_message(8, "x")
    with pytest.raises(exceptions.InvalidQueryID):
        await bot.answer_callback_query("1")
    user.blocks()
    with pytest.raises(exceptions.BotBlocked):
        await bot.send_message(7, "x")
    assert len(user.inbox) == 1


async def test_faults(bot: Bot, emulator: TelegramEmulator) -> None:
    user = emulator.user(7)
    emulator.floods("sendMessage", retry_after=3)
    with pytest.raises(exceptions.RetryAfter) as flood:
        await bot.send_message(7, "x")
    assert flood.value.timeout == 3
    emulator.fails("sendMessage", status=502)
    with pytest.raises(exceptions.TelegramAPIError):
        await bot.send_message(7, "x")
    emulator.resets("sendMessage")
    with pytest.raises(exceptions.NetworkError):
        await bot.send_message(7, "x")
    assert user.inbox == []
    emulator.loses_answer("sendMessage")
    with pytest.raises(exceptions.NetworkError):
        await bot.send_message(7, "x")
    assert len(user.inbox) == 1


async def test_wrong_tokens(emulator: TelegramEmulator) -> None:
    wrong = client(emulator, "42:wrong")
    with pytest.raises(exceptions.Unauthorized):
        await wrong.get_me()
    await (await wrong.get_session()).close()
