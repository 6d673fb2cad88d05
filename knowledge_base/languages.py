"""The languages of `languages.yml`: names, fallback chains, publishing, wording of values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from knowledge_base.errors import Problem, ProblemsFound, UnknownId
from knowledge_base.problems import problems_of
from knowledge_base.schema import Model
from knowledge_base.yaml_lines import load_yaml

PATH = Path(__file__).resolve().parent / "languages.yml"

Publish = Literal["pilot", "live"]
"""pilot shows drafts, marked, with the Vietnamese beneath; live shows reviewed text only."""


class Values(Model):
    """How dates and money are worded. Patterns hold {day}, {month}, {year}, {amount}."""

    day: str
    month: str
    year: str
    money: str
    thousands: str
    """What separates groups of three digits."""
    months: tuple[str, ...] = Field(default=(), max_length=12)
    """Names of the months; none means numbers."""


class Language(Model):
    """One language; each field is explained at the head of `languages.yml`."""

    name: str
    vietnamese: str
    script: str
    offered: bool = True
    fallback: tuple[str, ...] = ()
    publish: Literal["inherit", "pilot", "live"] = "inherit"
    values_in: str | None = None
    values: Values | None = None
    letters: str = ""


class LanguagesFile(Model):
    """The shape of `languages.yml`."""

    source: str
    languages: Mapping[str, Language]


@dataclass(frozen=True)
class Languages:
    """All languages, and what follows from them."""

    source: str
    by_code: Mapping[str, Language]

    def __getitem__(self, code: str) -> Language:
        return self.by_code[self.resolve(code)]

    def offered(self) -> tuple[str, ...]:
        """Codes people can choose, in file order."""
        return tuple(code for code, language in self.by_code.items() if language.offered)

    def resolve(self, code: str) -> str:
        """The listed language that serves `code`: itself, or, tag by tag, what it is a variety
        of (RFC 4647, lookup). Raises `UnknownId` where there is none."""
        tags = code.split("-")
        while tags:
            if (known := "-".join(tags)) in self.by_code:
                return known
            tags.pop()
            if tags and len(tags[-1]) == 1:
                tags.pop()
        raise UnknownId(f"'{code}' is not a language; there are: {', '.join(self.by_code)}")

    def chain(self, code: str) -> tuple[str, ...]:
        """Where a text for `code` is looked for, in order, without the source language."""
        code = self.resolve(code)
        chain = (code, *self.by_code[code].fallback)
        return tuple(one for one in dict.fromkeys(chain) if one != self.source)

    def publish(self, code: str, setting: Publish) -> Publish:
        """The publish rule in force for `code`."""
        own = self[code].publish
        return setting if own == "inherit" else own

    def values(self, code: str) -> Values:
        """How dates and money are worded in `code`."""
        language = self[code]
        values = language.values or self[language.values_in or self.source].values
        assert values is not None  # noqa: S101  (`load_languages` checks it)
        return values


def load_languages(path: Path = PATH) -> Languages:
    """Read the languages. Raises `ProblemsFound` with every problem of the file."""
    document = load_yaml(path, f"{path.parent.name}/{path.name}")
    try:
        read = LanguagesFile.model_validate(document.data)
    except ValidationError as error:
        raise ProblemsFound(problems_of(error, LanguagesFile, document)) from error
    known = read.languages
    problems: list[Problem] = []
    if read.source not in known or known[read.source].values is None:
        message = f"'{read.source}' must be one of the languages and have 'values'"
        problems.append(document.problem(("source",), message))
    for code, language in known.items():
        for other in (*language.fallback, *filter(None, [language.values_in])):
            if other not in known:
                message = f"'{other}' is not a language of this file; it has {', '.join(known)}"
                problems.append(document.problem(("languages", code), message))
        values_in = language.values_in
        if values_in and values_in in known and known[values_in].values is None:
            message = f"'values_in: {values_in}', but that language has no 'values'"
            problems.append(document.problem(("languages", code, "values_in"), message))
    if problems:
        raise ProblemsFound(problems)
    return Languages(read.source, known)
