"""Stand-ins for what Rasa imports and this project never uses, TensorFlow above all.

`import rasa.core.agent` imports TensorFlow (380 MB of memory, 7 to 10 s of start, over 1 GB of
disk) and the client of every messenger, database and cloud that Rasa knows (3 s, 36 MB of memory,
220 MB of disk, measured with a small pipeline: first answer after 10.6 s with, 7.6 s without).
`install()` adds a finder behind all others, which answers an import of one of `ROOTS` that nothing
else could answer. Where the real package is installed, it is found first and this module stands
aside.

Importing a name, subclassing it, decorating with it and using it in an annotation work. Calling
or instantiating one is use: an `EngineError` that names the component that needs the package.
"""

from __future__ import annotations

import inspect
import sys
from abc import ABCMeta
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any, cast

from knowledge_base.errors import EngineError

TENSORFLOW = frozenset(
    {"keras", "tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"}
)
MESSENGERS = frozenset(
    {
        "aiogram",
        "cachecontrol",
        "fbmessenger",
        "google.auth",
        "google.oauth2",
        "rocketchat_API",
        "slack_sdk",
        "socketio",
        "twilio",
        "webexteamssdk",
    }
)
STORES = frozenset({"aio_pika", "aiormq", "boto3", "botocore", "confluent_kafka", "pymongo"})
CONSOLE = frozenset({"matplotlib", "prompt_toolkit", "questionary", "sanic_jwt"})
ROOTS = TENSORFLOW | MESSENGERS | STORES | CONSOLE
"""Packages that may be stood in for; pyproject.toml leaves them out of the lock."""


def install() -> None:
    """Answer imports of `ROOTS` that nothing else answers; harmless when called again.

    To be called before the first `import rasa`."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


class _StandInType(ABCMeta):
    """Type of every stand-in: any public attribute of one is another; calling one is refused."""

    def __getattr__(cls, name: str) -> _StandInType:
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in(f"{cls.__module__}.{cls.__qualname__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        only = args[0] if len(args) == 1 and not kwargs else None
        if inspect.isfunction(only) or inspect.isclass(only):
            return only  # used as a decorator, which happens while modules are imported
        missing = next((base for base in cls.__mro__ if "_stands_in" in vars(base)), cls)
        package = missing.__module__.partition(".")[0]
        raise EngineError(
            f"{_component(sys._getframe(1))} needs {missing.__module__}.{missing.__qualname__}, "
            f"but {package} is not installed: do without that component, "
            f"or install {package}"
        )


def stand_in(module: str, name: str) -> _StandInType:
    """The class that stands for attribute `name` of `module`."""
    # an `except` clause takes nothing but exceptions
    bases = (Exception,) if name.endswith(("Error", "Exception", "Failure")) else ()
    return _StandInType(name, bases, {"__module__": module, "_stands_in": True})


def _component(frame: FrameType | None) -> str:
    """Name of the graph component that is running, else of the function that made the call."""
    caller = frame
    while frame is not None:
        owner = frame.f_locals.get("self", frame.f_locals.get("cls"))
        kind = owner if isinstance(owner, type) else type(owner)
        if any(base.__name__ == "GraphComponent" for base in kind.__mro__):
            return f"{kind.__module__}.{kind.__qualname__}"
        frame = frame.f_back
    if caller is None:
        return "the caller"
    return f"{caller.f_globals.get('__name__')}.{caller.f_code.co_qualname}"


class _StandInModule(ModuleType):
    """A module that has every public name."""

    def __getattr__(self, name: str) -> _StandInType:
        if name.startswith("__"):
            raise AttributeError(name)
        made = stand_in(self.__name__, name)
        setattr(self, name, made)
        return made


class _Loader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = _StandInModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


class _Finder(MetaPathFinder):
    """Last on `sys.meta_path`, so it is asked only for what is not installed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        root = next((r for r in ROOTS if f"{fullname}.".startswith(f"{r}.")), None)
        if root is None:
            return None
        # a submodule missing from a real package is that package's own error
        if fullname != root and not isinstance(sys.modules.get(root), _StandInModule):
            return None
        return ModuleSpec(fullname, cast(Any, _Loader()), is_package=True)
