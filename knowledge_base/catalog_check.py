"""Finds what is wrong with catalogs: all of it, each with file and line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polib

from knowledge_base.catalog_update import LABEL_LENGTH
from knowledge_base.catalogs import LOCALES, catalog_paths, read_catalog
from knowledge_base.errors import Problem, ProblemsFound, relative
from knowledge_base.fold import graphemes
from knowledge_base.glossary import cited, load_glossary, unattested
from knowledge_base.languages import Languages
from knowledge_base.messages import PLACEHOLDER, Message

UPDATE = "run `rong catalogs update`"

_MARKUP = re.compile(r"</?[A-Za-z!]|&[a-z]+;|\*\*|^\s*#+ |\[[^\]]+\]\(|[\x00-\x08\x0b-\x1f\x7f]")


def check_catalogs(
    messages: Iterable[Message], languages: Languages, root: Path = LOCALES
) -> list[Problem]:
    """Every problem of every catalog; none when all is well."""
    wanted = {message.id: message for message in messages}
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for code, path in catalog_paths(root):
        shown = relative(path, root.parent.parent)
        seen.add((code, path.stem))
        if code not in languages.by_code:
            listed = ", ".join(languages.by_code)
            problems.append(
                Problem(shown, 1, f"'{code}' is not in languages.yml, which has {listed}")
            )
            continue
        try:
            catalog = read_catalog(path, root)
        except ProblemsFound as error:
            problems += error.problems
            continue
        problems += _catalog(catalog, code, shown, path.stem, wanted)
    domains = {message.domain for message in wanted.values()}
    for code in languages.offered():
        for domain in sorted(domains if code != languages.source else ()):
            if (code, domain) not in seen:
                missing = relative(root / code / "LC_MESSAGES" / f"{domain}.po", root.parent.parent)
                problems.append(Problem(missing, 1, f"there is no such catalog; {UPDATE}"))
    return sorted(problems)


def _catalog(
    catalog: polib.POFile, code: str, shown: str, domain: str, wanted: Mapping[str, Message]
) -> Iterator[Problem]:
    language = catalog.metadata.get("Language")
    if language != code:
        yield Problem(shown, 1, f"its header says 'Language: {language}', its folder '{code}'")
    glossary = load_glossary(code)
    found: set[str] = set()
    for entry in catalog:
        if entry.obsolete:
            continue
        name = entry.msgctxt or ""
        message = wanted.get(name)
        if name in found:
            yield Problem(shown, entry.linenum, f"'{name}' is there twice; keep one")
        elif message is None or message.domain != domain:
            yield Problem(shown, entry.linenum, f"'{name}' is not a message of {domain}; {UPDATE}")
        elif message.text != entry.msgid:
            yield Problem(shown, entry.linenum, f"the Vietnamese of '{name}' changed; {UPDATE}")
        elif entry.msgstr:
            for text in _text(entry, message):
                yield Problem(shown, entry.linenum, f"'{name}': {text}")
            if glossary and entry.fuzzy:
                used = cited(entry.tcomment, glossary)
                for word in unattested(entry.msgstr, used):
                    yield Problem(
                        shown,
                        entry.linenum,
                        f"'{name}': no glossary entry named in its comment has the word '{word}'; "
                        "name it (`glossary: …`), or leave the draft out until a speaker gives it",
                    )
        found.add(name)
    for name, message in wanted.items():
        if message.domain == domain and name not in found:
            yield Problem(shown, 1, f"'{name}' is missing; {UPDATE}")


def _text(entry: polib.POEntry, message: Message) -> Iterator[str]:
    """What is wrong with one translation, in words."""
    text = entry.msgstr
    placeholders = frozenset(PLACEHOLDER.findall(text))
    for name in sorted(message.placeholders - placeholders):
        yield f"the translation lacks {{{name}}}"
    for name in sorted(placeholders - message.placeholders):
        yield f"the Vietnamese has no {{{name}}}"
    if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
        yield "a brace is left over; placeholders look like {name}"
    if found := _MARKUP.search(text):
        yield f"'{found.group()}' looks like markup; texts are plain"
    if text != unicodedata.normalize("NFC", text):
        yield "not in Unicode form NFC; normalise it"
    if text != text.strip() or "\n" in text:
        yield "no blanks at its ends and no line breaks"
    if message.label and (length := sum(1 for _ in graphemes(text))) > LABEL_LENGTH:
        yield f"a label of {length} characters; at most {LABEL_LENGTH} fit"
