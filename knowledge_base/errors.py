"""The project's errors.

NhaRongError
├── ProblemsFound        one or many problems in files, each with path and line
├── NotCovered           no row of a dated fact, text or procedure holds on the day asked for
├── UnknownId            a procedure, question, message or language that does not exist
├── BadRequest           input from outside that can't be served (choice not offered, too long …)
├── TooManyTries         too many wrong codes or passwords in a short time
├── RenderError          a message can't be worded: a placeholder without value, a wrong parameter
├── FetchRefused         something from outside that is not fetched: foreign host, gone
│   └── FetchTooLarge    … because it has more bytes than are taken
├── FetchFailed          something could not be fetched now; it may work the next time
├── SettingsError        a setting is missing or wrong; says which and what is allowed
└── EngineError          the dialogue engine could not be built or run
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class NhaRongError(Exception):
    """Base of every error this project raises on purpose."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place of one file. A warning is for staff to look at: it keeps
    nothing from being served."""

    path: str
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"


class ProblemsFound(NhaRongError):
    """All problems found, at once, in the order of path and line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class NotCovered(NhaRongError):
    """Nothing in the knowledge base holds on that day; the last row is never used instead."""


class UnknownId(NhaRongError):
    """An id that nothing has; the message lists what was meant, if something is near."""


class BadRequest(NhaRongError):
    """Input that can't be served as it is."""


class TooManyTries(NhaRongError):
    """Too many wrong tries in a short time; right ones are refused as well for a while."""


class RenderError(NhaRongError):
    """A message can't be worded as it was said; the message names the id and the parameter."""


class FetchRefused(NhaRongError):
    """What is at an address is not taken, now or later."""


class FetchTooLarge(FetchRefused):
    """What is at an address has more bytes than are taken."""


class FetchFailed(NhaRongError):
    """What is at an address could not be had now."""


class SettingsError(NhaRongError):
    """A setting is missing or wrong."""


class EngineError(NhaRongError):
    """The dialogue engine could not be trained, loaded or run."""


MOST_NAMES = 40


def relative(path: Path, root: Path) -> str:
    """`path` as shown to a person: relative to `root` where it lies inside it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def nearest(name: str, known: Iterable[str], what: str) -> str:
    """What to tell about a `name` that nothing has: the nearest one, or all if they are few."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, 1)
    if near:
        return f"'{name}' is not a {what}; did you mean '{near[0]}'?"
    hint = f"there are: {', '.join(known)}" if len(known) <= MOST_NAMES else "look at the list"
    return f"'{name}' is not a {what}; {hint}"
