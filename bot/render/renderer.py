"""Says → what a channel shows: words, choices, picture and sound, in one language.

- A message is in one language throughout: where a part of it has no translation that may be
  shown, the whole message is Vietnamese. Labels of choices are messages of their own.
- `vi` is set for everything that is not Vietnamese, `draft` where anything in it is unreviewed.
- Sound is of the text itself; where nothing can speak that language, it is of the Vietnamese,
  which is the line the person sees beneath (`vi`).
- Bullets mark list items, numbers only mark choices, so that "2" has one meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.channels.base import Capabilities, Rendered, RenderedChoice, RenderedItem
from bot.render.labels import fit
from bot.render.lists import Node, numbered, plain, translated_tree, vietnamese_tree
from bot.render.wording import Worded, Wording
from knowledge_base.catalogs import Catalogs
from knowledge_base.languages import Languages, Publish
from knowledge_base.load import KnowledgeBase
from knowledge_base.say import Choice, Param, Say
from knowledge_base.schema import SHOWABLE

AUDIO_PATH = "/audio/"
SOURCE_LINE = "bot.source_line"
DRAFT_MARK = "bot.draft_mark"
CONFIRMED_LINE = "bot.confirmed_by"
PAGE_WORDS = "ui."


class Speaker(Protocol):
    """Gives texts a voice; `voices.library.Library` does."""

    def register(
        self, language: str, message_id: str, text: str, *, personal: bool = False
    ) -> str | None:
        """Key of the text's sound; None when nothing can speak it."""


@dataclass(frozen=True)
class Phrase:
    """One text in words, outside a conversation: a label, a title, a word on a page."""

    text: str
    language: str
    vi: str | None = None
    draft: bool = False
    audio: str | None = None


