"""Texts that mean one procedure by themselves: its titles, aliases and example questions.

A model that weighs every word may take "hộ nghèo" for an answer to a question nobody asked, or
"tranh chấp đất" for no business of ours; the knowledge base says what they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.components.text.views import Views

_FILE = "names.json"
_SEEN = ("folded", "stripped")
"""The views a text is looked up in, the one that keeps marks first."""
_WORD = re.compile(r"\w+")
_OR = re.compile(r" (?:hay là|hay la|hay|hoặc|hoac) ")


class Names:
    """What is called what, by each view."""

    def __init__(self, meant: Mapping[str, Mapping[str, str]]) -> None:
        """`meant`: view → words → procedure."""
        self._meant = meant

    @classmethod
    def learn(cls, texts: Iterable[tuple[Views, str]]) -> Names:
        """From texts with the procedure that each means; what two procedures share means none."""
        found: dict[str, dict[str, set[str]]] = {view: {} for view in _SEEN}
        for views, procedure in texts:
            for view in _SEEN:
                found[view].setdefault(_words(views[view]), set()).add(procedure)
        return cls(
            {
                view: {words: min(those) for words, those in by_words.items() if len(those) == 1}
                for view, by_words in found.items()
            }
        )

    def of(self, views: Views) -> tuple[str, ...]:
        """The procedure that a text means, if it is one of these texts and nothing else; both, if
        it is two of them with an *or* between."""
        for view in _SEEN:
            words = _words(views[view])
            if procedure := self._meant[view].get(words):
                return (procedure,)
            parts = [part.split() for part in _OR.split(words)]
            either = dict.fromkeys(self._about(view, part) for part in parts)
            if len(parts) == 2 and len(either) == 2 and "" not in either:
                return tuple(either)
        return ()

    def _about(self, view: str, words: list[str]) -> str:
        """The procedure that `words` name, perhaps with one more word at an end; else nothing."""
        tried = (words, words[1:], words[:-1])
        found = (self._meant[view].get(" ".join(some)) for some in tried)
        return next((procedure for procedure in found if procedure), "")

    def save(self, folder: Path) -> None:
        """Write `names.json` into `folder`."""
        (folder / _FILE).write_text(json.dumps(self._meant, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Names:
        return cls(json.loads((folder / _FILE).read_text("utf-8")))


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text))
