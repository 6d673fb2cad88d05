"""A copy of the project's files for tests that change them, and what was changed in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import PROJECT


def project_files() -> list[str]:
    """The files the repository holds or is about to, by path, as they are now."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [name for name in dict.fromkeys(told) if (PROJECT / name).is_file()]


@dataclass
class Copy:
    """A copy of some of the project's files in a folder of its own."""

    root: Path
    before: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path, *places: str) -> Copy:
        """Copy the files whose path begins with one of `places` (all without any)."""
        copy = cls(root)
        for name in project_files():
            if not places or name.startswith(places):
                target = root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(PROJECT / name, target)
        copy.before = copy.content()
        return copy

    def content(self) -> dict[str, bytes]:
        """Path → content of every file that is kept."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and not {"__pycache__", "var"} & set(path.parts)
        }

    def changes(self) -> tuple[set[str], set[str]]:
        """Files that are new, and files that were edited or removed."""
        now = self.content()
        new = now.keys() - self.before.keys()
        edited = {name for name, content in self.before.items() if now.get(name) != content}
        return set(new), edited

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the one place where `old` stands in a file."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        """Write a new file."""
        path = self.root / name
        assert not path.exists(), name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(
        self, *command: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a `rong` command or a Python module (`-m …`, `-c …`) in the copy."""
        first = ["-c", "from bot.cli import main; main()"] if command[0] == "rong" else []
        arguments = command[1:] if first else command
        return subprocess.run(
            [sys.executable, *first, *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root), **(environment or {})},
            capture_output=True,
            text=True,
        )
