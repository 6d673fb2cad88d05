"""What the network and Zalo do wrong: nothing is lost, nothing is said twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.channels.zalo_oa.channel import ZaloOaChannel
from tests.channels.assistant import SmallAssistant
from tests.emulators.server import Server
from tests.emulators.zalo_oa import OaPerson, ZaloOaEmulator
from tests.waiting import until


def undelivered(channel: ZaloOaChannel) -> list[tuple[str, str]]:
    return asyncio.run(channel.undelivered())


def test_duplicates_are_answered_once(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, assistant: SmallAssistant
) -> None:
    event = mother.sends("a")
    emulator.repeats(event)
    emulator.repeats(event)
    mother.gets()
    mother.sends("b")
    assert mother.gets()[0].text == "Đã nghe: b"
    mother.gets_nothing()
    assert len(assistant.handled) == 2


def test_reordered_webhooks_are_all_answered(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    with emulator.reordered():
        first = mother.sends("a")
        mother.sends("b")
    emulator.repeats(first)
    assert {sent.text for sent in mother.gets(2)} == {"Đã nghe: a", "Đã nghe: b"}
    mother.gets_nothing()


def test_answered_in_time_while_the_work_takes_long(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, assistant: SmallAssistant
) -> None:
    assistant.slow_seconds = 600
    mother.sends("chậm")
    mother.sends("sau")
    until(lambda: emulator.told() and assistant.handled)
    assert emulator.pusher.statuses == [200, 200]
    assert mother.inbox == []
    assistant.slow_seconds = 0
    assert [sent.text for sent in mother.gets(2)] == ["Đã nghe: chậm", "Đã nghe: sau"]


def test_webhook_is_retried_until_the_bot_is_back(
    serve: Callable[..., Server], mother: OaPerson, emulator: ZaloOaEmulator
) -> None:
    mother.sends("a")
    until(lambda: emulator.pusher.statuses)
    serve()
    assert mother.gets()[0].text == "Đã nghe: a"
    mother.gets_nothing()


@pytest.mark.parametrize("fault", ["fails", "resets"])
def test_an_outage_delays(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, fault: str
) -> None:
    getattr(emulator, fault)("message/cs", times=2)
    mother.sends("start:birth_registration")
    start, question = mother.gets(2)
    assert start.text == "Mình bắt đầu."
    assert question.text.startswith("Sinh ở")
    mother.gets_nothing()


def test_the_rate_limit_is_waited_for(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo_oa.errors.LIMIT_SECONDS", 0.5)
    emulator.floods("message/cs")
    mother.sends("a")
    mother.sends("b")
    assert [sent.text for sent in mother.gets(2)] == ["Đã nghe: a", "Đã nghe: b"]
    assert len(emulator.called("message/cs")) == 3


@pytest.mark.parametrize("code", [-213, -217, -227, -230, -232, -244])
def test_permanent_refusals_are_recorded_once(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, channel: ZaloOaChannel, code: int
) -> None:
    mother.sends("xin chào")
    mother.gets()
    emulator.refuses("message/cs", code, times=9)
    mother.sends("1")
    emulator.waits_for("message/cs", 2)
    emulator.settle()
    # The second message of the same answer is not even tried.
    assert len(emulator.called("message/cs")) == 2
    [(conversation, reason)] = undelivered(channel)
    assert conversation == f"zalo_oa:{mother.id}"
    assert str(code) in reason


def test_the_window_is_closed_after_a_week(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, channel: ZaloOaChannel
) -> None:
    with emulator.reordered():
        mother.sends("a")
        mother.was_away(days=8)
    mother.gets_nothing()
    assert "-230" in undelivered(channel)[0][1]


@pytest.mark.parametrize(("billed", "hours"), [(False, 48), (True, 7 * 24)])
def test_until_when_one_may_be_written_to(
    serve: Callable[..., Server], mother: OaPerson, billed: bool, hours: int
) -> None:
    channel = serve(zalo_oa_billed=billed).app.state.channel
    conversation = f"zalo_oa:{mother.id}"
    assert asyncio.run(channel.reachable_until(conversation)) == 0
    before = int(time.time())
    mother.sends("a")
    mother.gets()
    written = asyncio.run(channel.reachable_until(conversation)) - hours * 3600
    assert before <= written <= time.time()


def test_staff_are_told_and_messages_wait(
    bot: Server,
    mother: OaPerson,
    emulator: ZaloOaEmulator,
    channel: ZaloOaChannel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.staff.STAFF_SECONDS", 0.2)
    emulator.refuses("message/cs", -224, times=10_000)
    mother.sends("a")
    until(lambda: channel.problem)
    assert "package is too small" in str(channel.problem)
    assert mother.inbox == []
    emulator.recovers()
    assert mother.gets()[0].text == "Đã nghe: a"
    emulator.settle()
    assert channel.problem is None


def test_refused_message_stops_no_other(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, channel: ZaloOaChannel
) -> None:
    mother.sends("xin chào")
    mother.gets()
    emulator.refuses("message/cs", -210)
    mother.sends("1")
    assert mother.gets()[0].text.startswith("Sinh ở")
    assert len(undelivered(channel)) == 1


def test_nothing_is_kept_of_what_is_answered(
    bot: Server, mother: OaPerson, emulator: ZaloOaEmulator, channel: ZaloOaChannel
) -> None:
    mother.sends("thẻ 001234567890 của bí-mật")
    assert mother.gets()[0].text == "Đã nghe: thẻ ••• của bí-mật"
    mother.sends_a("location", {"coordinates": {"latitude": "1"}}, text="bí-mật")
    mother.gets()
    emulator.settle()
    rows = asyncio.run(
        channel._store.run(
            lambda c: [tuple(r) for r in c.execute(text("SELECT body FROM seen_events"))]
        )
    )
    assert set(rows) == {(None,)}
