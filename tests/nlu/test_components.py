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
from bot.understanding import Understanding
from knowledge_base.errors import EngineError

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


SAID = (
    "giấy kết hôn tốn tiền không",
    "chào",
    "vay vốn",
    "bìa đỏ",
    "SỔ ĐỎ!",
    "mấy giờ rồi",
    "ở trong rẫy, bà mụ đỡ trên nhà sàn",
    "bệnh viện tỉnh",
    "không biết nữa",
    "làm hộ chiếu",
    "qwx zzk",
    "👶🏽 1",
    "nãy bấm chưa có, giờ có rồi",
)


@pytest.fixture(scope="module")
def understanding(archive: Path) -> Understanding:
    return Understanding.from_model(archive)


@pytest.mark.parametrize("text", SAID)
def test_the_reading_without_rasa_is_the_same(
    text: str, understanding: Understanding, parse: Any
) -> None:
    parsed, found = parse(text), understanding.read(text)
    name = parsed["intent"]["name"]
    none = name in ("nlu_fallback", "inform")
    assert found.topic == (None if none else name)
    assert found.procedure == (None if none else procedure(parsed))
    runner_up = next((e["runner_up"] for e in parsed["entities"] if "runner_up" in e), None)
    assert found.runner_up == (runner_up["value"] if runner_up else None)
    if name != "nlu_fallback":
        assert found.confidence == pytest.approx(parsed["intent"]["confidence"], abs=1e-4)


@pytest.mark.parametrize("text", SAID)
def test_the_answers_read_without_rasa_are_the_same(
    text: str, understanding: Understanding, parse: Any
) -> None:
    parsed = parse(text)
    questions = understanding._answers.classes if understanding._answers else ()
    assert "birth_registration.question.born_where" in questions
    hearing = understanding.hear(text)
    instead = parsed.get("answers_instead")
    assert (hearing.instead or {}).keys() == (instead or {}).keys()
    for question in questions:
        heard = hearing.to(question)
        guesses = [list(guess) for guess in heard.guesses]
        assert [g[0] for g in guesses] == [g[0] for g in parsed["answers"].get(question, [])]
        assert [g[1] for g in guesses] == pytest.approx(
            [g[1] for g in parsed["answers"].get(question, [])], abs=1e-4
        )
    name = parsed["intent"]["name"]
    assert hearing.intent == ("" if name == "nlu_fallback" else name)


def test_an_answer_is_read_from_what_people_say_for_it(parse: Any) -> None:
    question = "birth_registration.question.born_where"
    answers = parse("ở trong rẫy thôi, bà mụ đỡ")["answers"]
    assert answers[question][0][0] == "home"
    assert parse("bao nhiêu tiền")["answers"][question][0][0] == "no_answer"


def test_the_nearest_known_questions_are_told_and_both_rankings_stay_ranked(parse: Any) -> None:
    parsed = parse("làm sổ đỏ ở đâu vậy, đất chưa có sổ đỏ")
    best = parsed["nearest"][0]
    assert (best["topic"], best["procedure"]) == ("start", "land_certificate")
    assert 0 < best["cosine"] <= 1.001
    assert {one["topic"] for one in parsed["nearest"]} <= {"start", "fee"}, "greetings ask nothing"
    for chances in (
        [one["confidence"] for one in parsed["intent_ranking"]],
        list(parsed["procedure_ranking"].values()),
    ):
        assert sum(chances) == pytest.approx(1)
        assert chances == sorted(chances, reverse=True)
    assert parse("")["nearest"] == []


def test_the_whole_of_a_name_decides_the_procedure(parse: Any) -> None:
    assert parse("SAO Y!")["procedure_named"] == ["certified_copy"]
    assert procedure(parse("SAO Y!")) == "certified_copy"
    assert parse("sao y giấy này")["procedure_named"] == []
    either = parse("sổ đỏ hay sao y")
    assert either["procedure_named"] == ["land_certificate", "certified_copy"]
    assert procedure(either) == "land_certificate"


def test_languages_are_told_and_never_the_source(parse: Any) -> None:
    assert parse("how much does it cost")["languages"] == ["en"]
    assert parse("hơioh rơneh")["languages"] == ["bdq"]
    assert parse("làm sổ đỏ")["languages"] == []


def test_a_word_of_a_glossary_makes_the_training_cache_stale(tmp_path: Path, rasa: None) -> None:
    from bot.components.language_identifier import LanguageIdentifier

    heads = "\t".join(("en", "vi", "word", "dialect", "confidence", "source"))
    (tmp_path / "bdq.tsv").write_text(heads + "\n", "utf-8")
    config = {"glossary": str(tmp_path)}
    before = LanguageIdentifier.fingerprint_addon(config)
    (tmp_path / "bdq.tsv").write_text(heads + "\nchild\tcon\tkon\t\thigh\tS\n", "utf-8")
    assert LanguageIdentifier.fingerprint_addon(config) != before


def test_answers_are_gathered_from_the_knowledge_base_and_from_what_was_written(
    tmp_path: Path, rasa: None
) -> None:
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.components.answer_gatherer import AnswerGatherer, gather
    from knowledge_base.answers.examples import AnswerExample

    path = tmp_path / "vi" / "answers" / "birth_registration.yml"
    path.parent.mkdir(parents=True)
    path.write_text(ANSWERS, "utf-8")
    config = {"questions": "knowledge_base", "answers": str(tmp_path)}
    found = list(gather(config))
    question = "birth_registration.question.born_where"
    assert AnswerExample(question, "home", "ở trong rẫy thôi") in found
    assert (
        AnswerExample(question, "home", "Ở nhà, ở rẫy, trên đường") in found
    )  # what its button says
    assert not any("{" in one.text for one in found)
    given = TrainingData([Message.build("chào", "greet")])
    after = AnswerGatherer(config).process_training_data(given).training_examples
    assert len(after) == len(found) + 1
    assert not any(message.get("intent") for message in after[1:])
    before = AnswerGatherer.fingerprint_addon(config)
    path.write_text(ANSWERS.replace("trạm", "viện"), "utf-8")
    assert AnswerGatherer.fingerprint_addon(config) != before


def test_a_component_that_stands_too_early_is_told(rasa: None) -> None:
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.components.answer_reader import AnswerReader
    from bot.components.nearest_question import NearestQuestion
    from bot.components.need_linker import NeedLinker

    data = TrainingData([Message.build("chào", "greet")])
    for component, told in (
        (AnswerReader({"strength": 1}, None, None), "AnswerGatherer must come before"),
        (NearestQuestion({"weight": 1}, None, None), "SentenceEncoder must come before"),
        (NeedLinker({"strength": 1}, None, None), "nothing that NeedLinker learns from"),
    ):
        with pytest.raises(EngineError, match=told):
            component.train(data)


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
