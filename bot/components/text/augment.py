"""Variants of an utterance as other people would type or say it; made at training time only.

Diacritics dropped, Telex left unconverted, what a recogniser writes, words left out. Shorthand
needs no variants: the views write it out.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence

from knowledge_base.fold import fold, strip_marks

_TELEX_TONE = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_TELEX_LETTER = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_HEARD = (
    (r"\bs", "x"), (r"\bx", "s"), (r"\btr", "ch"), (r"\bch", "tr"), (r"\bgi", "d"),
    (r"\bd", "gi"), (r"\bl", "n"), (r"\bn(?![gh])", "l"), (r"y\b", "i"), (r"i\b", "y"),
    (r"\br", "d"), (r"\bv", "d"), (r"n\b", "ng"), (r"t\b", "c"),
)  # fmt: skip
_FILLERS = (
    "cho em hỏi", "chị ơi", "anh ơi", "cán bộ ơi", "dạ", "ạ", "với ạ", "vậy", "cho hỏi", "em ơi",
    "nhé", "giúp tôi", "giùm mình", "alo", "thì", "ad ơi", "nha", "hả", "ấy", "mà",
)  # fmt: skip
_TAKES_BACK = (
    "à không, {}", "à nhầm, {}", "bấm lộn rồi, {}", "hồi nãy nói sai, {}", "{}, nãy bấm lộn",
    "nãy em nói nhầm {}", "khoan, {}", "sửa lại giúp, {}", "quên nói, {}", "{}, lúc nãy ghi sai",
    "ủa lộn {}", "ý là {}", "{} chứ không phải như nãy", "nói lại nha, {}", "xin lỗi, {}",
)  # fmt: skip
_SMALL_WORDS = "thì là mà của cho có được bị các những cái ạ à vậy với để ở và khi rồi nào"

Variant = Callable[[str, random.Random], str]


def bare(text: str, dice: random.Random) -> str:
    """All diacritics dropped."""
    return strip_marks(text)


def half_bare(text: str, dice: random.Random) -> str:
    """Diacritics dropped from some words."""
    return " ".join(strip_marks(w) if dice.random() < 0.4 else w for w in fold(text).split())


def telex(text: str, dice: random.Random) -> str:
    """Some words as the Telex keystrokes that were meant to become them."""
    words = fold(text).split()
    return " ".join(_keystrokes(w) if dice.random() < 0.3 else w for w in words)


def _keystrokes(word: str) -> str:
    tone, letters = "", ""
    for letter in word:
        for part in unicodedata.normalize("NFD", letter):
            tone += _TELEX_TONE.get(part, "")
        plain = "".join(c for c in unicodedata.normalize("NFD", letter) if c not in _TELEX_TONE)
        plain = unicodedata.normalize("NFC", plain)
        letters += _TELEX_LETTER.get(plain, plain)
    return letters + tone


def heard(text: str, dice: random.Random) -> str:
    """Sounds that are confused by ear swapped in some words."""
    words = fold(text).split()
    for at in range(len(words)):
        if dice.random() < 0.25:
            pattern, other = dice.choice(_HEARD)
            words[at] = re.sub(pattern, other, words[at], count=1)
    return " ".join(words)


def typo(text: str, dice: random.Random) -> str:
    """One or two letters lost, doubled or exchanged."""
    letters = list(fold(text))
    for _ in range(1 if len(letters) < 25 else 2):
        if len(letters) < 5:
            break
        at = dice.randrange(len(letters) - 1)
        kind = dice.randrange(3)
        if kind == 0:
            del letters[at]
        elif kind == 1:
            letters.insert(at, letters[at])
        else:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def terse(text: str, dice: random.Random) -> str:
    """Small words left out, as by someone whose first language is another."""
    words = fold(text).split()
    kept = [w for w in words if w not in _SMALL_WORDS.split() or dice.random() < 0.5]
    return " ".join(kept or words)


def filled(text: str, dice: random.Random) -> str:
    """Something polite before or after."""
    filler = dice.choice(_FILLERS)
    return f"{filler} {text}" if dice.random() < 0.5 else f"{text} {filler}"


def lossy(text: str, dice: random.Random) -> str:
    """One word of a longer message lost."""
    words = fold(text).split()
    if len(words) > 4:
        del words[dice.randrange(len(words))]
    return " ".join(words)


def takes_back(text: str, dice: random.Random) -> str:
    """What somebody says who takes an earlier answer back and gives this one."""
    return dice.choice(_TAKES_BACK).format(text)


VARIANTS: Sequence[Variant] = (half_bare, telex, heard, typo, terse, filled, lossy)


def variants(
    text: str, share: float, dice: random.Random, *, spelling_only: bool = False
) -> list[str]:
    """Variants of `text`, each different from it: without diacritics, and as somebody else would
    write it, unless `spelling_only`. Each of the two is made for `share` of all texts, 0 to 1."""
    found = []
    if dice.random() < share:
        found.append(bare(text, dice))
    if not spelling_only and dice.random() < share:
        variant = dice.choice(VARIANTS)(text, dice)
        if dice.random() < 0.4:
            variant = dice.choice(VARIANTS)(variant, dice)
        if dice.random() < 0.3:
            variant = bare(variant, dice)
        found.append(variant)
    return [v for v in dict.fromkeys(found) if v and v != text]
