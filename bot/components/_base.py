"""What Rasa asks of every graph component, written once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


class ConfiguredComponent(GraphComponent):
    """Knows its configuration and no more."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(config)


class Learnt(Protocol):
    """What is learnt: it is written into a folder and read from it."""

    def save(self, folder: Path) -> None: ...
    @classmethod
    def load(cls, folder: Path) -> Self: ...


LearntT = TypeVar("LearntT", bound=Learnt)


class LearningComponent(GraphComponent, Generic[LearntT]):
    """Keeps one `model`, an object of the class `learns`; None until something was learnt."""

    learns: ClassVar[type[Any]]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LearntT | None = None,
    ) -> None:
        self.config = config
        self._storage, self._resource = model_storage, resource
        self.model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        with model_storage.read_from(resource) as folder:
            loaded = cls(config, model_storage, resource, cls.learns.load(folder))
            loaded.recall(folder)
        return loaded

    def recall(self, folder: Path) -> None:
        """Read what a component keeps beside its `model`."""

    def keep(self, model: LearntT) -> Resource:
        """Use what was learnt from now on, and save it."""
        self.model = model
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource
