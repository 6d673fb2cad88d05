"""The stand-ins: what may be done with them, what is refused and how that is told."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import tensorflow_absent
from bot.settings import PROJECT
from knowledge_base.errors import EngineError


@pytest.fixture
def stand_ins() -> Iterator[None]:
    before = list(sys.meta_path)
    tensorflow_absent.install()
    yield
    sys.meta_path[:] = before


def test_installing_twice_adds_one_finder(stand_ins: None) -> None:
    count = len(sys.meta_path)
    tensorflow_absent.install()
    assert len(sys.meta_path) == count


@pytest.mark.parametrize(
    "name",
    ["tensorflow", "tensorflow.keras.backend", "keras.utils.control_flow_util", "tensorflow_hub"],
)
def test_imports(stand_ins: None, name: str) -> None:
    assert importlib.import_module(name).__name__ == name


def test_other_missing_packages_stay_missing(stand_ins: None) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("tensorflow_of_another_kind")


def test_subclass_decorate_annotate_and_catch(stand_ins: None) -> None:
    import tensorflow as tf  # type: ignore[import-not-found]
    from keras.utils import tf_utils  # type: ignore[import-not-found]

    class Layer(tf.keras.layers.Layer):  # type: ignore[misc]
        @tf.function  # type: ignore[untyped-decorator]
        def call(self, tensor: tf.Tensor | tf_utils.Shape | None) -> dict[str, tf.Tensor]:
            return {}

    @tf.keras.utils.register  # type: ignore[untyped-decorator]
    class Registered:
        pass

    assert isinstance(Registered(), Registered)
    assert Layer.call(None, None) == {}
    assert not isinstance(1, tf.Tensor)
    try:
        raise KeyError
    except (tf.errors.NotFoundError, KeyError):
        pass


def use_call(tf: Any) -> None:
    tf.constant([1])


def use_nested(tf: Any) -> None:
    tf.keras.backend.clear_session()


def use_subclass(tf: Any) -> None:
    class Model(tf.keras.Model):  # type: ignore[misc]
        pass

    Model()


@pytest.mark.parametrize(
    ("use", "missing"),
    [
        (use_call, "tensorflow.constant"),
        (use_nested, "tensorflow.keras.backend.clear_session"),
        (use_subclass, "tensorflow.keras.Model"),
    ],
)
def test_use_is_refused_by_name(stand_ins: None, use: Any, missing: str) -> None:
    with pytest.raises(EngineError) as error:
        use(importlib.import_module("tensorflow"))
    message = str(error.value)
    assert f"{__name__}.{use.__name__} needs {missing}, but tensorflow is not installed" in message


def test_the_component_is_named(stand_ins: None) -> None:
    from bot.rasa_import import prepare

    prepare()
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier

    tf = importlib.import_module("tensorflow")

    def helper() -> None:
        tf.constant(1)

    class Custom(DIETClassifier):  # type: ignore[misc]
        def __init__(self) -> None:
            self.context = ExecutionContext(GraphSchema({}))

        def process_training_data(self, data: Any) -> Any:
            helper()

    with pytest.raises(EngineError, match=r"Custom needs tensorflow\.constant"):
        Custom().process_training_data(None)


def test_stands_aside_where_the_real_package_is(tmp_path: Path) -> None:
    real = tmp_path / "tensorflow"
    real.mkdir()
    (real / "__init__.py").write_text("constant = 'real'\n")
    code = (
        "from bot import tensorflow_absent; tensorflow_absent.install()\n"
        "import tensorflow; print(tensorflow.constant)\n"
        "try: import tensorflow.missing\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{tmp_path}:{PROJECT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["real", "No module named 'tensorflow.missing'"]


def test_rasa_loads_quietly() -> None:
    """Nothing is printed while Rasa is imported, nor what a person wrote afterwards."""
    code = (
        "from bot.rasa_import import prepare; prepare()\n"
        "import structlog; structlog.get_logger('rasa.x').debug('told', text='SECRET')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert told.stdout == ""
    assert told.stderr == ""
