"""The commands people are promised, and the one lock they install from."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

from bot import tensorflow_absent
from bot.settings import PROJECT

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
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(line for extra in extras for line in extra)]
    names = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in wanted}
    assert names <= {name.lower() for name in locked()}


def test_environment_is_what_the_lock_says() -> None:
    different = {}
    for name, version in locked().items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = "0"
        if Version(found) != Version(version):
            different[name] = f"{found} is installed, {version} is locked"
    assert not different, "run `make test` again, or `make lock`"


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
