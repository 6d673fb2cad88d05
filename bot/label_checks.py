"""Texts that stand under two labels: a model can learn neither from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bot.known_texts import KnownText, known_texts
from knowledge_base.errors import EngineError, Problem, ProblemsFound
from knowledge_base.fold import fold


def labels(project: Path) -> Iterator[Problem]:
    """A text of nlu_data, or a name or example of the knowledge base, that also stands under
    another intent, procedure or need; told at the later place."""
    try:
        known = list(known_texts(project))
    except ProblemsFound as error:
        yield from error.problems
        return
    except EngineError as error:
        yield Problem("nlu_data", 1, str(error))
        return
    alike: defaultdict[str, list[KnownText]] = defaultdict(list)
    for text in known:
        alike[fold(text.text)].append(text)
    for texts in alike.values():
        for at, text in enumerate(texts):
            other = next((other for other in texts[:at] if differ(text, other)), None)
            if other:
                told = (
                    f'"{text.text}" is {named(text)} here and {named(other)} at '
                    f"{other.path}:{other.line}; keep it where it belongs, or delete both if it "
                    "really may mean either"
                )
                yield Problem(text.path, text.line, told)


def differ(one: KnownText, other: KnownText) -> bool:
    """Whether they mean different things. What a procedure is called has no intent."""
    if (one.procedure, one.need) != (other.procedure, other.need):
        return True
    return None not in (one.intent, other.intent) and one.intent != other.intent


def named(text: KnownText) -> str:
    """The label of a text, as a person is told it."""
    about = text.procedure or text.need
    if text.intent is None:
        return f"a name of {about}"
    return f"'{text.intent}' about {about}" if about else f"'{text.intent}'"
