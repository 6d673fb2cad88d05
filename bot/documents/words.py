"""A text of a document: Vietnamese, and beside it another language where it has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.render import Renderer
from knowledge_base.load import KnowledgeBase
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.say import Param, Say

DRAFT = "*"
GAP = "…"
"""Stands where a text speaks of something only a family's answers can tell."""


@dataclass(frozen=True)
class Words:
    """One text. `other` is the translation, `draft` whether nobody has reviewed it."""

    vi: str
    other: str | None = None
    draft: bool = False


class Wordbook:
    """Words messages for paper: without sound, in Vietnamese and at most one other language."""

    def __init__(
        self,
        renderer: Renderer,
        knowledge: KnowledgeBase,
        language: str,
        params: Mapping[str, Param] | None = None,
    ) -> None:
        self._renderer, self._texts = renderer.silent(), knowledge.texts
        self.language = language
        self._params = {**knowledge.office_params, **(params or {})}

    def __call__(self, message: str, params: Mapping[str, Param] | None = None) -> Words:
        """A message in words; what has no value stays a gap. Raises `UnknownId`."""
        given = {**self._params, **(params or {})}
        missing = set(PLACEHOLDER.findall(self._texts.get(message, ""))) - given.keys()
        values = {**dict.fromkeys(missing, GAP), **given}
        phrase = self._renderer.phrase(message, self.language, values, personal=True)
        if phrase.vi is None:
            return Words(phrase.text)
        return Words(phrase.vi, phrase.text, phrase.draft)

    def say(self, say: Say) -> Words:
        """The words of a say, without its items."""
        return self(say.say, say.params)

    def pattern(self, message: str) -> str:
        """A Vietnamese text whose placeholders are left standing for a page to fill."""
        return self._renderer.phrase(message, "vi").text

    def plain(self, message: str, params: Mapping[str, Param] | None = None) -> str:
        """A message in the one language asked for, Vietnamese where it has none."""
        words = self(message, params)
        return words.other or words.vi

    def marked(self, message: str, params: Mapping[str, Param] | None = None) -> str:
        """The same with an asterisk where it is an unreviewed translation."""
        words = self(message, params)
        return (words.other or words.vi) + (DRAFT if words.draft else "")
