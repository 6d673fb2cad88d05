"""What stands behind the recognisers in tests: Google's address, the packages of Vosk and
faster-whisper. The recognisers' own code, loading and all, runs as it is."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from email.message import Message
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest

from voices.clip import Clip
from voices.encode import decode

SAID = "khai sinh cho con"
SILENCE = 0.01


class GoogleEar:
    """Takes the place of `urlopen`: hears `said` in any clip that is not silent."""

    def __init__(self) -> None:
        self.answer: bytes | int | Exception | None = None
        self.asked: list[dict[str, Any]] = []

    def open(self, request: Any, timeout: float | None = None) -> Any:
        address = urlsplit(request.full_url)
        sound = decode(request.data, container="flac")
        self.asked.append(
            {"scheme": address.scheme, "timeout": timeout, "rate": sound.rate}
            | {name: value[0] for name, value in parse_qs(address.query).items()}
        )
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, int):
            raise HTTPError(request.full_url, self.answer, "Refused", Message(), None)
        if self.answer is not None:
            return io.BytesIO(self.answer)
        if sound.peak < SILENCE:
            return io.BytesIO(b'{"result":[]}\n')
        return io.BytesIO(heard((SAID, 0.9), ("khai sinh chó con", None)))


def heard(*alternatives: tuple[str, float | None]) -> bytes:
    """Google's answer, after the empty line it begins with."""
    rows = [
        {"transcript": text} | ({"confidence": sure} if sure else {}) for text, sure in alternatives
    ]
    result = {"result": [{"alternative": rows, "final": True}], "result_index": 0}
    return b'{"result":[]}\n' + json.dumps(result).encode() + b"\n"


def module(name: str, **members: Any) -> ModuleType:
    made = ModuleType(name)
    made.__spec__ = ModuleSpec(name, None)
    vars(made).update(members)
    return made


def fake_vosk(loaded: list[str], grammars: list[str]) -> ModuleType:
    """As vosk 0.3: a model is a folder, a recogniser takes words it may hear."""

    class Model:
        def __init__(self, model_path: str) -> None:
            if not (Path(model_path) / "am").is_dir():
                raise Exception("Failed to create a model")
            loaded.append(model_path)

    class KaldiRecognizer:
        def __init__(self, model: Model, rate: float, *grammar: str) -> None:
            assert isinstance(model, Model)
            self.known = json.loads(grammar[0]) if grammar else None
            if grammar:
                grammars.append(grammar[0])
            self.rate, self.loud = rate, False

        def SetWords(self, on: bool) -> None:
            self.words = on

        def AcceptWaveform(self, data: bytes) -> bool:
            self.loud = Clip(data, int(self.rate)).peak >= SILENCE
            return True

        def FinalResult(self) -> str:
            text = SAID if self.loud else ""
            if text and self.known is not None and text not in self.known:
                text = "[unk]"
            words = [{"word": word, "conf": 0.75} for word in text.split()]
            return json.dumps({"text": text} | ({"result": words} if self.words else {}))

    return module(
        "vosk", Model=Model, KaldiRecognizer=KaldiRecognizer, SetLogLevel=lambda level: None
    )


def fake_whisper(loaded: list[str]) -> ModuleType:
    """As faster-whisper 1: parts come one by one, made up where nothing is said."""

    class WhisperModel:
        def __init__(self, folder: str, **options: Any) -> None:
            assert options["local_files_only"] is True
            loaded.append(folder)

        def transcribe(self, sound: Any, **options: Any) -> Any:
            assert options["language"] == "vi"
            loud = float(abs(sound).max()) >= SILENCE
            text, none = (f" {SAID}", 0.1) if loud else (" Hãy đăng ký kênh", 0.95)
            part = SimpleNamespace(text=text, no_speech_prob=none, avg_logprob=-0.2)
            return iter([part]), SimpleNamespace(language="vi")

    return module("faster_whisper", WhisperModel=WhisperModel)


class Ears:
    """All of them installed, with models in `models`."""

    def __init__(self, patch: pytest.MonkeyPatch, models: Path) -> None:
        from voices.recognisers.google import _package

        _package()
        self.google, self.models = GoogleEar(), models
        self.loaded: list[str] = []
        self.grammars: list[str] = []
        patch.setattr("speech_recognition.recognizers.google.urlopen", self.google.open)
        patch.setitem(sys.modules, "vosk", fake_vosk(self.loaded, self.grammars))
        patch.setitem(sys.modules, "faster_whisper", fake_whisper(self.loaded))
        (models / "vosk" / "vi" / "am").mkdir(parents=True)
        (models / "faster_whisper").mkdir()
        (models / "faster_whisper" / "model.bin").touch()


Break = Callable[[Ears], None]
