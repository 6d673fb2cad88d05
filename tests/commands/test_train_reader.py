"""`rong train-reader` on a few answers: a folder that numpy reads as torch does, and refusals."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.commands.train_reader import command
from bot.components.text.sequence import SequenceModel
from bot.components.text.views import Shorthand, Views, views
from bot.model_files import ProjectPaths
from bot.sequence import examples, training
from bot.sequence.examples import Example, classes_of
from bot.sequence.training import Recipe, train
from knowledge_base.errors import EngineError

WHERE, MARRIED = "birth_registration.question.born_where", "birth_registration.question.married"
TOLD = {
    (WHERE, "home"): ["đẻ ở nhà", "bà mụ đỡ trên rẫy", "mạ đỡ ở nhà", "rớt dọc đường"],
    (WHERE, "facility"): ["đẻ ở trạm", "mổ trên viện", "ở bệnh viện huyện", "trạm xá"],
    (WHERE, "unclear"): ["ở dưới đó", "chỗ quen"],
    (MARRIED, "yes"): ["có giấy rồi", "cưới có đăng ký", "ra xã ký rồi"],
    (MARRIED, "no"): ["chưa làm giấy", "cưới theo tục thôi", "chưa ra xã ký"],
}
INTENTS = {
    "affirm": ["có", "dạ rồi"],
    "deny": ["chưa", "dạ không"],
    "dont_know": ["không biết", "chịu thôi"],
    "fee": ["hết bao nhiêu tiền", "có mất phí không"],
    "inform": ["hôm qua"],
}
SMALL = Recipe(word=12, hidden=10, least=1, epochs=12, batch=8, rate=0.05)


def seen(text: str) -> Views:
    return views(text, Shorthand.from_file())


FEW = [
    Example(seen(text), {question: value}, question)
    for (question, value), texts in TOLD.items()
    for text in texts * 3
] + [Example(seen(text), {}, None, intent) for intent, texts in INTENTS.items() for text in texts]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "examples", lambda paths: FEW)
    monkeypatch.setattr(training, "Recipe", lambda: SMALL)


def test_it_learns_what_it_was_told(few: None, tmp_path: Path) -> None:
    target = tmp_path / "model"
    done = CliRunner().invoke(command, ["--into", str(target)])
    assert done.exit_code == 0, done.output
    assert "12 of 12: loss" in done.output

    model = SequenceModel.load(target)
    assert model.classes == classes_of(FEW)
    for (question, value), texts in TOLD.items():
        for text in texts:
            chances = model.read(seen(text))[question]
            assert max(chances, key=lambda name: chances[name]) == value, text
            assert sum(chances.values()) == pytest.approx(1)

    told = (target / "README.md").read_text("utf-8")
    assert told.startswith("---\nlicense: apache-2.0\n")
    assert "2 questions with 4 choices" in told
    assert f"{len(FEW)} messages" in told
    assert "rong train-reader" in told
    assert "{" not in told, "a figure is missing"
    small, large = CliRunner().invoke(command, ["--into", str(target), "--epochs", "1"]), tmp_path
    assert small.exit_code == 0, "a network is replaced by a newer one"
    assert not list(large.glob("*.tmp"))


def test_numpy_reads_as_torch_does(tmp_path: Path) -> None:
    import torch

    from bot.sequence.network import Batch, Network

    train(FEW, SMALL, tmp_path / "model")
    model = SequenceModel.load(tmp_path / "model")
    network = Network(model.vocabulary, model.classes, 1, SMALL.word, SMALL.hidden, 0.0)
    weights = {name: torch.tensor(w.astype(np.float32)) for name, w in _saved(tmp_path).items()}
    with torch.no_grad():
        for name in ("folded", "stripped", "pieces"):
            getattr(network, name).weight.copy_(weights[name])
        for side, end in enumerate(("", "_reverse")):
            for theirs, ours in (("ih", "inputs"), ("hh", "states")):
                getattr(network.rnn, f"weight_{theirs}_l0{end}").copy_(weights[ours][side].T)
                getattr(network.rnn, f"bias_{theirs}_l0{end}").copy_(weights[f"{ours}_bias"][side])
        network.queries[:-1] = weights["queries"]
        network.weights.copy_(torch.cat([weights["attended"], weights["strongest"]], 1))
        network.bias.copy_(weights["bias"])
    network.eval()
    texts = ["bà mụ đỡ ở nhà", "một chữ lạ hoắc", "có", ".", "dài " * 80]
    for text in texts:
        words = model.vocabulary.words(seen(text))
        margins = model.margins(words)
        at = 0
        for number, names in enumerate(model.classes.values()):
            with torch.no_grad():
                theirs, _ = network(Batch([words]), torch.tensor([0]), torch.tensor([number]))
            ours = margins[at : at + len(names)]
            assert ours == pytest.approx(theirs[0, : len(names)].numpy(), abs=1e-4)
            at += len(names)


def _saved(folder: Path) -> dict[str, np.ndarray]:
    from safetensors.numpy import load_file

    return load_file(folder / "model" / "model.safetensors")


def test_other_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("keep")
    with pytest.raises(EngineError, match="holds other files"):
        train(FEW, SMALL, tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "keep"


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(EngineError, match=r"the extra 'encoder' of pyproject\.toml"):
        train(FEW, SMALL, tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("broken", ["words.json", "model.safetensors"])
def test_a_broken_folder_says_what_makes_it_anew(broken: str, tmp_path: Path) -> None:
    (tmp_path / "words.json").write_text('{"classes": {}, "folded": [], "stripped": []}')
    (tmp_path / broken).write_text("{")
    with pytest.raises(EngineError, match="`rong train-reader` makes it anew"):
        SequenceModel.load(tmp_path)


@pytest.mark.parametrize("text", ["", "😀", ". . .", "\u200d", "a" * 5000, "từ " * 500])
def test_any_text_is_read(text: str, tmp_path: Path) -> None:
    train(FEW, Recipe(word=4, hidden=4, least=1, epochs=1, batch=64), tmp_path / "model")
    found = SequenceModel.load(tmp_path / "model").read(seen(text))
    assert all(sum(chances.values()) == pytest.approx(1) for chances in found.values())


def test_examples_are_those_of_the_rasa_model() -> None:
    said = examples.examples(ProjectPaths())
    asked = {one.question for one in said if one.question}
    assert WHERE in asked
    assert all(one.answers[one.question] for one in said if one.question)
    assert any("diacritics" not in one.seen and one.intent == "fee" for one in said)
    assert {one.intent for one in said if one.intent} > {"affirm", "deny", "dont_know", "start"}
    variants = [one for one in said if one.seen["folded"] == one.seen["stripped"]]
    assert len(variants) > 1000, "as others would write it, too"
