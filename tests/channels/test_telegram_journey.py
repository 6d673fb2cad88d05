"""What a person sees, over real HTTP."""

from __future__ import annotations

import io

import av
import pytest

from tests.channels.assistant import LONG_TEXT, LONG_VALUE, SmallAssistant
from tests.channels.speaker import SilentSpeaker
from tests.emulators.server import Server
from tests.emulators.telegram import TelegramEmulator, User
from tests.emulators.telegram_rules import units

pytestmark = pytest.mark.usefixtures("bot")


def test_text_and_buttons(
    mother: User, assistant: SmallAssistant, emulator: TelegramEmulator
) -> None:
    mother.sends("xin chào")
    [greeting] = mother.gets()
    assert greeting.text == "Xin chào anh/chị."
    assert greeting.rows[0] == [("Khai sinh", "start:birth_registration")]
    assert len(greeting.rows) == 3
    assert all(len(row) == 1 for row in greeting.rows)

    mother.taps("Khai sinh")
    start, question = mother.gets(2)
    assert (start.text, start.rows) == ("Mình bắt đầu.", [])
    assert question.text == "Sinh ở <đâu>?"

    mother.sends("2")
    assert mother.gets()[0].text == "Đã nghe: answer:home"
    assert [i.text or i.choice for i in assistant.handled] == [
        "xin chào",
        "start:birth_registration",
        "2",
    ]
    assert {i.conversation for i in assistant.handled} == {"telegram:1"}
    assert len({i.event for i in assistant.handled}) == 3
    assert len(emulator.answered_queries) == 1


def test_long_value_travels_as_a_token(mother: User, assistant: SmallAssistant) -> None:
    mother.presses("start:birth_registration")
    mother.gets(2)
    mother.taps("Nơi khác")
    mother.gets()
    assert assistant.handled[-1].choice == LONG_VALUE


@pytest.mark.parametrize("data", ["#unknown-token", "answer:never_offered"])
def test_stale_button_asks_again(mother: User, data: str) -> None:
    mother.presses(data)
    assert mother.gets()[0].text == "Xin chào anh/chị."
    mother.taps("Khai sinh")
    mother.gets(2)
    mother.presses(data)
    assert mother.gets()[0].text == "Sinh ở <đâu>?"


def test_controls_are_under_the_last_message(mother: User, assistant: SmallAssistant) -> None:
    mother.sends("/help")
    [help] = mother.gets()
    assert help.rows == [[("back", "act:back"), ("repeat", "act:repeat")], [("clerk", "act:clerk")]]
    mother.taps("clerk")
    mother.gets()
    assert assistant.handled[-1].choice == "act:clerk"


def test_draft_shows_the_vietnamese_beneath(mother: User) -> None:
    mother.sends("nháp")
    [draft] = mother.gets()
    assert draft.html == "Chữ nháp\n\n<blockquote>Tiếng &lt;Việt&gt;</blockquote>"
    assert draft.labels == ["Ơ · Tiếp"]


def test_long_text_is_split(mother: User) -> None:
    mother.sends("dài")
    parts = mother.gets(3)
    mother.gets_nothing()
    assert " ".join(part.text for part in parts) == LONG_TEXT.strip()
    assert all(units(part.text) <= 4096 and part.text.endswith("dấu.") for part in parts)
    assert [len(part.rows) for part in parts] == [0, 0, 3]


@pytest.mark.parametrize(
    "text", ["😀👨‍👩‍👧", "<b>&", "'; DROP TABLE outbox; --", "/lệnh", "/affirm{}"]
)
def test_any_text_arrives_as_it_is(mother: User, assistant: SmallAssistant, text: str) -> None:
    mother.sends(text)
    assert mother.gets()[0].text == f"Đã nghe: {text}"
    assert assistant.handled[-1].text == text


@pytest.mark.parametrize(
    ("command", "choice"),
    [
        ("/start", "act:start"),
        ("/start abc", "act:start"),
        ("/help", "act:help"),
        ("/ngonngu", "act:language"),
        ("/canbo@nha_rong_bot", "act:clerk"),
        ("/XOA", "act:delete"),
        ("/back", "act:back"),
        ("/next", "act:next"),
        ("/again", "act:repeat"),
    ],
)
def test_commands(mother: User, assistant: SmallAssistant, command: str, choice: str) -> None:
    mother.sends(command)
    mother.gets()
    assert (assistant.handled[-1].choice, assistant.handled[-1].text) == (choice, None)


MEDIA = {
    "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
    "sticker": {
        "file_id": "f",
        "file_unique_id": "u",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
        "type": "regular",
    },
    "document": {"file_id": "f", "file_unique_id": "u"},
    "location": {"longitude": 108.0, "latitude": 14.0},
    "contact": {"phone_number": "0", "first_name": "B"},
}


@pytest.mark.parametrize("kind", MEDIA)
def test_media_is_answered_kindly(mother: User, assistant: SmallAssistant, kind: str) -> None:
    mother.sends(**{kind: MEDIA[kind]})
    mother.gets()
    assert assistant.handled[-1].choice == "act:unsupported_media"


def test_an_edit(mother: User, assistant: SmallAssistant) -> None:
    mother.sends("a")
    mother.gets()
    mother.edits("khác")
    mother.gets()
    assert assistant.handled[-1].choice == "act:edited"


def test_only_private_chats(
    mother: User, assistant: SmallAssistant, emulator: TelegramEmulator
) -> None:
    group = {"id": -5, "type": "group", "title": "G"}
    emulator.happens("message", mother.message(text="xin chào") | {"chat": group})
    mother.sends(pinned_message=mother.message(text="x"))
    emulator.happens("my_chat_member", {"odd": True})
    mother.sends("sau")
    assert mother.gets()[0].text == "Đã nghe: sau"
    assert len(assistant.handled) == 1


def test_voice_on_request(mother: User, speaker: SilentSpeaker, emulator: TelegramEmulator) -> None:
    mother.sends("xin chào")
    mother.gets()
    assert not emulator.called("sendVoice")
    mother.taps("🔊 Nghe")
    [voice] = mother.gets()
    assert (voice.kind, voice.filename, voice.content_type) == (
        "voice",
        "nha-rong.ogg",
        "audio/ogg",
    )
    with av.open(io.BytesIO(voice.file)) as container:
        assert container.format.name == "ogg"
        assert container.streams.audio[0].codec_context.name in ("opus", "libopus")
    mother.taps("🐢 Chậm hơn")
    [slow] = mother.gets()
    assert slow.rows == []
    assert speaker.asked == [("a" * 64, "ogg", "normal"), ("a" * 64, "ogg", "slow")]


def test_no_audio_no_button(mother: User) -> None:
    mother.sends("gì đó")
    assert mother.gets()[0].rows == []


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a/b"])
def test_forged_audio_key(mother: User, speaker: SilentSpeaker, key: str) -> None:
    mother.presses(f"act:listen:{key}")
    mother.gets()
    assert speaker.asked == []


def test_failing_voice_stops_nothing(mother: User, speaker: SilentSpeaker) -> None:
    mother.presses("act:listen:" + "b" * 20)
    mother.gets()
    mother.presses("act:listen:" + "b" * 52)
    mother.gets()
    mother.sends("sau")
    assert mother.gets()[0].text == "Đã nghe: sau"


def test_commands_are_listed(bot: Server, emulator: TelegramEmulator) -> None:
    names = [command["command"] for command in emulator.commands]
    assert "help" in names
    assert "clerk" in names