class Renderer:
    """Words, lays out and gives a voice to what the engine says."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        catalogs: Catalogs,
        languages: Languages,
        speaker: Speaker | None = None,
        publish: Publish = "pilot",
    ) -> None:
        self._sources = knowledge.sources
        self._languages = languages
        self._speaker = speaker
        common = knowledge.office_params
        self._wording = Wording(knowledge.texts, catalogs, languages, publish, common)

    def silent(self) -> Renderer:
        """The same without a voice, for what is read on paper."""
        other = copy(self)
        other._speaker = None
        return other

    def render(self, say: Say, language: str, capabilities: Capabilities) -> Rendered:
        """One message for one person. Raises `UnknownId` for a message or language that does not
        exist, `RenderError` for a placeholder without a value."""
        original = vietnamese_tree(self._wording, say)
        node = translated_tree(self._wording, language, original) or original
        foreign = node is not original
        personal = any(part.say.personal for part in original.walk())
        audible = bool(capabilities.voice_formats)
        choices = [self._choice(choice, language, capabilities, personal) for choice in say.choices]
        text, vi = plain(node), plain(original)
        if len(choices) > capabilities.buttons:
            text += "\n" + numbered([choice.label for choice in choices])
            vi += "\n" + numbered([choice.vi or choice.label for choice in choices])
        worded = Worded(text, node.worded.language, node.draft)
        beneath = vi if foreign else None
        key = self._audio_key(say.say, worded, vi, personal) if audible else None
        head = None
        if node.items and audible and capabilities.pictures:
            head = self._audio_key(say.say, node.worded, original.worded.text, personal)
        return Rendered(
            id=say.say,
            text=text,
            language=worded.language,
            draft=node.draft,
            mark=self._words(DRAFT_MARK, language, {})[0].text if node.draft else None,
            vi=beneath,
            choices=choices,
            audio=AUDIO_PATH + key if key else None,
            audio_key=key,
            picture=say.picture,
            sources=self._source_lines(original, language),
            head=node.worded.text if node.items else None,
            head_audio=AUDIO_PATH + head if head else None,
            items=self._items(node, original, personal, audible and capabilities.pictures),
        )

    def phrase(
        self,
        message_id: str,
        language: str,
        params: Mapping[str, Param] | None = None,
        *,
        personal: bool = False,
    ) -> Phrase:
        """One text with its sound; without `params` placeholders are left for a page to fill,
        and a text that has some stays silent."""
        worded, vi = self._words(message_id, language, params)
        silent = params is None and "{" in worded.text
        key = None if silent else self._audio_key(message_id, worded, vi, personal)
        beneath = None if worded.language == self._languages.source else vi
        audio = AUDIO_PATH + key if key else None
        return Phrase(worded.text, worded.language, beneath, worded.draft, audio)

    def page_words(self, language: str) -> dict[str, dict[str, Any]]:
        """The words of the pages, by id: text, vi, draft, audio."""
        names = [name for name in self._wording.texts if name.startswith(PAGE_WORDS)]
        phrases = {name: self.phrase(name, language) for name in names}
        return {
            name: {"text": p.text, "vi": p.vi, "draft": p.draft, "audio": p.audio}
            for name, p in phrases.items()
        }

    def language_names(self) -> list[dict[str, Any]]:
        """The languages offered, each by its own name with its sound."""
        listed = []
        for code in self._languages.offered():
            language = self._languages[code]
            name = Worded(language.name, code)
            key = self._audio_key(f"language.{code}", name, language.vietnamese, False)
            audio = AUDIO_PATH + key if key else None
            listed.append(
                {"code": code, "name": language.name, "vi": language.vietnamese, "audio": audio}
            )
        return listed

    def _words(
        self, message_id: str, language: str, params: Mapping[str, Param] | None
    ) -> tuple[Worded, str]:
        original = self._wording.vietnamese(message_id, params)
        translated = self._wording.translated(language, message_id, params)
        return translated or original, original.text

    def _choice(
        self, choice: Choice, language: str, capabilities: Capabilities, personal: bool
    ) -> RenderedChoice:
        worded, vi = self._words(choice.say, language, choice.params)
        audible = bool(capabilities.voice_formats and capabilities.pictures)
        key = self._audio_key(choice.say, worded, vi, personal) if audible else None
        limit = capabilities.label_length
        return RenderedChoice(
            label=fit(worded.text, limit),
            value=choice.value,
            picture=choice.picture,
            audio=AUDIO_PATH + key if key else None,
            vi=None if worded.language == self._languages.source else fit(vi, limit),
            draft=worded.draft,
        )

    def _items(
        self, node: Node, original: Node, personal: bool, audible: bool
    ) -> Sequence[RenderedItem]:
        items = []
        for item, source in zip(node.items, original.items, strict=True):
            key = None
            if audible:
                spoken = replace(item.worded, text=plain(item))
                key = self._audio_key(item.say.say, spoken, plain(source), personal)
            foreign = item.worded.language != self._languages.source
            items.append(
                RenderedItem(
                    text=item.worded.text,
                    picture=item.say.picture,
                    audio=AUDIO_PATH + key if key else None,
                    vi=source.worded.text if foreign else None,
                    draft=item.worded.draft,
                    items=self._items(item, source, personal, False),
                )
            )
        return tuple(items)

    def _audio_key(self, message_id: str, worded: Worded, vi: str, personal: bool) -> str | None:
        if self._speaker is None:
            return None
        key = self._speaker.register(worded.language, message_id, worded.text, personal=personal)
        source = self._languages.source
        if key is None and worded.language != source:
            key = self._speaker.register(source, message_id, vi, personal=personal)
        return key

    def _source_lines(self, original: Node, language: str) -> tuple[str, ...]:
        """Who stands for the message, each once: the office that confirmed it, and titles and
        dates of the sources good enough to be shown."""
        confirmed = {part.say.confirmed for part in original.walk() if part.say.confirmed}
        lines = [
            self._words(CONFIRMED_LINE, language, {"date": {"date": day}})[0].text
            for day in sorted(confirmed)
        ]
        ids = dict.fromkeys(name for part in original.walk() for name in part.say.sources)
        for source in (self._sources[name] for name in ids):
            if source.grade not in SHOWABLE:
                continue
            if source.dated is None:
                lines.append(source.title)
                continue
            date: Param = {"date": source.dated.isoformat()}
            params: dict[str, Param] = {"title": source.title, "date": date}
            lines.append(self._words(SOURCE_LINE, language, params)[0].text)
        return tuple(dict.fromkeys(lines))
