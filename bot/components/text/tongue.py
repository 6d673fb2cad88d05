"""Which language a message is written in, by its script, its letters and its words.

Told by what only that language has: a word that is none of the source language's, spelled with or
without marks, or is rare in it; or a letter that the source language never writes. A loan word, a
name or a slip of the keys is not enough: `LEAST` such words are needed, and they must be `SHARE`
of the message.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import regex

from knowledge_base.fold import fold, graphemes, strip_marks
from knowledge_base.languages import Languages

LEAST = 2
"""Words that only another language has, from which on a message may be in it."""
SHARE = 0.5
"""Of the words of the message that they must be, words of both languages left out."""

OFTEN = 10
"""How many times more often, for each word written, a word of both languages must stand in one of
them to be its own; people mix languages, in what they are trained on too."""
SEEN = 5
"""Times a word must stand in a language for that; a glossary names each word once."""

_FILE = "tongues.json"
_SETS = ("words", "letters", "shared")
_WORD = regex.compile(r"[\p{L}\p{M}']+")


@dataclass(frozen=True)
class Tongue:
    """What a language has, folded. `script`: its ISO 15924 name when no other offered language is
    written in it, else empty; `words` and `letters` that the source language has not; `shared`:
    its words that may as well be the source language's."""

    script: str
    words: frozenset[str]
    letters: frozenset[str]
    shared: frozenset[str]

    def knows(self, word: str) -> bool:
        """Whether a folded word speaks for this language."""
        if self.script:
            return bool(regex.search(rf"\p{{Script={self.script}}}", word))
        return word in self.words or not self.letters.isdisjoint(graphemes(word))


@dataclass(frozen=True)
class Tongues:
    """What tells the languages that people are offered from the source language."""

    by_code: Mapping[str, Tongue]

    @classmethod
    def learn(cls, texts: Mapping[str, Iterable[str]], languages: Languages) -> Tongues:
        """From what is written in each language."""
        ours = _counted(texts.get(languages.source, ()))
        bare: Counter[str] = Counter()
        for word, count in ours.items():
            bare[strip_marks(word)] += count
        scripts = Counter(languages[code].script for code in languages.offered())
        found = {}
        for code in languages.offered():
            if code == languages.source:
                continue
            theirs = _counted(texts.get(code, ()))
            size = theirs.total() / max(ours.total(), 1)
            own, shared = set(), set()
            for word, count in theirs.items():
                expected = size * bare[strip_marks(word)]
                if not expected or (count >= SEEN and count >= OFTEN * expected):
                    own.add(word)
                elif expected < OFTEN * count:
                    shared.add(word)
            script = languages[code].script
            found[code] = Tongue(
                script=script if scripts[script] == 1 else "",
                words=frozenset(own),
                letters=frozenset(fold(letter) for letter in languages[code].letters.split()),
                shared=frozenset(shared),
            )
        return cls(found)

    def of(self, text: str) -> list[str]:
        """The languages that a message may be in besides the source language; [] when nothing
        says that it is in another. Two are named when the words speak for both alike: letters for
        either, and the words that are known for neither or both."""
        words, found = words_of(text), {}
        for code, tongue in self.by_code.items():
            known = [word for word in words if tongue.knows(word)]
            least = 1 if tongue.script else LEAST  # a script is no loan
            telling = [word for word in words if word not in tongue.shared]
            if len(set(known)) >= least and len(known) >= SHARE * len(telling):
                found[code] = (len(known), sum(word in tongue.words for word in known))
        most = max(found.values(), default=None)
        return [code for code, count in found.items() if count == most]

    def save(self, folder: Path) -> None:
        """Write `tongues.json` into `folder`."""
        content = {
            code: {
                "script": tongue.script,
                **{name: sorted(getattr(tongue, name)) for name in _SETS},
            }
            for code, tongue in self.by_code.items()
        }
        (folder / _FILE).write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Tongues:
        content = json.loads((folder / _FILE).read_text("utf-8"))
        return cls(
            {
                code: Tongue(tongue["script"], **{name: frozenset(tongue[name]) for name in _SETS})
                for code, tongue in content.items()
            }
        )


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in words_of(text))


def words_of(text: str) -> list[str]:
    """The words of a text, folded; one letter alone is no word."""
    found = _WORD.findall(fold(unicodedata.normalize("NFC", text)))
    return [word for word in found if len(word) > 1 or not word.isascii()]
