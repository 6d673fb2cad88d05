"""What is said of a written text: no emoji, no markup, addresses and abbreviations as people say
them. How they are said is data, `packs/<lang>/speech.yml`; numbers are left to the engine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_MARKS = re.compile(r"[*`~#|]+|_{2,}|(?<!\w)_|_(?!\w)")
_BULLET = re.compile(r"^[ \t]*(?:[-–•+][ \t]+)+", re.MULTILINE)
_ARROWS = re.compile(r"[ \t]*[\u2190-\u21ff]+[ \t]*")
_LINE_END = re.compile(r"[ \t]*\n\s*")
_ADDRESS = re.compile(
    r"(?<![\w.@+-])(?:https?://)?(?P<host>(?:[a-z0-9._+-]{1,64}@)?(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24})"
    r"(?![\w@])(?::\d+)?(?P<path>/[^\s<>()]*)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class SpeechTable:
    """One language's way of saying what is written; empty says everything as it is."""

    words: Mapping[str, str] = field(default_factory=dict)
    endings: frozenset[str] = frozenset()
    """Last labels that make a dotted name an address."""
    signs: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Any of the words, standing alone; the longest wins."""
        if not self.words:
            return None
        known = sorted(self.words, key=len, reverse=True)
        each = "|".join(re.escape(w) + (r"(?!\w)" if w[-1].isalnum() else "") for w in known)
        return re.compile(rf"(?<!\w)(?:{each})")


def spoken(text: str, table: SpeechTable) -> str:
    """`text` as it is to be spoken, NFC, on one line; empty when no letter or digit is left."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    text = _LINK.sub(r"\1", _TAG.sub(" ", text))
    text = _ADDRESS.sub(lambda match: _address(match, table), text)
    text = _MARKS.sub("", _ARROWS.sub(", ", _BULLET.sub("", text)))
    if table.pattern is not None:
        text = table.pattern.sub(lambda match: table.words[match[0]], text)
    text = _LINE_END.sub(_pause, text.strip())
    text = "".join(filter(_is_said, text))
    text = re.sub(r"\s+([,.;:!?…])", r"\1", re.sub(r"\s+", " ", text)).strip()
    return text if any(character.isalnum() for character in text) else ""


def _address(match: re.Match[str], table: SpeechTable) -> str:
    """`https://dichvucong.gov.vn/x` → "dịch vụ công chấm gov chấm vi en": the path is not said."""
    host = match["host"]
    if host.rsplit(".", 1)[1].lower() not in table.endings:
        return match[0]
    parts = re.split(r"([^A-Za-z0-9])", host)
    while parts and table.labels.get(parts[0].lower()) == "":
        parts = parts[2:]
    said = [table.signs.get(part, table.labels.get(part.lower(), part)) for part in parts]
    path = match["path"] or ""
    tail = path[-1] if path[-1:] in {".", ",", ";", "!", "?"} else ""
    return " ".join(filter(None, said)) + tail


def _pause(match: re.Match[str]) -> str:
    """A line's end is a sentence's end unless punctuation is there already."""
    before = match.string[match.start() - 1]
    return " " if before in ".,;:!?…" else ". "


def _is_said(character: str) -> bool:
    """False for emoji, their joiners and skin tones, and control characters."""
    if character.isspace():
        return True
    if character == "\u20e3":
        return False
    return unicodedata.category(character) not in {"So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn"} and (
        not "\ufe00" <= character <= "\ufe0f"
    )
