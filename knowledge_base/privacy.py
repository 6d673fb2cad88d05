"""Hiding what identifies a person before it is stored, logged or echoed.

Hidden are citizen and old identity numbers, health-insurance codes, phone and passport numbers,
however they are spaced and in whatever digits. Left alone are dates, sums of money, years,
procedure codes and other short numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MASK = "•••"

# What may stand between two digits of one number; `\d` is any Unicode decimal digit.
_DIGIT = r"[\d\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u2080-\u2089\u2460-\u2468\u24ea]"
_HIDDEN = r"[\u200b-\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f\u20e3]"
_GAP = rf"(?:{_HIDDEN}|[^\S\r\n]|[.\-\u2010-\u2015\u2212_/·•()+]|,(?!\s)){{1,4}}"
_RUN = re.compile(rf"{_DIGIT}(?:(?:{_GAP})?{_DIGIT}){{6,}}{_HIDDEN}*")
_GROUP = re.compile(rf"{_DIGIT}(?:{_HIDDEN}*{_DIGIT})*{_HIDDEN}*")
_ONE_DIGIT = re.compile(_DIGIT)

_NOT_INSIDE = rf"(?<!{_DIGIT})"
_NOT_ON = rf"(?!{_DIGIT})"
_DATE = (
    rf"{_NOT_INSIDE}(?:0?[1-9]|[12]\d|3[01])(?P<s>[/.\-])(?:0?[1-9]|1[0-2])(?:(?P=s)(?:\d{{4}}|\d\d))"
    rf"(?!{_DIGIT}|(?P=s){_DIGIT})"
)
_ISO = (
    rf"{_NOT_INSIDE}(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!{_DIGIT}|-{_DIGIT})"
)
_DAY_MONTH = (
    rf"{_NOT_INSIDE}(?<!{_DIGIT}[/.\-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?!{_DIGIT}|/)"
)
_CODE = rf"{_NOT_INSIDE}(?<!{_DIGIT}[.\-])\d\.\d{{6}}(?:\.\d\d)?(?!{_DIGIT}|[.\-]{_DIGIT})"
_SUM = r"\d{1,3}(?:[.,]\d{3})+"
_MONEY = (
    rf"{_NOT_INSIDE}(?<!{_DIGIT}[.,])(?:{_SUM}\s?(?:-|–|đến|tới)\s?)?{_SUM}(?!{_DIGIT}|[.,]{_DIGIT})"
    r"(?=\s?(?:đ|₫|vnđ|vnd|đồng|dong|usd)(?![^\W\d_]))"
)
_HARMLESS = re.compile("|".join((_DATE, _ISO, _DAY_MONTH, _CODE, _MONEY)), re.IGNORECASE)

_LETTERS = r"(?<![^\W\d_])"
_PASSPORT = re.compile(rf"{_LETTERS}[^\W\d_][ \-.]?{_DIGIT}{{7,8}}{_NOT_ON}")
_CARD = re.compile(
    rf"{_LETTERS}[^\W\d_]{{2}}(?:{_GAP})?{_DIGIT}(?:(?:{_GAP})?{_DIGIT}){{12}}{_NOT_ON}"
)


def mask_identity(text: str) -> str:
    """`text` with each number that may identify someone replaced by `•••`.

    When in doubt it hides. Masking a masked text changes nothing.
    """
    if len(_ONE_DIGIT.findall(text)) < 7:
        return text
    text = _CARD.sub(MASK, text)
    kept: list[str] = []
    position = 0
    for harmless in _HARMLESS.finditer(text):
        kept += [_mask_piece(text[position : harmless.start()]), harmless.group()]
        position = harmless.end()
    return "".join([*kept, _mask_piece(text[position:])])


def looks_masked(text: str) -> bool:
    """Whether something was hidden in `text`."""
    return MASK in text


def _mask_piece(text: str) -> str:
    masked: list[str] = []
    position = 0
    for run in _RUN.finditer(text):
        for start, end in _identifying(run):
            masked += [text[position:start], MASK]
            position = end
    return _PASSPORT.sub(MASK, "".join([*masked, text[position:]]))


def _identifying(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The parts of a run of digit groups that make up a number worth hiding, merged."""
    groups = [
        (m.start() + run.start(), m.end() + run.start()) for m in _GROUP.finditer(run.group())
    ]
    digits = ["".join(_ONE_DIGIT.findall(run.string[start:end])) for start, end in groups]
    # Nobody's sentence holds this many numbers in a row; hiding them all keeps the work linear.
    hidden = [len(groups) > 40] * len(groups)
    for first in range(0 if hidden[0] else len(groups)):
        for last in range(first + 1, min(first + 14, len(groups)) + 1):
            if _identifies(digits[first:last]):
                hidden[first:last] = [True] * (last - first)
    index = 0
    while index < len(groups):
        if not hidden[index]:
            index += 1
            continue
        first = index
        while index + 1 < len(groups) and hidden[index + 1]:
            index += 1
        yield groups[first][0], groups[index][1]
        index += 1


def _identifies(groups: list[str]) -> bool:
    """Contiguous numbers of 9 digits and more always; spaced ones when they have the length and
    the first digits of a citizen number, a phone number, an insurance code or an old card."""
    total = sum(map(len, groups))
    if len(groups) == 1:
        return total >= 9
    start = _value("".join(groups)[:2])
    if _is_date(groups) and total <= 10:
        return False
    if total in (10, 11, 12) and start.startswith("0"):
        return True
    if total in (11, 12) and start == "84":
        return True
    sizes = [len(group) for group in groups]
    return (
        total in (9, 10, 12, 13) and max(sizes) - min(sizes) <= 1 and not all(map(_is_year, groups))
    )


def _value(digits: str) -> str:
    # ① and ² have a digit value although they are not decimal digits.
    return "".join(str(unicodedata.digit(d)) for d in digits)


def _is_year(group: str) -> bool:
    return len(group) == 4 and _value(group)[:2] in ("19", "20")


def _is_date(groups: list[str]) -> bool:
    """Day, month and year with spaces between, perhaps followed by a small number."""
    if len(groups) not in (3, 4) or not _is_year(groups[2]):
        return False
    day, month = (int(_value(group)) for group in groups[:2])
    return len(groups[0]) <= 2 and len(groups[1]) <= 2 and 1 <= day <= 31 and 1 <= month <= 12
