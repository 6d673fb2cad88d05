"""What the online voice does when the other side misbehaves."""

from __future__ import annotations

import logging

import pytest
import requests

from tests.voices.google import Google, line
from tests.voices.sounds import mp3, tone
from voices.engines.gtts import TIMEOUT, GttsEngine
from voices.errors import EngineUnavailable

LONG = "Anh chị chuẩn bị giấy chứng sinh, giấy tờ tùy thân của cha mẹ. " * 4
GOOD = line(mp3(tone()))


def test_asks_for_language_and_speed_with_a_timeout(google: Google) -> None:
    GttsEngine().synthesise("xin chào", "vi", "slow")
    GttsEngine().synthesise("សួស្តី", "km", "normal")
    assert google.asked == [["xin chào", "vi", True], ["សួស្តី", "km", None]]
    assert google.timeouts == [TIMEOUT, TIMEOUT]


def test_long_text_is_all_there(google: Google) -> None:
    clip = GttsEngine().synthesise(LONG, "vi", "normal")
    assert len(google.asked) > 1
    assert clip.duration == pytest.approx(len(google.asked), abs=0.1 * len(google.asked))


FAILURES = {
    "offline": [requests.ConnectionError("no route")],
    "slow": [requests.Timeout("read timed out")],
    "throttled": [429],
    "forbidden": [403],
    "down": [503],
    "200 without a line": [b""],
    "200 without sound": [b')]}\'\n[["wrb.fr","jQ1olc",null,null,null,[3],"generic"]]\n'],
    "empty sound": [line(b"")],
    "not base64": [GOOD.replace(b'[\\"', b'[\\"A')],
    "not UTF-8": [b"\xff\xfe" + GOOD],
    "not MP3": [line(b"#EXTM3U\nfile:///etc/passwd\n" * 9)],
    "another kind of file": [line(b"RIFF" + bytes(4) + b"WAVE" + bytes(400))],
    "second part fails": [GOOD, requests.ConnectionError("reset")],
    "second part throttled": [GOOD, 429],
    "second part is empty": [GOOD, b""],
    "last part is empty": [GOOD, GOOD, b""],
    "parts differ": [GOOD, line(mp3(tone(rate=16000)))],
}


@pytest.mark.parametrize("answers", FAILURES.values(), ids=FAILURES)
def test_anything_short_of_a_whole_answer_is_unavailable(
    google: Google, answers: list[bytes | int | Exception]
) -> None:
    google.answers = answers
    with pytest.raises(EngineUnavailable) as caught:
        GttsEngine().synthesise(LONG, "vi", "normal")
    assert "chứng sinh" not in str(caught.value)


def test_the_text_is_not_logged(google: Google, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("gtts").setLevel(logging.NOTSET)
        GttsEngine().synthesise("giấy chứng sinh", "vi", "normal")
    assert "chứng sinh" not in caplog.text
