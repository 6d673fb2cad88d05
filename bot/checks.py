"""Everything `rong check` looks at: knowledge base, what people say, catalogs, voices, domain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.label_checks import labels
from bot.sequence.known import unlearnt
from bot.settings import PROJECT
from bot.shown_checks import pictures, translations
from knowledge_base.answers.examples import example_problems
from knowledge_base.answers.words import load_words
from knowledge_base.catalog_check import check_catalogs
from knowledge_base.checks import check as check_knowledge
from knowledge_base.errors import Problem, ProblemsFound
from knowledge_base.languages import load_languages
from knowledge_base.load import KnowledgeBase, load
from knowledge_base.messages import messages
from knowledge_base.yaml_lines import load_yaml
from voices.packs import read_packs

EMITTERS = (
    "actions",
    "knowledge_base/present.py",
    "bot/engine",
    "bot/assistant.py",
    "bot/taps.py",
    "bot/documents",
)
"""Where message ids are written in code."""
FAMILIES = ("bot.", "ui.", "topic.", "theme.")


def all_problems(project: Path = PROJECT) -> list[Problem]:
    """Every problem found, in the order of path and line."""
    languages = None
    problems = list(check_knowledge(project / "knowledge_base"))
    try:
        languages = load_languages(project / "knowledge_base" / "languages.yml")
    except ProblemsFound as error:
        problems += error.problems
    problems += [Problem(p.path, p.line, p.message) for p in read_packs()[1]]
    problems += _domain(project)
    if languages and all(problem.warning for problem in problems):
        knowledge = load(project / "knowledge_base")
        locales = project / "knowledge_base" / "locales"
        problems += _answers(project, knowledge)
        problems += unlearnt(project, knowledge)
        problems += check_catalogs(messages(knowledge), languages, locales)
        problems += _message_ids(project, knowledge)
        problems += pictures(project, knowledge)
        problems += translations(project, knowledge, languages)
    problems += labels(project)
    return sorted(set(problems))


def _answers(project: Path, knowledge: KnowledgeBase) -> Iterator[Problem]:
    """What is wrong with `nlu_data/*/answers.yml` and `nlu_data/*/answers/`."""
    try:
        load_words(project / "nlu_data")
        yield from example_problems(project / "nlu_data", knowledge)
    except ProblemsFound as error:
        yield from error.problems


def _domain(project: Path) -> Iterator[Problem]:
    """Actions of the domain that no module has, and the other way round."""
    path = project / "bot" / "domain" / "journey.yml"
    document = load_yaml(path, str(path.relative_to(project)))
    declared = document.data.get("actions", [])
    defined = dict(_action_names(project))
    for index, name in enumerate(declared):
        if name not in defined:
            yield document.problem(("actions", index), f"'{name}' is in no module of actions/")
    for name, (module, line) in defined.items():
        if name not in declared:
            yield Problem(module, line, f"'{name}' is not in the domain; add it to {document.path}")


def _action_names(project: Path) -> Iterator[tuple[str, tuple[str, int]]]:
    for path, node in _nodes(project, ["actions"]):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id != "action_name":
                continue
            value = node.value
            name = value.value if isinstance(value, ast.Constant) else "validate_guide_form"
            yield str(name), (path, node.lineno)


def _message_ids(project: Path, knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Message ids in code that no phrase has."""
    for path, node in _nodes(project, EMITTERS):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        name = node.value
        if name.startswith(FAMILIES) and " " not in name and name not in knowledge.phrases:
            if name[-1] in "._" or not name.partition(".")[2]:
                continue  # the first half of an id made while running
            yield Problem(path, node.lineno, f"'{name}' is not in knowledge_base/phrases.yml")


def _nodes(project: Path, places: list[str] | tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    for place in places:
        root = project / place
        for path in sorted(root.rglob("*.py")) if root.is_dir() else [root]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield str(path.relative_to(project)), node
