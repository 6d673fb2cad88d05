"""The texts that ship, worded as people are shown them."""

from __future__ import annotations

import re

import pytest

from bot.channels.base import Capabilities
from bot.render import Renderer
from knowledge_base.catalogs import load_catalogs
from knowledge_base.languages import load_languages
from knowledge_base.load import KnowledgeBase, load
from knowledge_base.messages import Message, messages
from knowledge_base.say import Param, Say

DATE: Param = {"date": "2026-03-12"}
PAGES = Capabilities(buttons=24, voice_formats=("ogg",), pictures=True)


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load()


@pytest.fixture(scope="module")
def renderer(knowledge: KnowledgeBase) -> Renderer:
    return Renderer(knowledge, load_catalogs(), load_languages())


def values(message: Message) -> dict[str, Param]:
    return {name: DATE if "date" in name else 3 for name in message.placeholders}


@pytest.mark.parametrize("language", load_languages().offered())
def test_every_message_can_be_shown(
    renderer: Renderer, knowledge: KnowledgeBase, language: str
) -> None:
    for message in messages(knowledge):
        shown = renderer.render(Say(message.id, values(message)), language, PAGES)
        assert shown.text.strip(), message.id
        assert not re.search(r"[{}]", shown.text), message.id
        assert (shown.vi is None) == (shown.language == "vi"), message.id
        assert not shown.draft or shown.vi is not None, message.id


def test_a_date_says_day_only_once(renderer: Renderer, knowledge: KnowledgeBase) -> None:
    for message in messages(knowledge):
        text = renderer.render(Say(message.id, values(message)), "vi", PAGES).text
        assert "ngày ngày" not in text.lower(), message.id


def test_a_list_stays_a_list_in_translation(knowledge: KnowledgeBase) -> None:
    catalogs = load_catalogs()
    for message in messages(knowledge):
        for code in catalogs.by_language:
            found = catalogs.lookup(code, message.id, message.text)
            if found:
                assert found.text.endswith(":") == message.text.endswith(":"), message.id
