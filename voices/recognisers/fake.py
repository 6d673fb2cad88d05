"""Answers from a table, by the length of the clip: for tests, and for showing how it works."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voices.clip import Clip
from voices.errors import NothingHeard, RecogniserUnavailable
from voices.recogniser import Heard, Recogniser

SILENCE = 0.01
TABLE = {1: "xin chào", 2: "khai sinh cho con", 3: "không biết"}
"""Seconds, rounded → what was said."""


class FakeRecogniser(Recogniser):
    """Deterministic. `table` may be replaced; an exception in it is raised. A length that is not
    in it is the first hint."""

    name = "fake"
    preference = 99
    pretend = True

    def __init__(self, models: Path | None = None) -> None:
        super().__init__(models)
        self.table: dict[int, str | Exception] = dict(TABLE)

    def languages(self) -> frozenset[str]:
        return frozenset({"vi", "en", "km"})

    def recognise(self, clip: Clip, language: str, hints: Sequence[str]) -> Heard:
        if self.ear_for(language) is None:
            raise RecogniserUnavailable(f"fake: does not understand {language}")
        if clip.peak < SILENCE:
            raise NothingHeard("fake: silence")
        said = self.table.get(round(clip.duration)) or next(iter(hints), "")
        if isinstance(said, Exception):
            raise said
        if not said:
            raise NothingHeard("fake: nothing in the table for this length")
        return Heard(said, 0.9)


recogniser = FakeRecogniser
