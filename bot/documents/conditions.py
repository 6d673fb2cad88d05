"""Conditions (`when`) in words: which answers to which questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from bot.documents.words import Wordbook
from knowledge_base.derived import DERIVED
from knowledge_base.load import AskedQuestion, KnowledgeBase
from knowledge_base.present import choice_message
from knowledge_base.say import Param
from knowledge_base.schema import When


def values_of(wanted: str | tuple[str, ...]) -> tuple[str, ...]:
    """The values a condition allows for one answer."""
    return (wanted,) if isinstance(wanted, str) else wanted


class Conditions:
    """Words the conditions of one procedure. `numbered` names a question by its number, as the
    flow diagram shows it, instead of its text."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        asked: Mapping[str, AskedQuestion],
        params: Mapping[str, Param],
        numbered: bool = False,
    ) -> None:
        self._texts, self._asked, self._params = knowledge.texts, asked, params
        self._numbers = {name: i for i, name in enumerate(asked, 1)} if numbered else {}

    def param(self, when: When) -> Param:
        """All conditions of `when` as one parameter; empty where there are none."""
        parts = [self._one(name, values_of(wanted)) for name, wanted in when.items()]
        return reduce(_joined("bot.flow_both"), parts) if parts else ""

    def label(self, name: str, value: str) -> Param:
        """One answer in words."""
        asked = self._asked.get(name)
        if asked is not None:
            return {"say": choice_message(asked, value), "with": self._params}
        message = f"bot.derived.{name}.{value}"
        return {"say": message} if message in self._texts else f"{name}: {value}"

    def words(self, book: Wordbook, when: When, message: str) -> str | None:
        """A message about `when` (`{conditions}`), in words; None where there is no condition."""
        return book.marked(message, {"conditions": self.param(when)}) if when else None

    def _one(self, name: str, values: tuple[str, ...]) -> Param:
        answer = reduce(_joined("bot.flow_or"), [self.label(name, value) for value in values])
        asked = self._asked.get(name)
        if asked is None or name in DERIVED:
            return answer
        if name in self._numbers:
            return _say("bot.flow_answer", number=self._numbers[name], answer=answer)
        question: Param = {"say": asked.message, "with": self._params}
        return _say("bot.handover_item", question=question, answer=answer)


def _say(message: str, **params: Param) -> Param:
    return {"say": message, "with": params}


def _joined(message: str) -> Callable[[Param, Param], Param]:
    return lambda first, second: _say(message, first=first, second=second)
