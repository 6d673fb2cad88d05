"""The commands people are promised, and the one lock they install from."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import tomllib
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name as canonical
from packaging.version import Version

from bot import tensorflow_absent
from bot.settings import PROJECT

with warnings.catch_warnings():  # this version of it is older than its parser
    warnings.simplefilter("ignore", DeprecationWarning)
    from packaging.requirements import Requirement

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:packaging")

MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
DOCUMENTS = sorted(PROJECT.glob("*.md")) + sorted((PROJECT / "docs").rglob("*.md"))


def locked() -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_real_targets(path: Path) -> None:
    code = re.findall(r"```.*?```|`[^`\n]+`", path.read_text("utf-8"), re.DOTALL)
    named = re.findall(r"\bmake ([a-z][a-z-]*)", "\n".join(code))
    assert set(named) <= TARGETS


def test_targets_are_phony() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == TARGETS


def test_ci_runs_make_test_and_nothing_else() -> None:
    script = PROJECT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = [line for line in script.read_text().splitlines() if line and line[0] != "#"]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


def test_lock_names_no_place() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^\s*-", LOCK, re.MULTILINE)  # no option lines
    assert not re.search(r"\s@\s|/(home|root|opt|tmp|Users)/", LOCK)


def test_lock_has_every_direct_requirement() -> None:
    names = {canonical(wanted.name) for wanted in direct()}
    assert len(names) > 30
    assert names <= {canonical(name) for name in locked()}


def direct() -> list[Requirement]:
    """What pyproject.toml asks for with all its extras, these written out where one names another
    (`nha-rong[encoder]`)."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines, own = [*project["dependencies"], *(one for lines in extras.values() for one in lines)], 0
    found = []
    for line in lines:
        wanted = Requirement(line)
        if canonical(wanted.name) == canonical(project["name"]):
            assert wanted.extras <= extras.keys(), line
            own += 1  # its lines are among them already
        else:
            found.append(wanted)
    assert own + len(found) == len(lines)
    return found


def needed(wanted: list[Requirement]) -> set[str]:
    """The names of all that these need here, by what the installed distributions say. Their
    markers count: torch's build for processors alone asks for no CUDA."""
    seen: set[tuple[str, str]] = set()
    waiting = [(one.name, extra) for one in wanted for extra in ("", *one.extras)]
    while waiting:
        name, extra = waiting.pop()
        if (canonical(name), extra) in seen:
            continue
        seen.add((canonical(name), extra))
        for line in requirements(name):
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate({"extra": extra}):
                waiting += [(one.name, other) for other in ("", *one.extras)]
    return {name for name, _ in seen}


def requirements(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []  # what stands in for it is told by another test


def different(lock: Mapping[str, str], wanted: set[str]) -> dict[str, str]:
    """What is installed in another version than is locked, or needed and not installed."""
    found = {}
    for name, version in lock.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if canonical(name) in wanted:
                found[name] = f"needed and not installed, {version} is locked"
            continue
        # which build of it (torch's "+cpu") is for the machine to choose
        if Version(installed).public != Version(version).public:
            found[name] = f"{installed} is installed, {version} is locked"
    return found


def test_environment_is_what_the_lock_says() -> None:
    wanted = needed(direct())
    assert not different(locked(), wanted), "run `make test` again, or `make lock`"
    assert len(wanted & {canonical(name) for name in locked()}) > 100


def test_an_environment_that_differs_is_seen() -> None:
    assert different({"rasa": "1.0"}, {"rasa"})
    assert different({"no-such-distribution": "1.0"}, {"no-such-distribution"})
    assert not different({"no-such-distribution": "1.0"}, {"rasa"})


def test_lock_leaves_out_what_is_stood_in_for() -> None:
    roots = {root.replace("_", "-").replace(".", "-") for root in tensorflow_absent.ROOTS}
    assert not roots & locked().keys()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_alone_lists_the_commands() -> None:
    told = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "check", "lock", "bench-stock", "clean"):
        assert f"  make {target} " in told


def test_without_python_or_uv_make_says_what_to_install(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "make", "cat"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, tmp_path)
    told = subprocess.run(
        ["make", "run"], cwd=tmp_path, env={"PATH": str(tools)}, capture_output=True, text=True
    )
    assert told.returncode != 0
    assert "Neither uv nor Python 3.11 was found" in told.stderr
    assert not (tmp_path / ".venv").exists()
