"""What a person is shown of a say: language, drafts, lists, choices, sound, sources."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from bot.channels.base import Capabilities
from bot.render import Renderer
from knowledge_base.catalogs import Catalogs, Translation
from knowledge_base.errors import RenderError, UnknownId
from knowledge_base.languages import Publish, load_languages
from knowledge_base.load import KnowledgeBase
from knowledge_base.say import Choice, Say, date_param
from knowledge_base.schema import Source

PHRASES = {
    "bot.ask": "Bé sinh ở đâu?",
    "bot.born": "Bé sinh {day}.",
    "bot.start": "Làm: {what}.",
    "bot.birth": "khai sinh",
    "bot.papers": "Giấy tờ:",
    "bot.step": "Bước một",
    "bot.card": "Căn cước",
    "bot.card_detail": "Bản gốc.",
    "bot.said": "Đã ghi: {answer}.",
    "bot.fee": "Lệ phí {fee}.",
    "bot.named": "Dùng {language}.",
    "bot.source_line": "{title} ({date})",
    "bot.draft_mark": "Bản nháp",
    "bot.choice.yes": "Có",
    "bot.choice.no": "Không",
    "bot.choice.long": "Bệnh viện hoặc trạm y tế xã",
    "ui.back": "Quay lại",
    "ui.countdown": "Còn {seconds} giây",
}
ENGLISH = {
    "bot.ask": ("Where was the child born?", True),
    "bot.born": ("The child was born on {day}.", True),
    "bot.start": ("Do: {what}.", True),
    "bot.papers": ("Papers:", True),
    "bot.step": ("Step one", True),
    "bot.card": ("Identity card", False),
    "bot.choice.yes": ("Yes", True),
    "bot.choice.no": ("No", False),
    "bot.fee": ("The fee is {fee}.", True),
    "bot.source_line": ("{title}, {date}", True),
    "ui.back": ("Back", False),
}
BAHNAR = {"bot.choice.no": ("Ưh", False), "bot.card": ("hla ar", False)}
SOURCES = {
    "S1": Source(title="Cổng Dịch vụ công", grade="A", dated=date(2026, 4, 15)),
    "S2": Source(title="Báo Gia Lai", grade="B"),
    "S9": Source(title="Một bài tóm tắt", grade="C"),
}
WEB = Capabilities(buttons=24, label_length=200, voice_formats=("ogg",), pictures=True)
CHAT = Capabilities(buttons=10, label_length=12, voice_formats=("ogg",))
PLAIN = Capabilities()


class FakeSpeaker:
    """Speaks some languages; remembers what was registered."""

    def __init__(self, *languages: str) -> None:
        self.languages = languages
        self.registered: dict[str, tuple[str, str, str, bool]] = {}

    def register(
        self, language: str, message_id: str, text: str, *, personal: bool = False
    ) -> str | None:
        if language not in self.languages:
            return None
        key = f"k{len(self.registered)}"
        self.registered[key] = (language, message_id, text, personal)
        return key


def renderer(publish: Publish = "pilot", speaker: FakeSpeaker | None = None) -> Renderer:
    knowledge = KnowledgeBase({}, SOURCES, PHRASES, {})
    catalogs = Catalogs(
        {
            code: {(name, PHRASES[name]): Translation(*text) for name, text in texts.items()}
            for code, texts in (("en", ENGLISH), ("bdq", BAHNAR))
        }
    )
    return Renderer(knowledge, catalogs, load_languages(), speaker, publish)


def test_vietnamese_is_shown_as_it_is() -> None:
    shown = renderer().render(Say("bot.ask"), "vi", WEB)
    assert (shown.text, shown.language, shown.vi, shown.draft) == (
        "Bé sinh ở đâu?",
        "vi",
        None,
        False,
    )
    assert shown.head is None


def test_reviewed_translation_has_its_vietnamese_and_no_draft_mark() -> None:
    shown = renderer("live").render(Say("bot.ask"), "en", WEB)
    assert (shown.text, shown.language) == ("Where was the child born?", "en")
    assert (shown.vi, shown.draft) == ("Bé sinh ở đâu?", False)


def test_pilot_shows_a_draft_as_a_draft() -> None:
    shown = renderer("pilot").render(Say("bot.card"), "en", WEB)
    assert (shown.text, shown.vi, shown.draft) == ("Identity card", "Căn cước", True)


def test_live_hides_drafts() -> None:
    shown = renderer("live").render(Say("bot.card"), "en", WEB)
    assert (shown.text, shown.language, shown.vi, shown.draft) == ("Căn cước", "vi", None, False)


def test_a_draft_within_a_message_makes_it_a_draft() -> None:
    say = Say("bot.papers", items=(Say("bot.card"),))
    assert renderer("pilot").render(say, "en", WEB).draft
    assert renderer("live").render(say, "en", WEB).language == "vi"


def test_untranslated_part_makes_the_whole_message_vietnamese() -> None:
    say = Say("bot.start", {"what": {"say": "bot.birth"}})
    assert renderer().render(say, "en", WEB).text == "Làm: khai sinh."
    listed = Say("bot.papers", items=(Say("bot.card"), Say("bot.card_detail")))
    shown = renderer().render(listed, "en", WEB)
    assert (shown.text, shown.language, shown.draft) == (
        "Giấy tờ:\n• Căn cước\n• Bản gốc.",
        "vi",
        False,
    )


@pytest.mark.parametrize("language", ["bdq", "bdq-x-gialai", "bdq-x-kontum"])
def test_variety_falls_back_to_its_language(language: str) -> None:
    shown = renderer().render(Say("bot.card"), language, WEB)
    assert (shown.text, shown.language, shown.vi) == ("hla ar", "bdq", "Căn cước")
    assert renderer().render(Say("bot.ask"), language, WEB).language == "vi"


def test_unknown_language_and_message() -> None:
    with pytest.raises(UnknownId, match="'xx' is not a language"):
        renderer().render(Say("bot.ask"), "xx", WEB)
    with pytest.raises(UnknownId, match=r"did you mean 'bot\.ask'"):
        renderer().render(Say("bot.asks"), "vi", WEB)


def test_values_are_worded_in_the_language() -> None:
    born = Say("bot.born", {"day": date_param(date(2026, 3, 12))})
    assert renderer().render(born, "vi", WEB).text == "Bé sinh ngày 12 tháng 3 năm 2026."
    assert renderer().render(born, "en", WEB).text == "The child was born on 12 March 2026."
    month = Say("bot.born", {"day": {"date": "2026-03"}})
    assert renderer().render(month, "vi", WEB).text == "Bé sinh tháng 3 năm 2026."
    fee = Say("bot.fee", {"fee": {"money": 8000}})
    assert renderer().render(fee, "vi", WEB).text == "Lệ phí 8.000 đồng."
    assert renderer().render(fee, "en", WEB).text == "The fee is 8,000 dong."
    named = Say("bot.named", {"language": {"language": "km"}})
    assert renderer().render(named, "vi", WEB).text == "Dùng ភាសាខ្មែរ."


def test_braces_in_what_a_person_said_are_only_braces() -> None:
    said = Say("bot.said", {"answer": "{answer} {0} {__class__} {day"}, personal=True)
    assert renderer().render(said, "vi", WEB).text == "Đã ghi: {answer} {0} {__class__} {day."


def test_missing_and_wrong_values_are_errors_that_name_them() -> None:
    with pytest.raises(RenderError, match=r"bot\.said: \{answer\} has no value"):
        renderer().render(Say("bot.said", {"other": "x"}), "vi", WEB)
    with pytest.raises(RenderError, match=r"none of say, date, money"):
        renderer().render(Say("bot.said", {"answer": {"dat": "2026"}}), "vi", WEB)
    with pytest.raises(RenderError, match="not a date"):
        renderer().render(Say("bot.said", {"answer": {"date": "2026-02-30"}}), "vi", WEB)


def test_text_is_nfc_whatever_came_in() -> None:
    said = Say("bot.said", {"answer": unicodedata.normalize("NFD", "ở nhà, ơ̆")})
    text = renderer().render(said, "vi", WEB).text
    assert text == unicodedata.normalize("NFC", text)
    assert "ở nhà" in text


def test_a_text_that_ends_with_a_colon_has_a_bulleted_list() -> None:
    card = Say("bot.card", items=(Say("bot.card_detail"),), picture="id_card")
    shown = renderer().render(Say("bot.papers", items=(card, Say("bot.birth"))), "vi", WEB)
    assert shown.text == "Giấy tờ:\n• Căn cước\n  Bản gốc.\n• khai sinh"
    assert shown.head == "Giấy tờ:"
    assert [item.text for item in shown.items] == ["Căn cước", "khai sinh"]
    assert shown.items[0].picture == "id_card"
    assert [item.text for item in shown.items[0].items] == ["Bản gốc."]


def test_other_items_are_lines_of_the_message() -> None:
    shown = renderer().render(Say("bot.step", items=(Say("bot.card_detail"),)), "vi", WEB)
    assert shown.text == "Bước một\nBản gốc."


def test_items_show_their_vietnamese() -> None:
    shown = renderer().render(Say("bot.papers", items=(Say("bot.card"),)), "en", WEB)
    assert shown.text == "Papers:\n• Identity card"
    assert shown.vi == "Giấy tờ:\n• Căn cước"
    assert (shown.items[0].vi, shown.items[0].draft) == ("Căn cước", True)


YES_NO = (Choice("bot.choice.yes", "answer:yes"), Choice("bot.choice.no", "answer:no", {}, "no"))


def test_labels_are_messages_of_their_own() -> None:
    shown = renderer("live").render(Say("bot.ask", choices=YES_NO), "en", WEB)
    assert [(c.label, c.vi, c.draft) for c in shown.choices] == [
        ("Yes", "Có", False),
        ("Không", None, False),
    ]
    drafts = renderer("pilot").render(Say("bot.ask", choices=YES_NO), "bdq", WEB)
    assert drafts.language == "vi"
    assert [(c.label, c.vi, c.draft) for c in drafts.choices] == [
        ("Có", None, False),
        ("Ưh", "Không", True),
    ]
    assert [c.value for c in drafts.choices] == ["answer:yes", "answer:no"]
    assert drafts.choices[1].picture == "no"


def test_labels_are_cut_to_the_channel() -> None:
    say = Say("bot.ask", choices=(Choice("bot.choice.long", "answer:facility"),))
    assert renderer().render(say, "vi", CHAT).choices[0].label == "Bệnh viện…"


def test_choices_are_numbered_where_there_are_too_few_buttons() -> None:
    say = Say("bot.ask", choices=YES_NO)
    shown = renderer().render(say, "en", PLAIN)
    assert shown.text == "Where was the child born?\n1. Yes\n2. No"
    assert shown.vi == "Bé sinh ở đâu?\n1. Có\n2. Không"
    assert len(shown.choices) == 2
    assert "1." not in renderer().render(say, "en", CHAT).text


def test_sound_is_of_the_text_or_else_of_its_vietnamese() -> None:
    speaker = FakeSpeaker("vi", "en")
    english = renderer(speaker=speaker).render(Say("bot.ask"), "en", WEB)
    assert english.audio_key is not None
    assert english.audio == f"/audio/{english.audio_key}"
    assert speaker.registered[english.audio_key] == (
        "en",
        "bot.ask",
        "Where was the child born?",
        False,
    )
    bahnar = renderer(speaker=speaker).render(Say("bot.card"), "bdq", WEB)
    assert bahnar.audio_key is not None
    assert speaker.registered[bahnar.audio_key] == ("vi", "bot.card", "Căn cước", False)


def test_what_a_person_said_is_registered_as_personal() -> None:
    speaker = FakeSpeaker("vi")
    say = Say("bot.papers", items=(Say("bot.said", {"answer": "Ksor H'Lan"}, personal=True),))
    shown = renderer(speaker=speaker).render(say, "vi", WEB)
    assert shown.audio_key is not None
    assert all(personal for *_, personal in speaker.registered.values())


def test_no_sound_without_a_voice_or_a_channel_that_plays_it() -> None:
    assert renderer().render(Say("bot.ask"), "vi", WEB).audio is None
    assert renderer(speaker=FakeSpeaker()).render(Say("bot.ask"), "vi", WEB).audio is None
    speaker = FakeSpeaker("vi")
    assert renderer(speaker=speaker).render(Say("bot.ask"), "vi", PLAIN).audio is None
    assert not speaker.registered


def test_labels_and_items_have_sound_where_they_have_pictures() -> None:
    say = Say("bot.papers", items=(Say("bot.card"),), choices=YES_NO)
    shown = renderer(speaker=FakeSpeaker("vi")).render(say, "vi", WEB)
    assert all(choice.audio for choice in shown.choices)
    assert shown.items[0].audio
    chat = renderer(speaker=FakeSpeaker("vi")).render(say, "vi", CHAT)
    assert chat.audio
    assert not any(choice.audio for choice in chat.choices)


def test_only_good_sources_are_named_once_with_their_date() -> None:
    card = Say("bot.card", sources=("S1", "S9"))
    say = Say("bot.papers", items=(card,), sources=("S2", "S1"))
    shown = renderer().render(say, "vi", WEB)
    assert shown.sources == ("Báo Gia Lai", "Cổng Dịch vụ công (ngày 15 tháng 4 năm 2026)")
    english = renderer().render(say, "en", WEB)
    assert english.sources == ("Báo Gia Lai", "Cổng Dịch vụ công, 15 April 2026")


def test_page_words_keep_their_placeholders() -> None:
    words = renderer(speaker=FakeSpeaker("vi")).page_words("en")
    assert words["ui.back"]["text"] == "Back"
    assert words["ui.back"]["draft"] is True
    assert words["ui.back"]["vi"] == "Quay lại"
    assert words["ui.countdown"] == {
        "text": "Còn {seconds} giây",
        "vi": None,
        "draft": False,
        "audio": None,
    }
    assert set(words) == {"ui.back", "ui.countdown"}


def test_languages_are_offered_by_their_own_name() -> None:
    languages = load_languages()
    names = {row["code"]: row["name"] for row in renderer().language_names()}
    assert names == {code: languages[code].name for code in languages.offered()}
    assert names["jra"] == "Jơrai"
