"""Vosk, offline: a model of one language in `<models>/vosk/<language>/`.

SpeechRecognition's own `recognize_vosk` reads its model anew for each clip and knows one folder
only; here a model is read once. Not in `requirements.lock`: `pip install vosk`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from voices.clip import Clip
from voices.errors import NothingHeard, RecogniserUnavailable
from voices.recogniser import Heard, Recogniser

UNKNOWN = "[unk]"
"""What Vosk says for speech outside its list of sentences."""


class VoskRecogniser(Recogniser):
    """First listens for the likely answers only, then for anything."""

    name = "vosk"
    preference = 10

    def __init__(self, models: Path | None = None) -> None:
        super().__init__(models)
        self._loaded: dict[str, Any] = {}
        self._loading = Lock()

    def languages(self) -> frozenset[str]:
        if self.models is None or not self.models.is_dir() or find_spec("vosk") is None:
            return frozenset()
        return frozenset(folder.name for folder in self.models.iterdir() if folder.is_dir())

    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        tag = self.ear_for(language)
        if tag is None:
            raise RecogniserUnavailable(f"vosk: has no model of {language}")
        try:
            return self._listen(self._model(tag), clip, hints)
        except (NothingHeard, RecogniserUnavailable):
            raise
        except Exception as error:
            # The package raises bare exceptions when its C side fails.
            raise RecogniserUnavailable(f"vosk: {type(error).__name__}") from error

    def _model(self, tag: str) -> Any:
        with self._loading:
            if tag not in self._loaded:
                import vosk

                vosk.SetLogLevel(-1)
                self._loaded[tag] = vosk.Model(model_path=str((self.models or Path()) / tag))
            return self._loaded[tag]

    @staticmethod
    def _listen(model: Any, clip: Clip, hints: Sequence[str]) -> Heard:
        if hints:
            sentences = [*dict.fromkeys(hint.lower() for hint in hints), UNKNOWN]
            heard = _run(model, clip, json.dumps(sentences, ensure_ascii=False))
            if heard.text and UNKNOWN not in heard.text:
                return heard
        heard = _run(model, clip)
        if not heard.text:
            raise NothingHeard("vosk: no speech in it")
        return heard


def _run(model: Any, clip: Clip, *grammar: str) -> Heard:
    import vosk

    kaldi = vosk.KaldiRecognizer(model, clip.rate, *grammar)
    kaldi.SetWords(True)
    kaldi.AcceptWaveform(clip.pcm)
    found = json.loads(kaldi.FinalResult())
    sure = [float(word["conf"]) for word in found.get("result", ()) if "conf" in word]
    return Heard(str(found.get("text", "")).strip(), sum(sure) / len(sure) if sure else None)


recogniser = VoskRecogniser
