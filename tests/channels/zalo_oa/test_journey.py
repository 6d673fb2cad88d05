"""What a person sees, over real HTTP."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import av
import httpx
import pytest

from tests.channels.assistant import LONG_TEXT, LONG_VALUE, SmallAssistant
from tests.channels.speaker import SilentSpeaker
from tests.emulators.server import Server
from tests.emulators.zalo_oa import OaPerson, ZaloOaEmulator

GREETING = """Xin chào anh/chị.
1. Khai sinh
2. Cán bộ
3. 🔊 Nghe"""


def test_journey_by_numbers(bot: Server, mother: OaPerson, assistant: SmallAssistant) -> None:
    mother.starts_following()
    [greeting] = mother.gets()
    assert greeting.text == GREETING
    mother.sends("1")
    start, question = mother.gets(2)
    assert start.text == "Mình bắt đầu."
    assert question.text == "Sinh ở <đâu>?\n1. Bệnh viện\n2. Ở nhà\n3. Nơi khác"
    mother.sends("số 2.")
    assert mother.gets()[0].text == "Đã nghe: answer:home"
    assert [i.choice for i in assistant.handled] == [
        "act:start",
        "start:birth_registration",
        "answer:home",
    ]
    assert {i.conversation for i in assistant.handled} == {f"zalo_oa:{mother.id}"}


@pytest.mark.parametrize("typed", ["Ở nhà", "ở nhà", "o nha", "Ở NHÀ!", " 2 ", "02", "câu 2"])
def test_words_answer_as_numbers_do(
    bot: Server, mother: OaPerson, assistant: SmallAssistant, typed: str
) -> None:
    mother.sends("xin chào")
    mother.gets()
    mother.sends("khai sinh")
    mother.gets(2)
    mother.sends(typed)
    mother.gets()
    assert assistant.handled[-1].choice == "answer:home"


@pytest.mark.parametrize("typed", ["9", "nhà", "0"])
def test_other_words_are_text(
    bot: Server, mother: OaPerson, assistant: SmallAssistant, typed: str
) -> None:
    mother.sends("xin chào")
    mother.gets()
    mother.sends(typed)
    mother.gets()
    assert assistant.handled[-1].text == typed


def test_controls_are_words(bot: Server, mother: OaPerson, assistant: SmallAssistant) -> None:
    mother.sends("xin chào")
    mother.gets()
    mother.sends("act:help")
    [help] = mother.gets()
    assert help.text == "Đã nghe: act:help\n\nHoặc gõ: “back”, “repeat”, “clerk”"
    mother.sends("Clerk")
    mother.gets()
    assert assistant.handled[-1].choice == "act:clerk"


def test_long_text_is_split(bot: Server, mother: OaPerson) -> None:
    mother.sends("dài")
    parts = mother.gets(6)
    mother.gets_nothing()
    assert all(len(part.text) <= 2000 for part in parts)
    words = " ".join(part.text for part in parts).split()
    assert words == (LONG_TEXT + "1. Bệnh viện 2. Ở nhà 3. Nơi khác").split()
    assert all(part.text.endswith("dấu.") for part in parts[:-1])


def test_draft_shows_the_vietnamese_beneath(bot: Server, mother: OaPerson) -> None:
    mother.sends("nháp")
    assert mother.gets()[0].text == "Chữ nháp\n1. Ơ\n———\nTiếng <Việt>\n1. Tiếp"


@pytest.mark.parametrize("typed", ["3", "nghe", "Nghe"])
def test_sound_by_link(bot: Server, mother: OaPerson, speaker: SilentSpeaker, typed: str) -> None:
    mother.sends("xin chào")
    mother.gets()
    assert speaker.asked == []
    mother.sends(typed)
    [sound] = mother.gets()
    normal, slow = re.findall(r"http\S+\.m4a", sound.text)
    assert sound.text == f"🔊 Nghe: {normal}\n🐢 Chậm hơn: {slow}"
    answer = httpx.get(normal)
    assert answer.headers["content-type"] == "audio/mp4"
    with av.open(io.BytesIO(answer.content)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
    assert httpx.head(normal).status_code == 200
    assert httpx.get(slow).status_code == 200
    assert ("a" * 64, "m4a", "slow") in speaker.asked
    mother.sends("1")
    assert mother.gets(2)[0].text == "Mình bắt đầu."


def test_no_public_address_no_sound(serve: Callable[..., Server], mother: OaPerson) -> None:
    serve(public_url="http://10.0.0.1:8000")
    mother.sends("xin chào")
    assert mother.gets()[0].text == GREETING.removesuffix("\n3. 🔊 Nghe")


MEDIA: dict[str, dict[str, Any]] = {
    "image": {"url": "http://127.0.0.1:9/x.jpg", "thumbnail": "http://127.0.0.1:9/t.jpg"},
    "sticker": {"id": "1", "url": "http://127.0.0.1:9/s.png"},
    "file": {"size": "1024", "name": "a.pdf", "url": "http://127.0.0.1:9/a.pdf"},
    "location": {"coordinates": {"latitude": "10.79", "longitude": "106.78"}},
    "video": {"url": "http://127.0.0.1:9/v.mp4"},
}


@pytest.mark.parametrize("kind", MEDIA)
def test_media_is_answered_kindly(
    bot: Server, mother: OaPerson, assistant: SmallAssistant, kind: str
) -> None:
    mother.sends_a(kind, MEDIA[kind], text="Nhà ở đường bí-mật")
    mother.gets()
    assert assistant.handled[-1].choice == "act:unsupported_media"


def test_voice_note(bot: Server, mother: OaPerson, assistant: SmallAssistant) -> None:
    mother.sends_a("audio", {"url": "https://f2-voice-aac-dl.zdn.vn/1/2.aac"})
    mother.gets()
    assert assistant.handled[-1].choice == "act:voice_not_understood"


def test_an_album_is_answered_once(
    bot: Server, mother: OaPerson, assistant: SmallAssistant
) -> None:
    for number in range(3):
        picture = {"url": "https://photo.zdn.vn/1.jpg", "album_id": "a1"}
        mother.sends_a("image", picture | {"id_in_album": str(number)})
    mother.gets()
    mother.gets_nothing()
    assert len(assistant.handled) == 1


def test_chat_opened_greets_only_newcomers(
    bot: Server, mother: OaPerson, assistant: SmallAssistant
) -> None:
    mother.opens_the_chat()
    assert mother.gets()[0].text == GREETING
    mother.opens_the_chat()
    mother.gets_nothing()
    assert len(assistant.handled) == 1


def test_what_is_not_answered(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, assistant: SmallAssistant
) -> None:
    mother.sends("a")
    mother.gets()
    ends = {"sender": {"id": mother.id}}
    emulator.event("user_submit_info", mother, info={"name": "bí-mật", "phone": "1"}, **ends)
    emulator.event("user_reacted_message", mother, message={"msg_id": "1"}, **ends)
    emulator.event("something_new", mother, message={"msg_id": "2"}, **ends)
    mother.stops_following()
    mother.gets_nothing()
    said = [incoming.text or incoming.choice for incoming in assistant.handled]
    assert said == ["a", "act:write_off"], "only that who has left is not written to any more"
    pushed = [event["event_name"] for event in emulator.pushed]
    assert {"oa_send_text", "user_received_message", "user_seen_message"} <= set(pushed)
    assert set(emulator.pusher.statuses) == {200}


def test_an_anonymous_person_is_answered(
    bot: Server, emulator: ZaloOaEmulator, assistant: SmallAssistant
) -> None:
    stranger = emulator.person("anon1")
    emulator.event(
        "anonymous_send_text",
        stranger,
        anonymous_id="anon1",
        conversation_id="c1",
        message={"text": "xin chào", "msg_id": "m1"},
    )
    assert stranger.gets()[0].text == GREETING
    [call] = emulator.called("v2 message")
    assert call["recipient"] == {"anonymous_id": "anon1", "conversation_id": "c1"}


def test_buttons(serve: Callable[..., Server], mother: OaPerson, assistant: SmallAssistant) -> None:
    serve(zalo_oa_buttons=True)
    mother.sends("xin chào")
    [greeting] = mother.gets()
    assert greeting.text == "Xin chào anh/chị.\n\nHoặc gõ: “Nghe”"
    assert greeting.buttons[0] == ("Khai sinh", "#rong:start:birth_registration")
    mother.taps("Khai sinh")
    mother.gets(2)
    mother.taps("Nơi khác")
    mother.gets()
    assert assistant.handled[-1].choice == LONG_VALUE


def test_refused_buttons_become_numbers_and_stay_so(
    serve: Callable[..., Server], mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    emulator.takes_buttons = False
    first = serve(zalo_oa_buttons=True)
    mother.sends("xin chào")
    [greeting] = mother.gets()
    assert greeting.text == "Xin chào anh/chị.\n\nHoặc gõ: “Nghe”\n1. Khai sinh\n2. Cán bộ"
    mother.sends("1")
    assert mother.gets(2)[1].text.endswith("3. Nơi khác")
    assert len(emulator.called("message/cs")) == 4
    first.stop()
    serve(zalo_oa_buttons=True)
    mother.sends("xin chào")
    assert mother.gets()[0].text == GREETING
    assert len(emulator.called("message/cs")) == 5


@pytest.mark.parametrize(
    "text", ["😀👨‍👩‍👧", "<b>&", "'; DROP TABLE outbox; --", "/lệnh", "/affirm{}", "#khác"]
)
def test_any_text_arrives_as_it_is(
    bot: Server, mother: OaPerson, assistant: SmallAssistant, text: str
) -> None:
    mother.sends(text)
    assert mother.gets()[0].text == f"Đã nghe: {text}"
    assert assistant.handled[-1].text == text
