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

    def of(self, views: Views) -> str | None:
        """The procedure that a text means, if it is one of these texts and nothing else."""
        for view in _SEEN:
            procedure = self._meant[view].get(_words(views[view]))
            if procedure:
                return procedure
        return None

    def save(self, folder: Path) -> None:
        """Write `names.json` into `folder`."""
        (folder / _FILE).write_text(json.dumps(self._meant, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Names:
        return cls(json.loads((folder / _FILE).read_text("utf-8")))


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text))
