"""Changed files come into use while serving; broken ones do not."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from bot.assistant import Guided
from bot.channels.base import Capabilities, Incoming
from bot.content import Content, Watch, read
from bot.engine import Engine
from bot.render import Renderer
from bot.settings import Settings
from knowledge_base.errors import ProblemsFound
from tests.project_copy import Copy
from voices.library import Library

PHRASES = "knowledge_base/phrases.yml"
PROCEDURE = "knowledge_base/procedures/birth_registration/procedure.yml"
GREETING = "Xin chào anh/chị. Đây là Nhà Rông."


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy.make(tmp_path, "knowledge_base/")


def touch(copy: Copy, name: str) -> None:
    """Make sure the change is seen even where the clock of the disk is coarse."""
    status = (copy.root / name).stat()
    os.utime(copy.root / name, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


async def test_a_change_is_used_and_a_broken_one_is_told(
    copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    root = copy.root / "knowledge_base"
    used: list[Content] = []

    async def use(content: Content) -> None:
        used.append(content)

    watch = Watch(read(root=root), use, root=root)
    assert not await watch.look()

    copy.edit(PHRASES, GREETING, "Chào anh/chị. Đây là Nhà Rông.")
    touch(copy, PHRASES)
    assert await watch.look()
    assert used[0].knowledge.texts["bot.greet"].startswith("Chào anh/chị.")
    assert not await watch.look()

    copy.edit(PROCEDURE, "short: Khai sinh cho bé", "shot: Khai sinh cho bé")
    touch(copy, PROCEDURE)
    with caplog.at_level(logging.ERROR):
        assert not await watch.look()
    assert f"{PROCEDURE}:" in caplog.text
    assert "did you mean 'short'?" in caplog.text
    assert "the last good one stays in use" in caplog.text
    assert len(used) == 1

    copy.edit(PROCEDURE, "shot: Khai sinh cho bé", "short: Khai sinh bé")
    copy.edit(PROCEDURE, "  - ks cho con\n", "  - ks con\n")
    touch(copy, PROCEDURE)
    with caplog.at_level(logging.WARNING):
        assert await watch.look()
    assert "rong train" in caplog.text


def test_a_broken_base_is_not_served(copy: Copy) -> None:
    copy.edit(PROCEDURE, "default_period: law_2014", "default_period: law_2041")
    with pytest.raises(ProblemsFound, match=r"procedure\.yml:\d+: .*'law_2041' is not a period"):
        read(root=copy.root / "knowledge_base")


def test_serving_is_refused_with_a_line_for_each_problem(tmp_path: Path) -> None:
    copy = Copy.make(tmp_path, "actions/", "bot/", "knowledge_base/", "voices/")
    copy.edit(PROCEDURE, "default_period: law_2014", "default_period: law_2041")
    ran = copy.run("rong", "serve", environment={"RONG_PORT": "1"})
    assert ran.returncode == 1
    lines = ran.stderr.splitlines()
    assert lines
    assert all(line.startswith(f"{PROCEDURE}:") for line in lines), ran.stderr


async def test_turns_use_the_new_content(copy: Copy, engine: Engine, settings: Settings) -> None:
    before = read()
    speaker = Library.open(settings.audio_cache, online=False)
    renderer = Renderer(before.knowledge, before.catalogs, before.languages, speaker)
    assistant = Guided(settings, engine, before.knowledge, renderer, before.languages, speaker)
    copy.edit(PHRASES, GREETING, "Chào anh/chị. Đây là Nhà Rông.")
    try:
        await assistant.use(read(root=copy.root / "knowledge_base"))
        reply = await assistant.handle(Incoming("test:content", "xin chào"), Capabilities())
        assert reply.messages[0].text.startswith("Chào anh/chị.")
    finally:
        await assistant.use(before)
        await assistant.close()
