"""What a person sees, over real HTTP."""

from __future__ import annotations

import io
from collections.abc import Callable

import av
import pytest

from tests.channels.assistant import SmallAssistant
from tests.channels.speaker import SilentSpeaker
from tests.emulators.server import Server
from tests.emulators.zalo_bot import BotPerson, ZaloBotEmulator

GREETING = "Xin chào anh/chị.\n1. Khai sinh\n2. Cán bộ\n3. 🔊 Nghe"


@pytest.mark.parametrize("wraps", [True, False])
def test_journey_by_numbers(
    bot: Server,
    mother: BotPerson,
    emulator: ZaloBotEmulator,
    assistant: SmallAssistant,
    wraps: bool,
) -> None:
    emulator.wraps = wraps
    mother.sends("xin chào")
    assert mother.gets()[0].text == GREETING
    mother.sends("1")
    (both,) = mother.gets()
    assert both.text == "Mình bắt đầu.\n\nSinh ở <đâu>?\n1. Bệnh viện\n2. Ở nhà\n3. Nơi khác"
    mother.sends("o nha")
    assert mother.gets()[0].text == "Đã nghe: answer:home"
    assert {i.conversation for i in assistant.handled} == {f"zalo_bot:{mother.id}"}


@pytest.mark.parametrize("idle", ["status", "ok", "empty"])
def test_polling(
    serve: Callable[..., Server],
    mother: BotPerson,
    emulator: ZaloBotEmulator,
    idle: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.zalo_bot.api.POLL_SECONDS", 0.2)
    emulator.idle = idle
    emulator.errors_in_status = idle == "status"
    emulator.webhook = {"url": "http://127.0.0.1:9/old", "secret_token": "x" * 16}
    emulator.fails("getUpdates")
    server = serve(zalo_bot_mode="polling", zalo_bot_webhook_secret=None)
    emulator.waits_for("getUpdates", 4)
    assert emulator.called("deleteWebhook")
    mother.sends("a")
    mother.sends("b")
    assert [sent.text for sent in mother.gets(2)] == ["Đã nghe: a", "Đã nghe: b"]
    server.stop()
    mother.sends("c")
    serve(zalo_bot_mode="polling", zalo_bot_webhook_secret=None)
    assert mother.gets()[0].text == "Đã nghe: c"
    mother.gets_nothing()


def test_voice_on_request(
    bot: Server, mother: BotPerson, emulator: ZaloBotEmulator, speaker: SilentSpeaker
) -> None:
    mother.sends("xin chào")
    mother.gets()
    assert not emulator.called("sendVoice")
    mother.sends("nghe")
    voice, slower = mother.gets(2)
    assert (voice.kind, slower.text) == ("voice", "🐢 Hoặc gõ: “Chậm hơn”")
    assert voice.link.endswith(".aac")
    with av.open(io.BytesIO(voice.file)) as container:
        assert container.format.name == "aac"
    assert emulator.actions == [(mother.id, "typing")]
    mother.sends("chậm hơn")
    assert mother.gets()[0].kind == "voice"
    mother.gets_nothing()
    assert ("a" * 64, "aac", "slow") in speaker.asked


def test_failing_voice_stops_nothing(
    bot: Server, mother: BotPerson, emulator: ZaloBotEmulator
) -> None:
    mother.sends("xin chào")
    mother.gets()
    emulator.fails("sendVoice", times=1)
    emulator.fails("sendChatAction", times=1)
    mother.sends("nghe")
    assert [sent.kind for sent in mother.gets(2)] == ["voice", "text"]


@pytest.mark.parametrize("kind", ["image", "sticker", "unsupported", "voice"])
def test_media_is_answered_kindly(
    bot: Server, mother: BotPerson, assistant: SmallAssistant, emulator: ZaloBotEmulator, kind: str
) -> None:
    mother.sends_a(kind, photo_url=f"{emulator.url}/x", voice_url=f"{emulator.url}/x")
    mother.gets()
    wanted = "act:voice_not_understood" if kind == "voice" else "act:unsupported_media"
    assert assistant.handled[-1].choice == wanted
