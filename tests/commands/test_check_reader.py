"""`rong check` tells which questions the network has not learnt; it fails nothing."""

from __future__ import annotations

import json
from pathlib import Path

from bot.components.text.sequence import OWN, classes_in
from bot.sequence.known import unlearnt
from bot.settings import PROJECT
from knowledge_base.load import load

ASKED = "birth_registration.question.born_where"


def test_every_question_is_known_as_it_is_asked() -> None:
    assert list(unlearnt(PROJECT, load())) == []


def test_a_question_with_other_choices_is_told(tmp_path: Path) -> None:
    classes = classes_in(PROJECT / OWN)
    classes[ASKED].remove("found")
    folder = tmp_path / OWN
    folder.mkdir(parents=True)
    (folder / "words.json").write_text(json.dumps({"classes": classes}), "utf-8")
    (found,) = unlearnt(tmp_path, load())
    assert found.warning
    assert "'born_where'" in found.message
    assert "rong train-reader" in found.message
    assert found.path == "knowledge_base/procedures/birth_registration/procedure.yml"


def test_a_missing_network_is_told_once(tmp_path: Path) -> None:
    (found,) = unlearnt(tmp_path, load())
    assert (found.path, found.warning) == (OWN, True)
    assert "rong train-reader" in found.message
