"""Training a tiny project: when it happens, what it reads, what a failure leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import training
from bot.model_files import ProjectPaths, model_path
from bot.training import ensure_model, is_stale
from knowledge_base.errors import EngineError

FILES = {
    "config.yml": """
recipe: default.v1
assistant_id: tiny
language: vi
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
policies:
  - name: RulePolicy
""",
    "bot/domain/intents.yml": """
version: "3.1"
intents: [greet, goodbye]
""",
    "bot/domain/responses.yml": """
version: "3.1"
responses:
  utter_greet: [{text: chào}]
""",
    "bot/dialogue/rules.yml": """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
""",
    "nlu_data/vi/nlu.yml": """
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - xin chào
      - chào bạn
  - intent: goodbye
    examples: |
      - tạm biệt
      - hẹn gặp lại
""",
    "bot/components/part.py": "from knowledge_base.fold import fold",
    "nlu_data/vi/answers.yml": "yes: [dạ, vâng]  # not Rasa's format",
    "knowledge_base/procedures/one/procedure.yml": "{title: Một, aliases: [a], fee: 0}",
}


@pytest.fixture
def project(tmp_path: Path) -> ProjectPaths:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return ProjectPaths(tmp_path)


@pytest.fixture
def fake_rasa(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Training that takes no time; the list holds where it was asked to build."""
    builds: list[Path] = []

    def train(paths: ProjectPaths, build: Path, on_stage: object) -> tuple[str, ...]:
        builds.append(build)
        (build / "model.tar.gz").write_text("model")
        return ()

    monkeypatch.setattr(training, "_train", train)
    return builds


def test_trains_once_and_loads(project: ProjectPaths) -> None:
    config = project.config.read_text()
    stages: list[str] = []
    assert is_stale(project)
    first = ensure_model(project, on_stage=stages.append)
    assert "LogisticRegressionClassifier" in stages
    assert not is_stale(project)
    assert project.config.read_text() == config
    assert [path.name for path in project.models.iterdir()] == [first.path.name]

    stages.clear()
    assert ensure_model(project, on_stage=stages.append).path == first.path
    assert stages == []


async def test_model_understands(project: ProjectPaths) -> None:
    model = ensure_model(project).path
    from bot.rasa_import import prepare, quiet

    prepare()
    from rasa.core.agent import Agent

    with quiet():
        agent = Agent.load(str(model))
        answers = await agent.handle_text("xin chào")
    assert [answer["text"] for answer in answers] == ["chào"]


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("config.yml", True),
        ("bot/domain/intents.yml", True),
        ("bot/dialogue/rules.yml", True),
        ("nlu_data/vi/nlu.yml", True),
        ("nlu_data/bdq/nlu_words.yml", True),
        ("bot/components/part.py", True),
        ("knowledge_base/fold.py", True),
        ("knowledge_base/guide.py", False),
        ("nlu_data/vi/answers.yml", True),
        ("nlu_data/vi/answers/one.yml", True),
        ("bot/utterances.py", True),
        ("bot/rasa_importer.py", True),
        ("nlu_data/vi/ORIGIN.md", False),
        ("README.md", False),
    ],
)
def test_what_makes_a_model_stale(
    project: ProjectPaths, fake_rasa: list[Path], name: str, stale: bool
) -> None:
    ensure_model(project)
    path = project.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n# changed\n")
    assert is_stale(project) == stale


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        ("{title: Một, aliases: [a], fee: 8000}", False),
        ("{title: Một, aliases: [a], questions: [{id: q, choices: [{value: b}]}]}", True),
        ("{title: Một, aliases: [a, b], fee: 0}", True),
        ("{title: Hai, aliases: [a], fee: 0}", True),
    ],
)
def test_only_what_people_call_a_procedure_counts(
    project: ProjectPaths, fake_rasa: list[Path], text: str, stale: bool
) -> None:
    ensure_model(project)
    (project.root / "knowledge_base/procedures/one/procedure.yml").write_text(text)
    assert is_stale(project) == stale


def test_a_folder_named_in_the_config_counts(project: ProjectPaths, fake_rasa: list[Path]) -> None:
    encoder = project.root / "knowledge_base" / "encoder" / "weights.bin"
    encoder.parent.mkdir()
    encoder.write_bytes(b"1")
    project.config.write_text(
        project.config.read_text() + "\nadded: {path: knowledge_base/encoder}\n"
    )
    ensure_model(project)
    encoder.write_bytes(b"2")
    assert is_stale(project)


def test_a_kill_leaves_the_old_model(
    project: ProjectPaths, fake_rasa: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ensure_model(project).path

    def killed(paths: ProjectPaths, build: Path, on_stage: object) -> tuple[str, ...]:
        (build / "model.tar.gz").write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "_train", killed)
    with pytest.raises(KeyboardInterrupt):
        ensure_model(project, force=True)
    assert old.read_text() == "model"
    assert list(project.models.iterdir()) == [old]


def test_old_models_go(project: ProjectPaths, fake_rasa: list[Path]) -> None:
    for number in range(4):
        (project.root / "bot/dialogue/more.yml").write_text(f"# {number}")
        last = ensure_model(project).path
    assert len(list(project.models.iterdir())) == training.KEPT_MODELS
    assert last.exists()


def test_wrong_data_is_told(project: ProjectPaths) -> None:
    (project.root / "bot/dialogue/rules.yml").write_text(
        'version: "3.1"\nrules:\n  - rule: a\n    steps: [{intent: greet}, {action: utter_nothing}]'
    )
    with pytest.raises(EngineError, match="utter_nothing"):
        ensure_model(project)
    assert is_stale(project)
    assert list(project.models.iterdir()) == []


def test_missing_config_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"config\.yml: not there"):
        is_stale(ProjectPaths(tmp_path))


def test_model_lies_in_models(project: ProjectPaths) -> None:
    assert model_path(project).parent == project.root / "models"
