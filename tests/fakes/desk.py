"""The real desk on the project's own files, without a voice."""

from __future__ import annotations

from bot.documents.desk import Desk
from bot.render import Renderer
from knowledge_base.catalogs import load_catalogs
from knowledge_base.languages import load_languages
from knowledge_base.load import load


def make_desk() -> Desk:
    """Documents from everything that ships."""
    knowledge, languages = load(), load_languages()
    return Desk(knowledge, Renderer(knowledge, load_catalogs(), languages), languages)
