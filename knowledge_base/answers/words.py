"""The words of all languages together, from `nlu_data/<language>/answers.yml`.

People answer in Vietnamese whatever language they chose, and mix, so there is one set of words.
A language is a folder; every key of its file is optional, and what the keys mean is written in
`nlu_data/vi/answers.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.answers.lexicon import PLAIN, Item, Lexicon, Value
from knowledge_base.answers.places import PLACES
from knowledge_base.errors import Problem, ProblemsFound, relative

FILE = "answers.yml"
MARKS_NEEDED = "="
"""Before a phrase that counts only with its marks, because without them it is another word."""

SHORT_ANSWERS = (
    *("yes", "no", "planned", "opening_no", "not_no", "lost", "assent", "unknown", "filler"),
    *("contrast", "because", "so", "asking", "retort", "hedge", "only"),
    *("nowhere", "nothing", "used_up"),
)
"""Lists of phrases that decide a yes or no; their names are also their kinds in the lexicon."""

HELPING = (
    *("know", "told", "defer", "let", "asks_first", "rhetorical"),
    *("ever", "indefinite", "exists", "still", "then", "able", "needs"),
    *("tag", PLAIN),
)
"""Lists of phrases that say something only together with others; alone they are words like any."""

POINTING = ("pointing", "from_end", *PLACES)
"""Lists of phrases for choosing by place."""
DATE_LISTS = (
    *("date_prefix", "weekday_prefix", "half", "ago", "ahead", "about", "some", "early", "part"),
    *("vague_time", "season", "not_yet", "not_a_date", "event", "since", "skip"),
    *("lunar", "maybe_lunar", "lunar_after", "zodiac", "solar"),
    *("exact", "clock", "range", "near", "age_prefix", "when", "birthday", "born"),
)
DATE_TABLES = (
    *("units", "age", "after_unit", "before_unit", "relative_days", "relative_years"),
    *("months", "weekdays", "holidays", "milestones", "school"),
)
NUMBER_TABLES = ("values", "after_ten", "after_unit", "times")
CHANGING = (
    "correction",
    "taken_back",
    "hesitation",
    "interjection",
    "dismissal",
    "forgotten",
    "right",
    "leftover",
    "before",
    "now",
    "answered",
    "wrong",
    "slip",
    "not_that",
    "is_not",
)
"""Lists of phrases that change what was said before."""
LISTS = (*SHORT_ANSWERS, *HELPING, *POINTING, *CHANGING)


@dataclass(eq=False)
class AnswerWords:
    """Everything `interpret` knows of words. Built once, then only read; `latest` are the clauses
    of the last message, by what was asked."""

    short: Lexicon = field(default_factory=Lexicon)
    dates: Lexicon = field(default_factory=Lexicon)
    corrections: Lexicon = field(default_factory=Lexicon)
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    latest: tuple[object, dict[Any, Any]] = (None, {})


def is_own(item: Item) -> bool:
    """Whether an item of a message is a word of its own, no answer and no mere politeness."""
    return not item.kinds.keys() - set(HELPING)


def load_words(folder: Path) -> AnswerWords:
    """Read every `<language>/answers.yml` under `folder`; ProblemsFound if one is broken."""
    words = AnswerWords()
    problems: list[Problem] = []
    for path in sorted(folder.glob(f"*/{FILE}")):
        shown = relative(path, folder.parent)
        try:
            data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problems.append(Problem(shown, mark.line + 1 if mark else 1, f"not YAML: {error}"))
            continue
        text = path.read_text(encoding="utf-8")
        found = list(_problems(data))
        problems += [Problem(shown, _line(text, key), message) for key, message in found]
        if not found:
            _add(words, data or {})
    if problems:
        raise ProblemsFound(problems)
    return words


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe, and reads `yes`, `no` and dates as the words they are."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:int"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _add(words: AnswerWords, data: Mapping[str, Any]) -> None:
    exact = data.get("marks") == "needed"
    for kind in (*SHORT_ANSWERS, *HELPING, *POINTING):
        fill(words.short, _phrases(data, kind), kind, exact)
    fill(words.dates, _phrases(data, PLAIN), PLAIN, exact)
    words.plain = (*words.plain, *_phrases(data, PLAIN))
    for kind in (*CHANGING, "filler"):
        fill(words.corrections, _phrases(data, kind), kind, exact)
    for name, phrases in data.get("sets", {}).items():
        words.sets[name] = (*words.sets.get(name, ()), *map(str, phrases))
    numbers: Mapping[str, Mapping[Any, int]] = data.get("numbers", {})
    for name in NUMBER_TABLES:
        for phrase, value in numbers.get(name, {}).items():
            for lexicon in (words.short, words.dates):
                lexicon.add([str(phrase)], f"number_{name}", value, exact=exact)
    for lexicon in (words.short, words.dates):
        lexicon.add(map(str, numbers.get("and", ())), "number_and", exact=exact)
    for kind, name in (("not", "no"), ("unsure", "unknown")):
        fill(words.dates, _phrases(data, name), kind, exact)
    dates: Mapping[str, Any] = data.get("dates", {})
    for name in DATE_LISTS:
        fill(words.dates, _phrases(dates, name), name, exact)
    for name in DATE_TABLES:
        for phrase, value in dates.get(name, {}).items():
            fill(words.dates, [str(phrase)], name, exact, value)


def fill(
    lexicon: Lexicon, phrases: Iterable[str], kind: str, exact: bool, value: Value = True
) -> None:
    """Let `phrases` be a `kind`, meaning `value`; those with MARKS_NEEDED before them, or all if
    `exact`, only with their marks."""
    for phrase in phrases:
        marks = phrase.startswith(MARKS_NEEDED)
        lexicon.add([phrase.removeprefix(MARKS_NEEDED)], kind, value, exact=exact or marks)


def _phrases(data: Mapping[str, Any], key: str) -> Iterator[str]:
    return map(str, data.get(key, ()))


def _problems(data: object) -> Iterator[tuple[str, str]]:
    """Every key that is unknown or of the wrong form, with what is wrong."""
    if data is None:
        return
    if not isinstance(data, dict):
        yield "", "a mapping of word lists is expected"
        return
    yield from _wrong(data, LISTS, (), ("marks", "numbers", "dates", "sets"))
    yield from _wrong(_inner(data, "numbers"), ("and",), NUMBER_TABLES, ())
    yield from _wrong(_inner(data, "dates"), DATE_LISTS, DATE_TABLES, ())
    sets = _inner(data, "sets")
    yield from _wrong(sets, tuple(sets), (), ())


def _inner(data: dict[str, Any], key: str) -> dict[str, Any]:
    inner = data.get(key, {})
    return inner if isinstance(inner, dict) else {key: inner}


def _wrong(
    data: dict[str, Any], lists: tuple[str, ...] | list[str], tables: Any, parts: Any
) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if key in lists:
            if not isinstance(value, list) or not all(isinstance(v, str | int) for v in value):
                yield key, f"'{key}' is a list of words"
        elif key in tables:
            if not isinstance(value, dict) or not all(
                isinstance(v, str | int) for v in value.values()
            ):
                yield key, f"'{key}' is a table from a word to its value"
        elif key not in parts:
            allowed = ", ".join(sorted({*lists, *tables, *parts}))
            yield str(key), f"'{key}' is not a list of words known here; allowed are {allowed}"


def _line(text: str, key: str) -> int:
    match = re.search(rf"(?:^|[{{,])[ \t]*{re.escape(key)}[ \t]*:", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1
