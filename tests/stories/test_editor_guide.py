"""docs/editor.md does what it says: its examples and commands, tried in a copy."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from bot.settings import PROJECT
from knowledge_base.guide import journey
from knowledge_base.load import load
from knowledge_base.schema import TOPICS
from tests.project_copy import Copy
from tests.stories.conftest import faults
from tests.stories.test_stories import RUNNER, TODAY

GUIDE = (PROJECT / "docs" / "editor.md").read_text(encoding="utf-8")
PROCEDURES = "knowledge_base/procedures"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


def block(beginning: str) -> str:
    """The YAML example that begins so."""
    return next(text for text in blocks("yaml") if text.startswith(beginning))


def commands() -> list[str]:
    return [line for text in blocks("sh") for line in text.splitlines() if line]


@pytest.fixture
def copy(copy: Copy) -> Copy:
    """A copy that git knows, with the fee of the guide changed."""
    git = ["git", "-c", "user.name=editor", "-c", "user.email=editor@example.org"]
    for step in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "As it was"]):
        subprocess.run([*git, *step], cwd=copy.root, check=True, capture_output=True)
    path = copy.root / PROCEDURES / "certified_copy" / "procedure.yml"
    text = path.read_text(encoding="utf-8")
    first = r"  page_fee: \[\{value: 2000, unit: dong, source: S8.*\]\n"
    rows = "".join(f"  {line}\n" for line in block("page_fee:\n").splitlines())
    changed, count = re.subn(first, rows, text)
    assert count == 1
    path.write_text(changed, encoding="utf-8")
    sources = copy.root / "knowledge_base" / "sources.yml"
    sources.write_text(sources.read_text(encoding="utf-8") + block("NEW:"), encoding="utf-8")
    return copy


def test_every_command_of_the_guide(copy: Copy, known: set[str]) -> None:
    told: dict[str, str] = {}
    for command in commands():
        ran = copy.run(*shlex.split(command))
        told[command] = ran.stdout
        failed = command == "rong check" and known  # somebody is at work on the project
        assert ran.returncode == 0 or failed, f"{command}\n{ran.stdout}\n{ran.stderr}"
    assert (
        "fact 'page_fee.2027-07-01' added: 2500 dong"
        in told["rong diff HEAD . --only certified_copy"]
    )
    assert '"office.hours"' in told["rong review --json"]
    knowledge = load(copy.root / "knowledge_base")
    assert knowledge.office_params["office_hours"] == "thứ hai đến thứ sáu"
    assert "birth_registration.answer.fee_copy_amount" in knowledge.signed


def test_the_fee_of_the_guide(copy: Copy, known: set[str]) -> None:
    assert faults(copy) <= known
    knowledge = load(copy.root / "knowledge_base")
    fees = {
        str(day): journey(knowledge, "certified_copy", {}, day).params["page_fee"]
        for day in (TODAY, TODAY.replace(year=2027))
    }
    assert fees == {"2026-11-23": {"money": 2000}, "2027-11-23": {"money": 2500}}


def test_the_procedure_of_the_guide(copy: Copy, known: set[str]) -> None:
    text = block("id: rice_store")
    copy.add(f"{PROCEDURES}/rice_store/procedure.yml", text)
    copy.add("tests/knowledge_base/cases/rice_store.yml", block("- name: After the harvest"))
    missing = {fault for fault in faults(copy) - known if "rice_store/procedure" in fault}
    assert missing
    assert all("nothing is written about" in fault for fault in missing)
    rest = "".join(
        f"  - {{id: {topic}, topic: {topic}, text: Nói sau., about: việc này, source: I}}\n"
        for topic in TOPICS
        if topic not in ("start", "fee")
    )
    path: Path = copy.root / PROCEDURES / "rice_store" / "procedure.yml"
    path.write_text(text + rest, encoding="utf-8")
    assert not {fault for fault in faults(copy) - known if "rice_store/procedure" in fault}
    ran = copy.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "rice_store", RUNNER)
    assert "1 passed" in ran.stdout, ran.stdout


def test_the_commune_of_the_guide(copy: Copy) -> None:
    root = copy.root / "knowledge_base"
    place = root / "communes" / "lang_thu"
    place.mkdir(parents=True)
    office = (root / "office.yml").read_text(encoding="utf-8")
    (place / "office.yml").write_text(office.replace("value: Ayun", "value: Làng Thử"), "utf-8")
    override = block("birth_registration.fact.copy_fee")
    (place / "overrides.yml").write_text(override, encoding="utf-8")
    there = journey(load(root, "lang_thu"), "birth_registration", {}, TODAY).params
    assert there["commune"] == "Làng Thử"
    assert there["copy_fee"] == {"money": 5000}
    assert "copy_fee" not in journey(load(root), "birth_registration", {}, TODAY).params
