"""The training utterances as they are read without Rasa, and as Rasa is given them."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from bot import rasa_import
from bot.model_files import ProjectPaths
from bot.utterances import Utterance, utterances
from knowledge_base.errors import EngineError

PLAIN = """\
version: "3.1"
# a comment

nlu:
- intent: fee
  metadata: {procedure: birth_registration}
  examples: |
    - bao nhiêu tiền
    -  có tốn tiền không \u0020
- intent: greet
  examples: |
    - chào
    - chào
    - "chào" bạn: \\n \\u0041 'x' #1
- intent: out_of_scope
  metadata:
    need: passport
  examples: |
    - làm hộ chiếu
"""
RICH = """\
version: "3.1"
nlu:
- intent: fee
  examples: |
    - tiền cho [khai sinh](procedure)
- synonym: khai sinh
  examples: |
    - ks
- lookup: places
  examples: |
    - Ayun
"""
BROKEN = {
    "no YAML": "nlu: [",
    "a word": "hello",
    "a number": "12",
    "a list": "- a",
    "blocks that are a word": "nlu: hello",
    "a block that is a word": "nlu: [hello]",
    "a block without examples": "nlu: [{intent: fee}]",
    "examples that are a list": "nlu: [{intent: fee, examples: [a]}]",
    "metadata that is a word": "nlu: [{intent: fee, metadata: procedure, examples: '- a'}]",
    "an empty file": "",
}


def project(folder: Path, **files: str) -> ProjectPaths:
    """A project whose training data these are: language → content."""
    for language, content in files.items():
        path = folder / "nlu_data" / language / "nlu.yml"
        path.parent.mkdir(parents=True)
        path.write_text(content, "utf-8")
    return ProjectPaths(folder)


def test_utterances_have_what_they_mean_and_their_line(tmp_path: Path) -> None:
    found = list(utterances(project(tmp_path, vi=PLAIN, en=PLAIN.replace("chào", "hello"))))
    path = tmp_path / "nlu_data" / "vi" / "nlu.yml"
    assert Utterance("bao nhiêu tiền", "fee", "birth_registration", None, "vi", path, 8) in found
    assert Utterance("làm hộ chiếu", "out_of_scope", None, "passport", "vi", path, 19) in found
    lines = path.read_text("utf-8").splitlines()
    for one in found:
        if one.language == "vi":
            assert lines[one.line - 1].strip().removeprefix("- ").strip() == one.text
    assert [one.language for one in found] == ["en"] * 6 + ["vi"] * 6


def test_what_is_no_utterance_is_passed_over(tmp_path: Path) -> None:
    [only] = utterances(project(tmp_path, vi=RICH))
    assert only.intent == "fee"


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_named(what: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"nlu_data/vi/nlu\.yml: not Rasa's format"):
        list(utterances(project(tmp_path, vi=BROKEN[what])))


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    paths = project(tmp_path, vi=PLAIN)
    (tmp_path / "nlu_data" / "vi" / "nlu.yml").write_bytes(b"nlu: \xff")
    with pytest.raises(EngineError, match=r"nlu_data/vi/nlu\.yml"):
        list(utterances(paths))


def imported(content: str, tmp_path: Path, name: str) -> list[tuple[object, ...]]:
    """What the importer `name` makes of a file, in its order."""
    rasa_import.prepare()
    from rasa.shared.importers.rasa import RasaFileImporter

    from bot.rasa_importer import QuickImporter

    path = tmp_path / "nlu.yml"
    path.write_text(content, "utf-8")
    kind = QuickImporter if name == "ours" else RasaFileImporter
    data = kind(training_data_paths=[str(path)]).get_nlu_data()
    fields = ("text", "intent", "entities", "metadata")
    told = [tuple(m.get(field) for field in fields) for m in data.training_examples]
    return [*told, data.entity_synonyms, data.lookup_tables]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # what Rasa's own reader uses is old
@pytest.mark.parametrize(
    "content",
    [PLAIN, RICH, PLAIN + RICH.partition("nlu:\n")[2]],
    ids=["plain intents", "more than intents", "both in one file"],
)
def test_rasa_is_given_what_its_own_reader_would_give(content: str, tmp_path: Path) -> None:
    ours = imported(content, tmp_path, "ours")
    assert ours == imported(content, tmp_path, "rasa's")
    assert len(ours) > 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_plain_files_are_read_without_rasas_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa_import.prepare()
    from bot import rasa_importer

    def asked(*args: object) -> None:
        raise AssertionError("Rasa's reader is asked")

    monkeypatch.setattr(rasa_importer, "training_data_from_paths", asked)
    assert len(imported(PLAIN, tmp_path, "ours")) > 2
    with pytest.raises(AssertionError, match="reader is asked"):
        imported(RICH, tmp_path, "ours")


def test_the_project_is_read_alike_with_and_without_rasa() -> None:
    rasa_import.prepare()
    from bot.rasa_importer import QuickImporter

    files = [str(path) for path in ProjectPaths().training_files() if "nlu_data" in path.parts]
    theirs = set()
    for message in QuickImporter(training_data_paths=files).get_nlu_data().training_examples:
        about = (message.get("metadata") or {}).get("intent") or {}
        theirs.add((message.get("text"), message.get("intent"), about.get("procedure")))
    assert {(one.text, one.intent, one.procedure) for one in utterances()} == theirs
    assert len(theirs) > 3000


def test_a_copy_of_an_utterance_can_be_changed_by_itself() -> None:
    rasa_import.prepare()
    from bot.rasa_importer import Utterance as Read

    one = Read.build("khai sinh", "start")
    other = copy.deepcopy(one)
    assert other == one
    assert hash(other) == hash(one)
    other.set("text", "sổ đỏ")
    assert one.get("text") == "khai sinh"
    assert other != one
