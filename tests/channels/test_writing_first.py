"""Messages that answer nothing, over every messenger, with the real assistant: the reminder of a
deadline and a clerk's word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from pydantic import SecretStr

from bot.engine import Engine
from bot.reminders import VIETNAM
from tests.channels.real import Town, town
from tests.emulators.messengers import MOTHER
from tests.emulators.zalo_oa import OaPerson

TO_CONSENT = ["12/11/2026", "bệnh viện", "1", "đã có", "1", "2", "1", "1", "1"]


@pytest.fixture(params=list(MOTHER))
def there(
    request: pytest.FixtureRequest,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Town]:
    password = SecretStr("mật khẩu")
    with town(request.param, engine, tmp_path, counter_password=password) as there:
        there.now = datetime(2026, 11, 23, 9, tzinfo=VIETNAM).timestamp()
        there.clock = lambda: there.now
        there.assistant.reminders.clock = there.clock
        clock = SimpleNamespace(time=lambda: there.now)
        monkeypatch.setattr("bot.delivery.courier.time", clock)
        yield there


def agrees(there: Town) -> None:
    """From hello to the reminder's consent."""
    there.runs(there.assistant.erase(there.conversation))  # the engine is that of all tests
    there.says("làm giấy khai sinh cho con")
    for text in TO_CONSENT:
        said = there.says(text)
    assert "Anh/chị có đồng ý không?" in said
    said = there.says("đồng ý")
    assert "Nhà Rông sẽ nhắn ở đây" in said
    assert "Gia đình cần làm: Đăng ký khai sinh." in said


def look(there: Town, month: int, day: int, hour: int = 9, year: int = 2027) -> None:
    """The server looks for what is due, at that time."""
    there.now = datetime(year, month, day, hour, tzinfo=VIETNAM).timestamp()
    there.runs(there.assistant.reminders.look(there.channels, there.assistant.unasked))


def moves_window(there: Town, to: float) -> None:
    """The mother wrote last at that time, as far as the channel knows."""
    mother = there.mother
    if isinstance(mother, OaPerson):
        channel = there.channels["zalo_oa"]

        async def until(conversation: str) -> float:
            return to + 48 * 3600

        channel.reachable_until = until  # type: ignore[method-assign]


def test_the_reminder_comes_once_also_after_a_restart(there: Town) -> None:
    agrees(there)
    look(there, 1, 3)
    there.mother.gets_nothing()
    there.stops()
    there.starts()
    moves_window(there, datetime(2027, 1, 4, 8, tzinfo=VIETNAM).timestamp())
    look(there, 1, 4, 5)
    there.mother.gets_nothing()
    look(there, 1, 4, 9)
    said = there.reads()
    assert "hạn của việc “Đăng ký khai sinh” là ngày 11 tháng 1 năm 2027" in said
    assert "Đừng nhắn nữa" in said + str(there.mother.inbox[-1].labels)
    look(there, 1, 5)
    there.stops()
    there.starts()
    look(there, 1, 6)
    there.mother.gets_nothing()


@pytest.mark.parametrize("there", ["zalo_oa"], indirect=True)
def test_zalo_s_window(there: Town) -> None:
    agrees(there)
    mother = there.mother
    assert isinstance(mother, OaPerson)
    wrote = datetime(2026, 11, 23, 15, tzinfo=VIETNAM).timestamp()
    moves_window(there, wrote)
    look(there, 11, 24, 9, 2026)
    mother.gets_nothing()
    look(there, 1, 4)
    mother.gets_nothing()
    look(there, 11, 25, 9, 2026)  # the last morning within 48 hours
    assert "11 tháng 1 năm 2027" in there.reads()
    look(there, 11, 25, 14, 2026)
    mother.gets_nothing()


@pytest.mark.parametrize("there", ["telegram"], indirect=True)
@pytest.mark.parametrize("words", ["Đừng nhắn nữa", "dung nhan nua"])
def test_no_more(there: Town, words: str) -> None:
    agrees(there)
    assert "không nhắn trước nữa" in there.says(words)
    moves_window(there, datetime(2027, 1, 4, 8, tzinfo=VIETNAM).timestamp())
    look(there, 1, 4)
    there.mother.gets_nothing()


@pytest.mark.parametrize("there", ["telegram"], indirect=True)
def test_gone_with_everything_else(there: Town) -> None:
    agrees(there)
    there.says("xóa hết dữ liệu của tôi")
    assert "Đã xóa hết" in there.says("có")
    moves_window(there, datetime(2027, 1, 4, 8, tzinfo=VIETNAM).timestamp())
    look(there, 1, 4)
    there.mother.gets_nothing()


@pytest.mark.parametrize("there", ["zalo_oa"], indirect=True)
def test_who_unfollows_is_left_alone(there: Town) -> None:
    agrees(there)
    mother = there.mother
    assert isinstance(mother, OaPerson)
    mother.stops_following()
    mother.gets_nothing()
    turn = there.runs(there.assistant.engine.last(there.conversation))
    assert turn.may_write == "no"


def test_a_clerk_s_word(there: Town) -> None:
    agrees(there)
    there.says("tiếp")
    code = counter_code(there)
    with httpx.Client(base_url=there.address, follow_redirects=True, timeout=60) as clerk:
        clerk.post("/counter/login", data={"password": "mật khẩu"})
        page = clerk.post("/counter/open", data={"code": code}).text
        papers = re.findall(r'name="paper" value="(\w+)"> ([^<]+)<', page)
        once = re.search(r'name="once" value="(\w+)"', page)
        case = re.search(r'name="case" value="(\w+)"', page)
        assert papers
        assert once is not None
        assert case is not None
        form = {"once": once[1], "case": case[1], "paper": [papers[0][0], "unknown"]}
        assert "Đã gửi lời nhắn." in clerk.post("/counter/write", data=form).text
        said = there.reads()
        assert "còn thiếu giấy dưới đây" in said
        assert papers[0][1] in said
        assert all(title not in said for _, title in papers[1:])
        # The button was pressed twice.
        assert "đã gửi rồi" in clerk.post("/counter/write", data=form).text
        there.mother.gets_nothing()
        form = {"once": "0" * 16, "case": case[1]}
        clerk.post("/counter/write", data=form)
        assert "gặp hoặc gọi cán bộ" in there.reads()
        there.says("Đừng nhắn nữa")
        refused = clerk.post("/counter/write", data=form | {"once": "1" * 16}).text
        assert "chưa đồng ý nhận lời nhắn" in refused
        there.mother.gets_nothing()


def counter_code(there: Town) -> str:
    turn = there.runs(there.assistant.carrier.links.issue(there.conversation, "counter"))
    return str(turn.short)


@pytest.mark.parametrize("there", ["telegram"], indirect=True)
def test_no_clerk_s_word_without_a_login(there: Town) -> None:
    answer = httpx.post(f"{there.address}/counter/write", data={"once": "0" * 16, "case": "x"})
    assert answer.status_code == 403
