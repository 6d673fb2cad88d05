"""Each change that comes up again and again, made on a copy: how many files it touches.

The numbers are promises to whoever will look after the project; see docs/developer.md.
"""

from __future__ import annotations

from datetime import date

import yaml

from knowledge_base.catalogs import catalog_paths
from knowledge_base.diff import Side, differences
from knowledge_base.guide import journey
from knowledge_base.languages import load_languages
from knowledge_base.load import load
from knowledge_base.present import answers_about
from knowledge_base.schema import TOPICS
from tests.project_copy import Copy
from tests.stories.conftest import CATALOGS, counted, faults, update

TODAY = date(2026, 11, 23)
RUNNER = "tests/knowledge_base/test_cases.py"


def python(names: set[str]) -> set[str]:
    return {name for name in names if name.endswith(".py")}


def test_add_a_language(copy: Copy, known: set[str]) -> None:
    languages = "knowledge_base/languages.yml"
    copy.edit(
        languages,
        "\n  en:\n",
        "\n  rad:\n    name: Êđê\n    vietnamese: tiếng Ê Đê\n    script: Latn\n"
        "    values_in: vi\n\n  en:\n",
    )
    copy.add("nlu_data/rad/nlu.yml", 'version: "3.1"\nnlu: []\n')
    copy.add("nlu_data/rad/ORIGIN.md", "# Nothing yet\n")
    root = copy.root / "knowledge_base"
    update(copy, "rad")
    read = load_languages(root / "languages.yml")
    new, edited = counted(copy)
    assert edited == {languages}
    assert {name.split("/")[0] for name in new} == {"nlu_data"}
    assert not python(new)
    assert "rad" in read.offered()
    assert "rad" in {code for code, _ in catalog_paths(root / "locales")}
    assert faults(copy) <= known


def test_add_a_procedure(copy: Copy, known: set[str]) -> None:
    path = "knowledge_base/procedures/rice_store/procedure.yml"
    case = "tests/knowledge_base/cases/rice_store.yml"
    procedure = {
        "id": "rice_store",
        "title": "Mượn kho lúa",
        "short": "Mượn kho lúa",
        "entry": True,
        "checked": "2026-11-23",
        "review_by": "2027-06-01",
        "periods": {"now": {"from": "2026-09-01"}},
        "default_period": "now",
        "why_this": "Gia đình cần mượn kho.",
        "papers": [{"id": "letter", "title": "Đơn mượn kho", "handling": "submit", "source": "S1"}],
        "answers": [
            {"id": topic, "topic": topic, "text": "Nhờ cán bộ.", "about": "việc này", "source": "I"}
            for topic in TOPICS
        ],
    }
    copy.add(path, yaml.safe_dump(procedure, allow_unicode=True, sort_keys=False).replace("'", ""))
    copy.add(case, "- name: Nobody in particular\n  on: 2026-11-23\n  expect: {papers: [letter]}\n")
    update(copy)
    new, edited = counted(copy)
    assert new == {path, case}
    assert edited == set()
    assert faults(copy) <= known
    ran = copy.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "rice_store", RUNNER)
    assert "1 passed" in ran.stdout, ran.stdout
    knowledge = load(copy.root / "knowledge_base")
    assert "rice_store" in [one.id for one in knowledge.entries(TODAY)]
    assert journey(knowledge, "rice_store", {}, TODAY).papers()[0].title == "Đơn mượn kho"


def test_change_a_fee(copy: Copy, known: set[str]) -> None:
    path = "knowledge_base/procedures/certified_copy/procedure.yml"
    before = load(copy.root / "knowledge_base")
    copy.edit(path, "page_fee: [{value: 2000,", "page_fee: [{value: 2500,")
    assert counted(copy) == (set(), {path})
    assert faults(copy) <= known
    after = load(copy.root / "knowledge_base")
    told = [change.text for change in differences(Side(before, TODAY), Side(after, TODAY))]
    assert told == ["fact 'page_fee': value: “2000” → “2500”"]
    family = journey(after, "certified_copy", {}, TODAY)
    assert family.params["page_fee"] == {"money": 2500}
    assert answers_about(family, "fee")


