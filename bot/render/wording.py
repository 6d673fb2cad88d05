"""Message ids → words of one language: which text may be shown, and its placeholders filled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.render.values import word_date, word_money
from knowledge_base.catalogs import Catalogs
from knowledge_base.errors import RenderError
from knowledge_base.languages import Languages, Publish
from knowledge_base.load import named
from knowledge_base.messages import PLACEHOLDER
from knowledge_base.say import Param


@dataclass(frozen=True)
class Worded:
    """A text in one language. `draft`: some part of it is an unreviewed translation."""

    text: str
    language: str
    draft: bool = False


@dataclass(frozen=True)
class Wording:
    """Words messages. `texts` are the Vietnamese ones by message id."""

    texts: Mapping[str, str]
    catalogs: Catalogs
    languages: Languages
    publish: Publish
    common: Mapping[str, Param] = field(default_factory=dict)
    """Values that every text may use, such as the name of the commune."""

    def vietnamese(self, message_id: str, params: Mapping[str, Param] | None = None) -> Worded:
        """The source text. Raises `UnknownId` for a message that does not exist and `RenderError`
        for a placeholder without a value; without `params` placeholders are left standing."""
        source = self.languages.source
        text: str = named(self.texts, message_id, "message")

        def nested(inner: str, inner_params: Mapping[str, Param]) -> str:
            return self.vietnamese(inner, inner_params).text

        text = self._filled(message_id, text, params, source, nested)
        return Worded(_nfc(text), source)

    def translated(
        self, language: str, message_id: str, params: Mapping[str, Param] | None = None
    ) -> Worded | None:
        """The text in `language` or one it falls back to, short of the source language; None
        where the message, or a message within it, has no translation that may be shown."""
        original: str = named(self.texts, message_id, "message")
        for code in self.languages.chain(language):
            found = self.catalogs.lookup(code, message_id, original)
            live = self.languages.publish(code, self.publish) == "live"
            if found is None or (live and not found.reviewed):
                continue
            parts = [Worded("", code, not found.reviewed)]
            text = found.text
            nested = _Nested(self, language, parts)
            text = self._filled(message_id, text, params, code, nested)
            if nested.missing:
                return None
            return Worded(_nfc(text), _joint(parts, language), any(p.draft for p in parts))
        return None

    def _filled(
        self,
        message_id: str,
        text: str,
        given: Mapping[str, Param] | None,
        language: str,
        nested: Callable[[str, Mapping[str, Param]], str],
    ) -> str:
        """`text` with its placeholders replaced in one pass, so that a brace in a value that a
        person typed is only a brace. Without `given`, those a page will fill are left standing."""
        params = {**self.common, **(given or {})}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name not in params:
                if given is None:
                    return match[0]
                known = ", ".join(params) or "none"
                raise RenderError(f"{message_id}: {{{name}}} has no value; parameters: {known}")
            param = params[name]
            if isinstance(param, str):
                return param
            if isinstance(param, int):
                return str(param)
            return self._mapping(f"{message_id}: {{{name}}}", param, language, nested)

        return PLACEHOLDER.sub(value, text)

    def _mapping(
        self,
        place: str,
        param: Mapping[str, Any],
        language: str,
        nested: Callable[[str, Mapping[str, Param]], str],
    ) -> str:
        match param:
            case {"say": str(inner)}:
                return nested(inner, param.get("with") or {})
            case {"date": str(day)}:
                return word_date(day, self.languages.values(language))
            case {"money": int(dong)}:
                return word_money(dong, self.languages.values(language))
            case {"language": str(code)}:
                return self.languages[code].name
        raise RenderError(f"{place}: {param!r} is none of say, date, money, language")


class _Nested:
    """Words a message within a message, in the same language; remembers what it used."""

    def __init__(self, wording: Wording, language: str, parts: list[Worded]) -> None:
        self._wording, self._language, self._parts = wording, language, parts
        self.missing = False

    def __call__(self, message_id: str, params: Mapping[str, Param]) -> str:
        worded = self._wording.translated(self._language, message_id, params)
        if worded is None:
            self.missing = True
            return ""
        self._parts.append(worded)
        return worded.text


def _joint(parts: list[Worded], language: str) -> str:
    """The language of a text made of `parts`: theirs, or what was asked for if they differ."""
    codes = {part.language for part in parts}
    return codes.pop() if len(codes) == 1 else language


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
