"""How a reply is laid out where there are no buttons, and what may be typed then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Rendered, RenderedChoice, Reply, State
from bot.channels.menu import Menu
from bot.channels.phrases import LISTEN, OR_TYPE, SLOWER
from bot.channels.plain import PlainLayout, as_numbers
from bot.channels.text import units

WORDS = {LISTEN: "Nghe", SLOWER: "Chậm hơn", OR_TYPE: "Hoặc gõ: {words}"}
PLACES = (
    RenderedChoice("Bệnh viện", "answer:hospital"),
    RenderedChoice("Ở nhà", "answer:home"),
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1", "answer:hospital"),
        ("2.", "answer:home"),
        ("số 2", "answer:home"),
        ("３", None),
        ("2️⃣", "answer:home"),
        ("benh vien", "answer:hospital"),
        ("BỆNH VIỆN!", "answer:hospital"),
        ("o\u031b\u0309 nhà", "answer:home"),
        ("nhà", None),
        ("", None),
        ("22", None),
        ("lui", "act:back"),
    ],
)
def test_menu(typed: str, value: str | None) -> None:
    menu = Menu.of(PLACES, [RenderedChoice("Lùi", "act:back")])
    assert menu.find(typed) == value
    assert Menu.load(menu.dump()).find(typed) == value


def test_a_word_of_two_choices_means_none() -> None:
    menu = Menu.of([RenderedChoice("Mẹ", "a"), RenderedChoice("Me", "b")])
    assert menu.find("me") is None
    assert menu.find("mẹ") == "a"


def test_a_translated_label_and_its_vietnamese() -> None:
    menu = Menu.of([RenderedChoice("Hăm", "a", vi="Có", draft=True)])
    assert menu.find("hăm") == menu.find("có") == "a"


def test_numbers_are_those_of_the_last_question() -> None:
    first = Rendered("a", "A\n1. X", "vi", choices=(RenderedChoice("X", "x"),))
    second = Rendered("b", "B\n1. Y", "vi", choices=(RenderedChoice("Y", "y"),))
    bodies, menu = PlainLayout(WORDS, 2000).reply(Reply([first, second], State()))
    assert [body["text"] for body in bodies] == ["A\n1. X", "B\n1. Y"]
    assert menu.find("1") == "y"


def test_sound_of_all_messages_together() -> None:
    messages = [Rendered("a", "A", "vi", audio_key="k1"), Rendered("b", "B", "vi", audio_key="k2")]
    bodies, menu = PlainLayout(WORDS, 2000, audible=True).reply(Reply(messages, State()))
    assert bodies[-1]["text"] == "B\n\nHoặc gõ: “Nghe”"
    assert menu.find("nghe") == "act:listen:k1,k2"
    assert menu.find("chậm hơn") == "act:listen_slower:k1,k2"
    _, menu = PlainLayout(WORDS, 2000, audible=True).reply(Reply(messages, State(slow=True)))
    assert menu.find("nghe") == "act:listen_slower:k1,k2"


def test_nothing_to_say() -> None:
    bodies, menu = PlainLayout(WORDS, 2000, audible=True).reply(Reply([], State()))
    assert bodies == []
    assert menu.find("1") is None


@given(
    st.text(min_size=1, max_size=300),
    st.lists(st.text(min_size=1, max_size=30), max_size=6),
    st.integers(0, 5),
    st.booleans(),
)
def test_every_part_fits(text: str, labels: list[str], buttons: int, draft: bool) -> None:
    choices = [RenderedChoice(label, f"answer:{n}") for n, label in enumerate(labels)]
    vi = "Tiếng Việt. " * 10 if draft else None
    message = Rendered("a", text, "vi", draft, vi, choices, audio_key="k")
    controls = [RenderedChoice("Quay lại", "act:back")]
    layout = PlainLayout(WORDS, 300, buttons, audible=True)
    bodies, _ = layout.reply(Reply([message], State(), controls))
    for body in bodies:
        assert body["text"]
        assert units(as_numbers(body["text"], body.get("buttons", []))) <= 300


def test_a_draft_says_that_it_is_one() -> None:
    message = Rendered("x", "Hello.", "en", draft=True, vi="Xin chào.", mark="Bản nháp")
    assert message.beneath == "(Bản nháp)\nXin chào."
    assert Rendered("x", "Xin chào.", "vi").beneath is None
    assert Rendered("x", "Hello.", "en", vi="Xin chào.", mark="Bản nháp").beneath is None


def test_joined_as_few_messages_as_hold_it() -> None:
    layout = PlainLayout(WORDS, 40, joined=True)
    texts = ("Một.", "Hai.", "Ba mươi chữ, cũng không hơn đâu nhé.", "Bốn.")
    reply = Reply([Rendered("bot.x", text, "vi") for text in texts], State())
    bodies, _ = layout.reply(reply)
    assert [body["text"] for body in bodies] == ["Một.\n\nHai.", texts[2], "Bốn."]
