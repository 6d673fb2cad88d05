"""Keys for comparing text, and cutting it where a reader would.

Display text is only ever `nfc`; keys are only ever compared. `fold` joins the spellings that mean
the same (decomposed letters, ƀ and 'b, č and ch, ñ and nh, caron for breve, the two places of a
Vietnamese tone mark); `strip_marks` is coarser and drops every diacritic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

_BREVE = "\u0306"
# Spacing marks must become combining ones before NFKD, which would put a space in front of them.
_BEFORE = str.maketrans(
    {
        "\u02d8": _BREVE,
        "\u02c7": _BREVE,
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u02bb\u02b9\u00b4\u2032\uff07\u0060\u0294", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    }
)
_AFTER = str.maketrans({"\u030c": _BREVE})
_INVISIBLE = regex.compile(r"(?![\t-\r\u0085])[\p{C}\uFE00-\uFE0F\u20E3\u034F\p{Emoji_Modifier}]")
_CONTROL = regex.compile(r"[^\x20-\x7e\t-\r]")
_GLOTTAL_B = regex.compile(r"(?<![\p{L}\p{M}])'b|(?<![\p{L}\p{M}])b'(?=\p{L})")
_LONE_APOSTROPHE = regex.compile(r"'(?![\p{L}])")
_LONE_SEPARATOR = regex.compile(r"(?<!\d)[-./:,]|[-./:,](?!\d)")
_STRAY_MARK = regex.compile(r"(?<![\p{L}\p{M}])\p{M}+")
_PUNCTUATION = regex.compile(r"[^\p{L}\p{M}\p{N}\p{So}'\-./:,]+")
_PICTURE = regex.compile(r"(\p{So})")
_SYLLABLE_END = r"(?![\p{L}\p{M}])"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# New-style "hoà, khoẻ, thuỷ" to "hòa, khỏe, thủy"; after q the u is part of the consonant.
_LATE_TONE = regex.compile(
    rf"(o)([ae])([{_TONES}]){_SYLLABLE_END}|(?<!q)(u)(y)([{_TONES}]){_SYLLABLE_END}"
)
_LIGATURES = (("c" + _BREVE, "ch"), ("ñ", "nh"))
_BARE = str.maketrans({"đ": "d", "ƀ": "b", "'": None})
_MARK = regex.compile(r"\p{M}+")


def nfc(text: str) -> str:
    """`text` as it is stored and shown: composed as far as Unicode can, nothing else changed."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The search key: lower-case letters, digits and single spaces.

    Kept besides letters: an apostrophe before or inside a word, the separators of dates and
    numbers between digits (`12/3`, `1.001193`), and pictures, each a word of its own. Folding a
    folded text changes nothing.
    """
    if text.isascii():
        key = _CONTROL.sub("", text.lower().replace("`", "'"))
    else:
        key = _INVISIBLE.sub("", text).translate(_BEFORE)
        key = unicodedata.normalize("NFKD", key).translate(_BEFORE)
        key = unicodedata.normalize("NFKD", key.lower()).translate(_AFTER)
        key = _LATE_TONE.sub(_move_tone, key)
        key = unicodedata.normalize("NFC", key)
        for written, joined in _LIGATURES:
            key = key.replace(written, joined)
        key = _PICTURE.sub(r" \1 ", _STRAY_MARK.sub("", key))
    key = _GLOTTAL_B.sub("ƀ", _PUNCTUATION.sub(" ", key))
    key = _LONE_SEPARATOR.sub(" ", _LONE_APOSTROPHE.sub(" ", key))
    return " ".join(key.split())


def _move_tone(match: regex.Match[str]) -> str:
    first, second, tone = (part for part in match.groups() if part)
    return f"{first}{tone}{second}"


def strip_marks(text: str) -> str:
    """The coarser key: folded, then without diacritics, apostrophes and barred letters."""
    key = fold(text)
    if key.isascii():
        return key.replace("'", "")
    bare = _MARK.sub("", unicodedata.normalize("NFD", key.translate(_BARE)))
    return " ".join(bare.split())


def graphemes(text: str) -> Iterator[str]:
    """What a reader counts as one character: `ê̆` is one although Unicode has no single code."""
    return (match.group() for match in regex.finditer(r"\X", text))


def cut(text: str, n: int) -> str:
    """At most `n` graphemes of `text`; a letter is never parted from its marks."""
    if len(text) <= n:
        return text
    end = 0
    for count, match in enumerate(regex.finditer(r"\X", text)):
        if count == n:
            break
        end = match.end()
    return text[:end]
