"""Google's recognition through the SpeechRecognition package: online, unofficial, throttled.

What the package does not do for us (SpeechRecognition 3.17):
- its address is `http://`, and a voice is personal: `https://` is given to it;
- it makes FLAC with a program that exists for few machines: PyAV makes it here;
- it has no timeout unless told one, and lets errors of the network and of the answer's form
  through as they are;
- it takes the first alternative: one that is among the likely answers is better.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

from voices.clip import Clip
from voices.encode import flac
from voices.errors import NothingHeard, RecogniserUnavailable
from voices.recogniser import Heard, Recogniser

ENDPOINT = "https://www.google.com/speech-api/v2/recognize"
TIMEOUT = 6.0
"""Seconds to connect, and between two pieces of an answer."""
TAGS = {"vi": "vi-VN", "en": "en-US", "km": "km-KH"}


@cache
def _package() -> Any:
    """SpeechRecognition; None where it is not installed."""
    with warnings.catch_warnings():
        # It imports modules that Python 3.13 will not have.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            import speech_recognition
        except ImportError:
            return None
    return speech_recognition


class GoogleRecogniser(Recogniser):
    """Understands `vi`, `km` and `en`."""

    name = "google"
    online = True
    preference = 20

    def languages(self) -> frozenset[str]:
        return frozenset(TAGS if _package() else ())

    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        tag = self.ear_for(language)
        if tag is None:
            raise RecogniserUnavailable(f"google: does not understand {language}")
        if not clip.pcm:
            raise NothingHeard("google: an empty clip")
        speech = _package()
        recogniser = speech.Recognizer()
        recogniser.operation_timeout = TIMEOUT
        try:
            result = recogniser.recognize_google(
                _audio(speech, clip), language=TAGS[tag], show_all=True, endpoint=ENDPOINT
            )
            return _best(result["alternative"], hints)
        except speech.UnknownValueError as error:
            raise NothingHeard("google: no speech in it") from error
        except speech.RequestError as error:
            raise RecogniserUnavailable(f"google: {error}") from error
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            # A fault of the network while reading is an OSError; an answer of another form any of
            # the others. Their messages may quote the answer.
            raise RecogniserUnavailable(f"google: {type(error).__name__}") from error


def _audio(speech: Any, clip: Clip) -> Any:
    data = speech.AudioData(clip.pcm, clip.rate, 2)
    data.get_flac_data = lambda convert_rate=None, convert_width=None: flac(clip)
    return data


def _best(alternatives: list[dict[str, Any]], hints: Sequence[str]) -> Heard:
    """The first alternative that is a likely answer, else the first; Google sorts them."""
    texts = [str(one["transcript"]).strip() for one in alternatives]
    likely = {hint.casefold() for hint in hints}
    chosen = next((i for i, text in enumerate(texts) if text.casefold() in likely), 0)
    if not texts[chosen]:
        raise NothingHeard("google: no word in it")
    confidence = alternatives[chosen].get("confidence")
    return Heard(texts[chosen], float(confidence) if confidence else None)


recogniser = GoogleRecogniser
