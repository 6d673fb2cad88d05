"""Whole journeys with the real assistant over each messenger, a part of them spoken, and spoken
messages that can't be understood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.engine import Engine
from tests.channels.real import Town, town
from tests.channels.transcript import INTO, SPOKEN, journey
from tests.emulators.messengers import MOTHER
from tests.voices.sounds import tone
from voices.clip import Clip
from voices.encode import encode
from voices.recogniser import RATE

HEARD = "Nhà Rông nghe là: “khai sinh cho con”. Có đúng không?"
QUESTION = "Bé sinh ngày nào?"
SILENCE = Clip(bytes(4 * RATE), RATE)
WHOLE = encode(tone(2.0), "ogg")


@pytest.mark.parametrize("name", MOTHER)
def test_a_journey(name: str, engine: Engine, tmp_path: Path) -> None:
    told = journey(name, engine, tmp_path)
    assert "Gia đình cần làm: Đăng ký khai sinh." in told
    assert "Giấy phải nộp:" in told
    assert "127.0.0.1" not in told
    if SPOKEN in told:
        assert "Nhà Rông nghe là: “sinh ở bệnh viện”." in told


def test_there_is_a_transcript_of_each() -> None:
    assert {path.stem for path in INTO.glob("*.md")} == set(MOTHER)


@pytest.fixture(params=list(MOTHER))
def there(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[Town]:
    with town(request.param, engine, tmp_path) as there:
        there.runs(there.assistant.erase(there.conversation))
        yield there


def speaks(there: Town, sound: bytes) -> str:
    there.mother.speaks(sound)
    return there.reads()


@pytest.mark.parametrize("form", ["ogg", "aac", "m4a"])
@pytest.mark.parametrize("there", ["zalo_bot"], indirect=True)
def test_whatever_the_phone_records(there: Town, form: str) -> None:
    assert HEARD in speaks(there, encode(tone(2.0), form))


def test_read_back_before_it_counts(there: Town) -> None:
    assert HEARD in speaks(there, WHOLE)
    assert "Nhà Rông nghe chưa đúng" in there.says("không đúng")
    assert HEARD in speaks(there, WHOLE)
    assert QUESTION in there.says("đúng")


def test_what_is_not_understood_disturbs_nothing(there: Town) -> None:
    there.says("làm giấy khai sinh cho con")
    loud, quiet = tone(1.0, 8000), Clip(bytes(16000), 8000)
    half_an_hour = encode(Clip((loud.pcm + quiet.pcm) * 90, 8000), "aac")  # three minutes of it
    for sound, words in (
        (encode(SILENCE, "ogg"), "chưa nghe rõ"),
        (WHOLE[:300], "chưa nghe rõ"),
        (b"PK\x03\x04" + bytes(5000), "chưa nghe rõ"),
        (half_an_hour, "Lời nói dài quá"),
    ):
        said = speaks(there, sound)
        assert words in said
        assert QUESTION in said
    assert "Bé sinh ra ở đâu?" in there.says("12/11/2026")


def test_nobody_here_can_listen(engine: Engine, tmp_path: Path) -> None:
    with town("zalo_oa", engine, tmp_path, recognisers=[]) as there:
        there.runs(there.assistant.erase(there.conversation))
        there.says("làm giấy khai sinh cho con")
        said = speaks(there, WHOLE)
        assert "chưa nghe được tiếng nói" in said
        assert QUESTION in said
