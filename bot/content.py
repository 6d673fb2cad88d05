"""What is served: knowledge base and translations, read together and read again when they change.

A change that is not sound is logged with its lines, and what was served before stays in use.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.catalogs import Catalogs, load_catalogs
from knowledge_base.checks import sound
from knowledge_base.errors import NhaRongError
from knowledge_base.languages import Languages, load_languages
from knowledge_base.load import ROOT, KnowledgeBase

log = logging.getLogger(__name__)

WATCHED = ("*.yml", "*.po")
Stamp = Mapping[Path, tuple[int, int]]
"""File → time of its last change and size."""


@dataclass(frozen=True)
class Content:
    """A knowledge base that is fit to be served, with its languages and translations."""

    knowledge: KnowledgeBase
    languages: Languages
    catalogs: Catalogs

    @property
    def called(self) -> dict[str, tuple[str, ...]]:
        """What people call each procedure: the trained model knows these."""
        return {
            name: (p.title, *p.aliases, *p.examples)
            for name, p in self.knowledge.procedures.items()
        }


def read(commune: str = "", root: Path = ROOT) -> Content:
    """Everything under `root` as it is for `commune`. Raises `ProblemsFound` with every problem."""
    knowledge = sound(root, commune)
    return Content(
        knowledge, load_languages(root / "languages.yml"), load_catalogs(root / "locales")
    )


def stamp(root: Path = ROOT) -> Stamp:
    """What tells whether a file has changed."""
    found = {}
    for pattern in WATCHED:
        for path in root.rglob(pattern):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # gone since it was listed
            found[path] = (status.st_mtime_ns, status.st_size)
    return found


class Watch:
    """Looks for changed files every so often and passes sound content on."""

    def __init__(
        self,
        content: Content,
        use: Callable[[Content], Awaitable[None]],
        commune: str = "",
        root: Path = ROOT,
    ) -> None:
        self._content, self._use, self._commune, self._root = content, use, commune, root
        self._seen = stamp(root)

    async def run(self, seconds: float) -> None:
        """Look every `seconds` until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.look()
            except Exception:
                log.exception("changed files could not be looked for; trying again")

    async def look(self) -> bool:
        """Read everything again if a file has changed; whether new content is in use."""
        now = await asyncio.to_thread(stamp, self._root)
        if now == self._seen:
            return False
        self._seen = now
        try:
            content = await asyncio.to_thread(read, self._commune, self._root)
        except NhaRongError as error:
            for line in str(error).splitlines():
                log.error("%s", line)
            log.error("the changed knowledge base is not sound; the last good one stays in use")
            return False
        await self._use(content)
        log.warning("the changed knowledge base is in use")
        if content.called != self._content.called:
            log.warning("names of procedures have changed: `rong train`, then start again")
        self._content = content
        return True
