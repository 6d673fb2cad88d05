"""Each component as Rasa uses it: trained, persisted, loaded, and asked."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import rasa_import
from bot.settings import PROJECT

DATA = """
version: "3.1"
nlu:
- intent: start
  metadata: {procedure: marriage_registration}
  examples: |
    - tôi muốn làm giấy kết hôn
    - em muốn đăng ký kết hôn
- intent: start
  metadata: {procedure: land_certificate}
  examples: |
    - tôi muốn làm sổ đỏ
    - đất chưa có sổ đỏ muốn làm
- intent: fee
  examples: |
    - bao nhiêu tiền
    - có tốn tiền không
- intent: greet
  examples: |
    - chào bạn
    - chào em
- intent: out_of_scope
  metadata: {need: passport}
  examples: |
    - làm hộ chiếu
    - hộ chiếu đi nước ngoài
- intent: out_of_scope
  metadata: {need: loan}
  examples: |
    - vay vốn nuôi bò
    - vay tiền ngân hàng
"""
LINKS = {
    "marriage_registration": "title: Đăng ký kết hôn\naliases: [giấy kết hôn]\n",
    "land_certificate": "title: Cấp sổ đỏ\naliases: [sổ đỏ, bìa đỏ]\n",
    "certified_copy": "title: Chứng thực bản sao\naliases: [sao y bản chính, sao y]\n",
}
ANSWERS = """
born_where:
  home: [ở trong rẫy thôi, bà mụ đỡ trên nhà sàn]
  facility: [đẻ ở trạm chứ đâu, mổ ở bệnh viện tỉnh]
"""
CONFIG = PROJECT / "config.yml"
PIPELINE = [step["name"] for step in yaml.safe_load(CONFIG.read_text("utf-8"))["pipeline"]]


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("procedures")
    for name, content in LINKS.items():
        (folder / name).mkdir()
        (folder / name / "link.yml").write_text(content, "utf-8")
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, links: Path, rasa: None) -> Path:
    """A small model trained by Rasa with the whole pipeline."""
    from rasa.model_training import train_nlu

    folder = tmp_path_factory.mktemp("model")
    (folder / "data" / "vi" / "answers").mkdir(parents=True)
    (folder / "data" / "vi" / "answers" / "birth_registration.yml").write_text(ANSWERS, "utf-8")
    own = {
        "TrainingAugmenter": {"links": str(links)},
        "AnswerGatherer": {"answers": str(folder / "data")},
    }
    steps = [{"name": name, **own.get(name.rpartition(".")[2], {})} for name in PIPELINE]
    content = {"recipe": "default.v1", "assistant_id": "test", "language": "vi", "pipeline": steps}
    (folder / "config.yml").write_text(yaml.safe_dump(content), "utf-8")
    (folder / "nlu.yml").write_text(DATA, "utf-8")
    with rasa_import.quiet():
        path = train_nlu(
            str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="m"
        )
    return Path(str(path))


@pytest.fixture(scope="module")
def parse(archive: Path) -> Any:
    """Rasa's own reading of a message, with everything loaded from the archive."""
    import asyncio

    from rasa.core.agent import Agent

    with rasa_import.quiet():
        agent = Agent.load(str(archive))

    def read(text: str) -> dict[str, Any]:
        with rasa_import.quiet():
            return dict(asyncio.run(agent.parse_message(text)))

    return read


def procedure(parsed: dict[str, Any]) -> str | None:
    return next((e["value"] for e in parsed["entities"] if e["entity"] == "procedure"), None)


def test_what_was_learnt_is_known_after_loading(parse: Any) -> None:
    parsed = parse("EM MUỐN ĐĂNG KÝ KẾT HÔN")
    assert parsed["intent"]["name"] == "start"
    assert procedure(parsed) == "marriage_registration"
    assert sum(i["confidence"] for i in parsed["intent_ranking"]) == pytest.approx(1)


def test_a_procedure_known_from_its_folder_alone_is_linked_in_a_composed_question(
    parse: Any,
) -> None:
    parsed = parse("chung thuc ban sao, sao y ban chinh co ton tien khong")
    assert (parsed["intent"]["name"], procedure(parsed)) == ("fee", "certified_copy")


def test_an_entity_covers_the_text_and_says_how_sure_it_is(parse: Any) -> None:
    [entity] = [e for e in parse("làm sổ đỏ")["entities"] if e["entity"] == "procedure"]
    assert (entity["start"], entity["end"]) == (0, len("làm sổ đỏ"))
    assert 0 < entity["confidence_entity"] <= 1
    assert entity["runner_up"] is None or set(entity["runner_up"]) == {"value", "confidence"}


def test_what_is_out_of_scope_has_no_procedure(parse: Any) -> None:
    parsed = parse("làm hộ chiếu")
    assert parsed["intent"]["name"] == "out_of_scope"
    assert procedure(parsed) is None


@pytest.mark.parametrize("text", ["", " ", "\x00", "👶", "a" * 10_000, "<b>'; --", "\u200d"])
def test_no_message_breaks_the_components(text: str, parse: Any) -> None:
    assert "intent" in parse(text)


def test_the_reading_without_rasa_is_the_same(archive: Path, parse: Any) -> None:
    from bot.understanding import Understanding

    understanding = Understanding.from_model(archive)
    for text in ("giấy kết hôn tốn tiền không", "chào", "vay vốn", "bìa đỏ", "mấy giờ rồi"):
        parsed, found = parse(text), understanding.read(text)
        name = parsed["intent"]["name"]
        assert found.topic == (None if name == "nlu_fallback" else name)
        assert found.procedure == (None if found.topic is None else procedure(parsed))


def test_a_changed_name_of_a_procedure_makes_the_training_cache_stale(
    links: Path, rasa: None
) -> None:
    from bot.components.training_augmenter import TrainingAugmenter

    def prints() -> str:
        return str(TrainingAugmenter.fingerprint_addon({"links": str(links)}))

    before, file = prints(), links / "land_certificate" / "link.yml"
    content = file.read_text("utf-8")
    try:
        file.write_text(content + "examples: [rẫy chưa có bìa]\n", "utf-8")
        assert prints() != before
    finally:
        file.write_text(content, "utf-8")
    assert prints() == before


def test_every_component_is_one_file_with_a_docstring_and_is_in_config(rasa: None) -> None:
    found = (PROJECT / "bot" / "components").glob("*.py")
    files = {path.stem for path in found if not path.stem.startswith("_")}
    assert files == {name.split(".")[2] for name in PIPELINE}
    for name in PIPELINE:
        module, _, kind = name.rpartition(".")
        assert re.sub(r"(?<=.)(?=[A-Z])", "_", kind).lower() == module.rpartition(".")[2]
        told = getattr(importlib.import_module(module), kind).__doc__
        assert told
        assert "In" in told
        assert "Out:" in told
