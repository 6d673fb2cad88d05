"""Files of the audio cache. Several processes may share one folder.

    <root>/3f/3f…/prompt.json                       what the key stands for
    <root>/3f/3f…/normal.espeak_ng.1a2b3c4d.ogg     speed, voice, CRC-32 of the file, format
    <root>/personal/p9c…/…                          the same, for words that came from a person

A file appears under its name only when it is whole, and is checked against its CRC whenever it
is served, so neither a kill nor a bad disk is ever heard.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

KEY = re.compile(r"p?[0-9a-f]{32}")
PROMPT = "prompt.json"
PERSONAL = "personal"
TOUCH_AFTER = 3600.0
"""Seconds after which a use is written down again; more often would only wear the disk."""
ROOM = 0.9
"""Part of the size limit that is left filled after an eviction."""


@dataclass(frozen=True)
class Prompt:
    """A text that may be spoken."""

    language: str
    message_id: str
    text: str
    personal: bool = False


class AudioStore:
    """The cache folder; every method blocks. Keys must have been checked against `KEY`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, key: str) -> Path:
        """Where everything of one key lies."""
        return self.root / (PERSONAL if key.startswith("p") else key[:2]) / key

    def remember(self, key: str, prompt: Prompt) -> None:
        """Keep what the key stands for, and note that it was wanted now."""
        path = self.folder(key) / PROMPT
        try:
            if prompt.personal or time.time() - path.stat().st_mtime > TOUCH_AFTER:
                os.utime(path)
        except FileNotFoundError:
            data = json.dumps(asdict(prompt))
            self._write(path, data.encode())

    def prompt(self, key: str) -> Prompt | None:
        """What the key stands for; None when nothing was kept, or nothing whole."""
        path = self.folder(key) / PROMPT
        try:
            return Prompt(**json.loads(path.read_bytes()))
        except OSError:
            return None
        except (ValueError, TypeError):
            # The next one to register the prompt writes it anew.
            path.unlink(missing_ok=True)
            return None

    def age(self, key: str) -> float:
        """Seconds since the prompt was last registered; endless when it never was."""
        try:
            return time.time() - (self.folder(key) / PROMPT).stat().st_mtime
        except FileNotFoundError:
            return float("inf")

    def find(self, key: str, speed: str, form: str, voices: Sequence[str]) -> Path | None:
        """A whole file by one of `voices`, the first that there is one of.

        A damaged file is deleted. A file found counts as used."""
        rank = {voice: index for index, voice in enumerate(voices)}
        found = []
        for path in self._files(key):
            parts = path.name.split(".")
            if len(parts) == 4 and parts[0] == speed and parts[1] in rank and parts[3] == form:
                found.append((rank[parts[1]], parts[2], path))
        for _, crc, path in sorted(found):
            try:
                data = path.read_bytes()
                if data and f"{zlib.crc32(data):08x}" == crc:
                    if time.time() - path.stat().st_mtime > TOUCH_AFTER:
                        os.utime(path)
                    return path
                path.unlink(missing_ok=True)
            except OSError:
                continue
        return None

    def publish(self, key: str, speed: str, voice: str, form: str, data: bytes) -> Path:
        """Put a finished file in its place, whole or not at all. Raises `OSError`."""
        path = self.folder(key) / f"{speed}.{voice}.{zlib.crc32(data):08x}.{form}"
        self._write(path, data)
        return path

    def size(self) -> int:
        """Bytes in the cache."""
        return sum(self._measure(folder)[1] for folder in self._folders())

    def evict(self, limit: int) -> int:
        """Delete what was not used for longest until it fits; returns how many keys went."""
        measured = [(*self._measure(folder), folder) for folder in self._folders()]
        total = sum(size for _, size, _ in measured)
        if total <= limit:
            return 0
        gone = 0
        for _, size, folder in sorted(measured):
            if total <= limit * ROOM:
                break
            shutil.rmtree(folder, ignore_errors=True)
            total -= size
            gone += 1
        return gone

    def purge(self, age: float) -> int:
        """Delete personal prompts, and their audio, last registered over `age` seconds ago."""
        gone = 0
        for folder in _listed(self.root / PERSONAL):
            with suppress(FileNotFoundError):
                path = folder / PROMPT
                registered = (path if path.exists() else folder).stat().st_mtime
                if time.time() - registered > age:
                    shutil.rmtree(folder, ignore_errors=True)
                    gone += 1
        return gone

    def _write(self, path: Path, data: bytes) -> None:
        for attempt in range(3):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
                try:
                    with os.fdopen(handle, "wb") as file:
                        file.write(data)
                    os.replace(temporary, path)
                except BaseException:
                    Path(temporary).unlink(missing_ok=True)
                    raise
                return
            except FileNotFoundError:
                # Another process evicted the folder between two of these lines.
                if attempt == 2:
                    raise

    def _files(self, key: str) -> list[Path]:
        return _listed(self.folder(key))

    def _folders(self) -> Iterator[Path]:
        for shard in _listed(self.root):
            yield from _listed(shard)

    @staticmethod
    def _measure(folder: Path) -> tuple[float, int]:
        """Time of the last use and size in bytes of one key."""
        last, size = 0.0, 0
        for path in _listed(folder):
            with suppress(FileNotFoundError):
                status = path.stat()
                last, size = max(last, status.st_mtime), size + status.st_size
        return last, size


def voice_of(path: Path) -> str:
    """The voice that spoke a file of the cache."""
    return path.name.split(".")[1]


def _listed(folder: Path) -> list[Path]:
    """What lies in a folder; nothing when there is no such folder (any more)."""
    try:
        return [Path(entry.path) for entry in os.scandir(folder)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def key_material(parts: Mapping[str, str]) -> bytes:
    """Named parts as bytes that no other parts give."""
    return json.dumps(parts, sort_keys=True).encode("utf-8")
