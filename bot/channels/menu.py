"""What a person without buttons may type: numbers and labels of what was offered last."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bot.channels.base import RenderedChoice
from bot.taps import NUMBER
from knowledge_base.fold import fold, strip_marks


class Menu:
    """The choices of the last reply, by number and by word.

    Words are matched whole, with or without diacritics; a word that would mean two choices means
    none of them."""

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        self._entries = dict(entries or {})

    @classmethod
    def of(cls, numbered: Sequence[RenderedChoice], others: Sequence[RenderedChoice] = ()) -> Menu:
        """`numbered` are counted from 1; `others` have only their labels."""
        entries = {str(number): choice.value for number, choice in enumerate(numbered, 1)}
        clear: dict[str, str | None] = {}
        for choice in (*numbered, *others):
            for word in _words(choice):
                meant = clear.setdefault(word, choice.value)
                clear[word] = choice.value if meant == choice.value else None
        # A label that is a number means that number, whatever it is called.
        return cls({word: value for word, value in clear.items() if value} | entries)

    def find(self, text: str) -> str | None:
        """The value that `text` stands for, or None."""
        number = NUMBER.match(text)
        if number:
            return self._entries.get(str(int(number[1])))
        return self._entries.get(fold(text)) or self._entries.get(strip_marks(text))

    def dump(self) -> str:
        """As text, for `load`."""
        return json.dumps(self._entries, ensure_ascii=False)

    @classmethod
    def load(cls, text: str | None) -> Menu:
        """From `dump`; empty from None."""
        return cls(json.loads(text) if text else None)


def _words(choice: RenderedChoice) -> set[str]:
    labels = [choice.label, *([choice.vi] if choice.vi else [])]
    return {form for label in labels for form in (fold(label), strip_marks(label)) if form}
