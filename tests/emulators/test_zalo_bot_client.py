"""The emulator against a client that nobody here wrote or uses otherwise: python-zalo-bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import zalo_bot
from zalo_bot.error import BadRequest, ZaloError

from tests.emulators.zalo_bot import ZaloBotEmulator

CHAT = "6ede9afa66b88fe6d6a9"


@pytest.fixture
def emulator() -> Iterator[ZaloBotEmulator]:
    with ZaloBotEmulator() as emulator:
        emulator.person(CHAT)
        yield emulator


@pytest.fixture
def bot(emulator: ZaloBotEmulator) -> zalo_bot.Bot:
    return zalo_bot.Bot(emulator.token, base_url=emulator.url)


async def test_who_it_is(bot: zalo_bot.Bot) -> None:
    async with bot:
        me = await bot.get_me()
    assert me.id == "1459232241454765289"
    assert me.account_name == "bot.VDKyGxQvc"


async def test_sending(bot: zalo_bot.Bot, emulator: ZaloBotEmulator) -> None:
    async with bot:
        sent = await bot.send_message(CHAT, "Xin chào 👨‍👩‍👧")
        assert sent.message_id
        await bot.send_photo(CHAT, "ảnh", "https://example.org/1.jpg")
        await bot.send_sticker(CHAT, "0e078a2fb66a5f34067b")
        await bot.send_chat_action(CHAT, "typing")
    texts = [(got.kind, got.text) for got in emulator.person(CHAT).inbox]
    assert texts == [("text", "Xin chào 👨‍👩‍👧"), ("photo", "ảnh"), ("sticker", "")]
    assert emulator.actions == [(CHAT, "typing")]


async def test_updates(bot: zalo_bot.Bot, emulator: ZaloBotEmulator) -> None:
    emulator.person(CHAT).sends("một")
    async with bot:
        update = await bot.get_update(timeout=1)
        assert update.message.text == "một"
        assert update.message.chat.id == CHAT
        with pytest.raises(ZaloError):
            await bot.get_update(timeout=1)
        emulator.errors_in_status = False
        emulator.idle = "empty"
        assert not await bot.get_update(timeout=1)


def test_webhook(emulator: ZaloBotEmulator) -> None:
    # These are calls of their own event loop, and clients don't outlive one.
    def bot() -> zalo_bot.Bot:
        return zalo_bot.Bot(emulator.token, base_url=emulator.url)

    assert bot().set_webhook("http://127.0.0.1:9/x", "a-secret-of-tests")
    assert bot().get_webhook_info().url == "http://127.0.0.1:9/x"
    with pytest.raises(BadRequest):
        asyncio.run(polled(bot()))
    assert bot().delete_webhook()
    with pytest.raises(ZaloError):
        bot().get_webhook_info()


async def polled(bot: zalo_bot.Bot) -> Any:
    async with bot:
        return await bot.get_update(timeout=1)


async def test_refusals(bot: zalo_bot.Bot, emulator: ZaloBotEmulator) -> None:
    async with bot:
        for chat, text in ((CHAT, "a" * 2001), (CHAT, ""), ("", "a"), ("nobody", "a")):
            with pytest.raises(BadRequest):
                await bot.send_message(chat, text)
        await bot.send_message(CHAT, "a" * 2000)
        emulator.fails("sendMessage")
        with pytest.raises(ZaloError):
            await bot.send_message(CHAT, "a")
    assert len(emulator.person(CHAT).inbox) == 1


async def test_a_wrong_token(emulator: ZaloBotEmulator) -> None:
    with pytest.raises(ZaloError):
        await zalo_bot.Bot("1:wrong", base_url=emulator.url).initialize()
