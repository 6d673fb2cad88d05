from __future__ import annotations

from pathlib import Path

from tests.voices.sounds import tone
from voices.clip import Clip
from voices.engine import Speed
from voices.rendering import Renderer, Voice
from voices.store import AudioStore

KEY = "0" * 32


async def test_what_was_finished_since_the_caller_looked_is_not_made_again(tmp_path: Path) -> None:
    asked: list[Speed] = []

    def speak(speed: Speed) -> Clip:
        asked.append(speed)
        return tone(0.1)

    voice = Voice("tone", False, speak)
    renderer = Renderer(AudioStore(tmp_path), size_limit=10**9)
    try:
        first = await renderer.render(KEY, "ogg", "normal", [voice])
        assert await renderer.render(KEY, "ogg", "normal", [voice]) == first
        assert renderer.running(KEY, "normal") is None
    finally:
        renderer.close()
    assert asked == ["normal"]
