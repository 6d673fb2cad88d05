"""A fresh copy of the project for each story."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.checks import all_problems
from knowledge_base.catalog_update import update_catalogs
from knowledge_base.errors import Problem
from knowledge_base.languages import load_languages
from knowledge_base.load import load
from knowledge_base.messages import messages
from tests.project_copy import Copy

PLACES = (
    "actions/",
    "bot/",
    "knowledge_base/",
    "nlu_data/",
    "voices/",
    "tests/knowledge_base/",
    "tests/fakes/",
    "config.yml",
    "pyproject.toml",
)
CATALOGS = "knowledge_base/locales/"


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The project as it is."""
    return Copy.make(tmp_path_factory.mktemp("unchanged"), *PLACES)


@pytest.fixture(scope="session")
def known(unchanged: Copy) -> set[str]:
    """What `rong check` says of the project as it is; nothing, unless somebody is at work on it."""
    update(unchanged)
    unchanged.before = unchanged.content()
    return faults(unchanged)


@pytest.fixture
def copy(unchanged: Copy, known: set[str], tmp_path: Path) -> Copy:
    """A copy to change."""
    root = tmp_path / "project"
    shutil.copytree(unchanged.root, root)
    return Copy(root, dict(unchanged.before))


def update(copy: Copy, *codes: str) -> None:
    """`rong catalogs update` in the copy."""
    root = copy.root / "knowledge_base"
    languages = load_languages(root / "languages.yml")
    update_catalogs(messages(load(root)), languages, root / "locales", only=codes)


def faults(copy: Copy) -> set[str]:
    """What `rong check` finds in the copy, wherever it stands."""
    found: list[Problem] = all_problems(copy.root)
    return {f"{problem.path}: {problem.message}" for problem in found if not problem.warning}


def counted(copy: Copy) -> tuple[set[str], set[str]]:
    """New and edited files; catalogs, which a command brings up to date, are left out."""
    new, edited = copy.changes()
    return (
        {name for name in new if not name.startswith(CATALOGS)},
        {name for name in edited if not name.startswith(CATALOGS)},
    )
