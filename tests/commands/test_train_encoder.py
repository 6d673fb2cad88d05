"""`rong train-encoder` on a few pairs: a standard folder with a card, and clear refusals."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from bot.commands.train_encoder import command
from bot.components.text.views import Shorthand
from bot.encoding import figures, pairs
from bot.encoding.training import Recipe, train
from bot.settings import PROJECT
from bot.utterances import utterances
from knowledge_base.answers.examples import answer_examples
from knowledge_base.errors import EngineError
from knowledge_base.load import load
from knowledge_base.messages import PLACEHOLDER, messages

ASKED = ("làm khai sinh", "khai sinh trễ hạn", "đăng ký kết hôn", "cấp sổ đỏ", "tạm trú")
ENDS = ("ở đâu", "cần giấy tờ gì", "mất bao nhiêu tiền", "bao lâu thì xong", "ai đi làm được")
FEW = {
    "questions": [(f"{what} {end}", f"{end}: {what}") for what in ASKED for end in ENDS],
    "spellings": [("làm khai sinh", "lam khai sinh"), ("cấp sổ đỏ", "cap so do")],
    "answers": [("đẻ ở trạm", "sinh ngoài viện"), ("bà mụ đỡ", "đẻ rớt trên rẫy")],
    "procedures": [("giấy khai sinh", "Đăng ký khai sinh"), ("sổ đỏ", "Cấp sổ đỏ")],
    "translations": [("khai sinh", "birth certificate"), ("kết hôn", "marriage")],
}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few pairs, and figures on one set of held-out questions only."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(pairs, "all_pairs", lambda knowledge, seed: FEW)
    known = list(utterances())[::50]
    monkeypatch.setattr(figures, "names", lambda: ["blind"])
    monkeypatch.setattr(figures, "utterances", lambda: known)


@pytest.mark.filterwarnings("ignore")  # what torch and its friends warn of is theirs
def test_a_standard_folder_with_a_card(few: None, tmp_path: Path) -> None:
    target = tmp_path / "model"
    done = CliRunner().invoke(command, ["--into", str(target), "--epochs", "1"])
    assert done.exit_code == 0, done.output
    assert "nearest" in done.output

    card = (target / "README.md").read_text("utf-8")
    assert card.startswith("---\nlicense: apache-2.0\n")
    assert "library_name: sentence-transformers" in card
    for name, rows in FEW.items():
        assert re.search(rf"^\| `{name}` \| {len(rows)} \|", card, re.MULTILINE)
    assert re.search(r"right one for \d+\.\d%", card.replace("\n", " "))
    assert "rong train-encoder" in card
    assert "1 epochs" in card
    assert "{" not in card, "a figure is missing"

    from sentence_transformers import SentenceTransformer

    from bot.components.text.encoder import StaticEncoder

    texts = ["làm khai sinh ở đâu", "ở đâu: làm khai sinh"]
    model = SentenceTransformer(str(target), device="cpu")
    assert model.get_embedding_dimension() == Recipe().dimension
    theirs = model.encode(texts)
    assert StaticEncoder.load(target).encode(texts) == pytest.approx(theirs, abs=1e-5)
    assert np.linalg.norm(theirs, axis=1) == pytest.approx(1, abs=1e-5)

    again = CliRunner().invoke(command, ["--into", str(target), "--epochs", "1"])
    assert again.exit_code == 0, "an encoder is replaced by a newer one"
    assert SentenceTransformer(str(target), device="cpu").encode(texts) == pytest.approx(
        theirs, abs=1e-4
    )


def test_other_files_are_never_replaced(few: None, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("keep")
    with pytest.raises(EngineError, match="holds other files"):
        train(FEW, Recipe(epochs=1), tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "keep"


def test_without_the_extra_it_says_what_to_install(
    few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(EngineError, match=r"the extra 'encoder' of pyproject\.toml"):
        train(FEW, Recipe(epochs=1), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_pairs_are_made_of_every_part_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [one for one in utterances() if one.language == "vi"][::100]
    knowledge = load()
    said = list(messages(knowledge))[::50]
    shown = SimpleNamespace(
        by_language={"en": {("id", "Giấy chứng sinh"): SimpleNamespace(text="Birth notification")}}
    )
    monkeypatch.setattr(pairs, "utterances", lambda: few)
    monkeypatch.setattr(pairs, "messages", lambda knowledge: said)
    monkeypatch.setattr(pairs, "load_catalogs", lambda folder: shown)
    made = pairs.all_pairs(knowledge, 1)
    assert made == pairs.all_pairs(knowledge, 1), "the same dice, the same pairs"
    asked = next(one for one in few if one.procedure and one.intent == "start")
    worded = pairs.asked(knowledge, "start", asked.procedure)
    shorthand = Shorthand.from_file()
    pair = (pairs.read_as(asked.text, shorthand), pairs.read_as(worded, shorthand))
    assert pair in made["questions"]
    assert made["translations"] == [("giấy chứng sinh", "birth notification")]
    chosen: dict[str, set[tuple[str, str]]] = {}
    for one in answer_examples(PROJECT / "nlu_data"):
        chosen.setdefault(pairs.read_as(one.text, shorthand), set()).add((one.question, one.value))
    assert made["answers"]
    assert all(chosen[a] & chosen[b] for a, b in made["answers"]), "to the same choice"
    poor = knowledge.procedure("poor_household")
    named = tuple(pairs.read_as(text, shorthand) for text in (poor.aliases[0], poor.title))
    assert named in made["procedures"]
    assert not any(PLACEHOLDER.search(text) for rows in made.values() for p in rows for text in p)
