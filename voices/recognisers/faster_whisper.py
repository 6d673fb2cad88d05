"""faster-whisper, offline: one model of many languages in `<models>/faster_whisper/`, the folder
that holds `model.bin`. Never fetched by itself. Not in `requirements.lock`:
`pip install faster-whisper`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from voices.clip import Clip
from voices.errors import NothingHeard, RecogniserUnavailable
from voices.recogniser import Heard, Recogniser

LANGUAGES = frozenset({"vi", "km", "en"})
"""Those of ours that Whisper was trained on."""
NO_SPEECH = 0.6
"""Probability of no speech from which a part is left out: Whisper makes up words in silence."""


class WhisperRecogniser(Recogniser):
    """Understands whole sentences; the likely answers are given as an opening."""

    name = "faster_whisper"
    preference = 15

    def __init__(self, models: Path | None = None) -> None:
        super().__init__(models)
        self._loaded: Any = None
        self._loading = Lock()

    def languages(self) -> frozenset[str]:
        there = self.models is not None and (self.models / "model.bin").is_file()
        return LANGUAGES if there and find_spec("faster_whisper") else frozenset()

    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        tag = self.ear_for(language)
        if tag is None:
            raise RecogniserUnavailable(f"faster_whisper: has no model for {language}")
        if not clip.pcm:
            raise NothingHeard("faster_whisper: an empty clip")
        try:
            return self._listen(clip, tag, hints)
        except (NothingHeard, RecogniserUnavailable):
            raise
        except Exception as error:
            # CTranslate2 raises RuntimeError for a broken model or too little memory, and others.
            raise RecogniserUnavailable(f"faster_whisper: {type(error).__name__}") from error

    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                from faster_whisper import WhisperModel

                self._loaded = WhisperModel(
                    str(self.models), device="cpu", compute_type="int8", local_files_only=True
                )
            return self._loaded

    def _listen(self, clip: Clip, tag: str, hints: Sequence[str]) -> Heard:
        import numpy as np

        sound = np.frombuffer(clip.pcm, "<i2").astype(np.float32) / 32768
        opening = ", ".join(hints) or None
        parts, _ = self._model().transcribe(
            sound,
            language=tag,
            initial_prompt=opening,
            condition_on_previous_text=False,
        )
        said = [part for part in parts if part.no_speech_prob < NO_SPEECH and part.text.strip()]
        if not said:
            raise NothingHeard("faster_whisper: no speech in it")
        text = " ".join(part.text.strip() for part in said)
        return Heard(text, math.exp(sum(part.avg_logprob for part in said) / len(said)))


recogniser = WhisperRecogniser