def test_reword_a_phrase(copy: Copy, known: set[str]) -> None:
    path = "knowledge_base/phrases.yml"
    copy.edit(path, "Mình làm lại từ đầu nhé.", "Bây giờ mình làm lại từ đầu.")
    update(copy)
    assert counted(copy) == (set(), {path})
    assert faults(copy) <= known
    _, edited = copy.changes()
    assert all(name == path or name.startswith(CATALOGS) for name in edited)


POSTCARD = '''\
"""Postcards: a channel that prints."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from bot.channels.base import Assistant, Capabilities
from bot.settings import Settings


class Postcards:
    """Prints what is said."""

    name = "postcards"
    capabilities = Capabilities(text_length=300)

    def __init__(self, assistant: Assistant) -> None:
        self.assistant, self.router = assistant, APIRouter(prefix="/postcards")

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""


def connect(settings: Settings, assistant: Assistant, speaker: Any) -> Postcards | None:
    """The channel, if there is a printer."""
    return Postcards(assistant) if settings.postcard_printer else None
'''
CONNECTED = """\
from bot.gateway.app import connected
from bot.settings import Settings
from tests.fakes.assistant import FakeAssistant
print([channel.name for channel in connected(Settings(), FakeAssistant(), None)])
"""


def test_add_a_channel(copy: Copy, known: set[str]) -> None:
    copy.add("bot/channels/postcards.py", POSTCARD)
    copy.add("tests/channels/postcards/received.json", "{}\n")
    copy.edit(
        "bot/settings.py",
        "    data_dir: Path",
        '    postcard_printer: str = ""\n    data_dir: Path',
    )
    new, edited = counted(copy)
    assert new == {"bot/channels/postcards.py", "tests/channels/postcards/received.json"}
    assert edited == {"bot/settings.py"}
    assert faults(copy) <= known
    ran = copy.run("-c", CONNECTED, environment={"RONG_POSTCARD_PRINTER": "lp0"})
    assert "'postcards'" in ran.stdout, ran.stderr


DRUM = '''\
"""A drum: it beats once a word."""

from __future__ import annotations

from voices.clip import Clip
from voices.engine import Engine, Speed


class Drum(Engine):
    """Beats for Bahnar."""

    name = "drum"
    preference = 5

    def languages(self) -> frozenset[str]:
        return frozenset({"bdq"})

    def synthesise(self, text: str, language: str, speed: Speed) -> Clip:
        return Clip(bytes(2 * len(text.split())), 16000)


engine = Drum
'''


def test_add_a_voice_engine(copy: Copy, known: set[str]) -> None:
    copy.add("voices/engines/drum.py", DRUM)
    copy.add("tests/voices/test_drum.py", '"""Beats."""\n')
    copy.edit(
        "pyproject.toml",
        "[project.optional-dependencies]\n",
        "[project.optional-dependencies]\ndrum = []\n",
    )
    new, edited = counted(copy)
    assert (len(new), edited) == (2, {"pyproject.toml"})
    assert faults(copy) <= known
    ran = copy.run("rong", "voices")
    assert "drum" in ran.stdout, ran.stderr


ACTION = '''\
"""Says what the weather is like: it never knows."""

from __future__ import annotations

from actions.base import GuideAction, Turn
from knowledge_base.say import Say


class Weather(GuideAction):
    """Sends people to the window."""

    action_name = "action_weather"
    ends_turn = True

    def act(self, turn: Turn) -> None:
        turn.say(Say("bot.out_of_scope"))
'''


def test_add_an_action(copy: Copy, known: set[str]) -> None:
    copy.add("actions/weather.py", ACTION)
    copy.add("tests/actions/test_weather.py", '"""Never knows."""\n')
    assert any("'action_weather' is not in the domain" in fault for fault in faults(copy))
    copy.edit("bot/domain/journey.yml", "\nactions:\n", "\nactions:\n  - action_weather\n")
    copy.edit(
        "bot/dialogue/rules.yml",
        "\nrules:\n",
        "\nrules:\n  - rule: weather\n    steps:\n      - intent: out_of_scope\n"
        "      - action: action_weather\n\n",
    )
    new, edited = counted(copy)
    assert (len(new), edited) == (2, {"bot/domain/journey.yml", "bot/dialogue/rules.yml"})
    assert faults(copy) <= known
    names = "from actions import all_actions; print([a.name() for a in all_actions(None)])"
    ran = copy.run("-c", names)
    assert "action_weather" in ran.stdout, ran.stderr
