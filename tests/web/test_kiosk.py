"""The kiosk: one question a screen, no scrolling, everything spoken, nothing left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.assistant import FakeAssistant
from tests.web.browser import Browser
from tests.web.conftest import Served

TALL = (1080, 1920)
SCREENS = [TALL, (768, 1024), (1280, 800)]
TURNS = 60
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")


def begin(browser: Browser, served: Served, size: tuple[int, int] = TALL) -> None:
    browser.open(f"{served.url}/kiosk", size)
    browser.choose("language:vi")
    browser.begin("birth_registration")


def control(browser: Browser, name: str) -> None:
    browser.tap(f'[data-control="{name}"]')
    browser.ready()


def unfinished(browser: Browser) -> list[str]:
    kept: list[str] = json.loads(browser.run("return localStorage.getItem('rong.kiosk')") or "[]")
    return kept


def walk(browser: Browser) -> list[dict[str, Any]]:
    """Tap through to the end, looking at every screen."""
    looks = []
    for _ in range(TURNS):
        browser.ready()
        look = browser.run(LOOK)
        looks.append(look)
        if look["step"] == "end" and "page:next" not in look["values"]:
            return looks
        onward = [v for v in look["values"] if v in ("act:next", "page:next")] or look["values"]
        browser.choose(onward[0])
        browser.until(lambda look=look: browser.run(LOOK) != look)  # type: ignore[misc]
    raise AssertionError("the journey did not end")


def check_journey(browser: Browser, served: Served, size: tuple[int, int], how: str) -> None:
    """Every screen holds what it shows; Help and Repeat stay where they are."""
    language, large = how.split()
    browser.open(f"{served.url}/kiosk", size)
    browser.ready()
    looks = [browser.run(LOOK)]
    browser.choose(f"language:{language}")
    if large == "large":
        control(browser, "large")
    looks += walk(browser)
    assert len(looks) >= 8
    for look in looks:
        assert look["scrolls"] == [], look
        assert look["cut"] == [], look
        assert look["small"] == [], look
        assert look["silent"] == [], look
        assert look["nameless"] == 0, look
        assert 1 <= len(look["values"]) <= 4, look
    assert len({(*look["repeat"], *look["help"]) for look in looks}) == 1


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("how", ["vi normal", "vi large", "xx normal", "xx large"])
def test_every_screen(
    browser: Browser, fake_server: Served, size: tuple[int, int], how: str
) -> None:
    check_journey(browser, fake_server, size, how)


@pytest.mark.parametrize("how", ["vi normal", "en large"])
def test_every_screen_with_the_engine(browser: Browser, real_server: Served, how: str) -> None:
    check_journey(browser, real_server, TALL, how)


def test_first_screen_offers_languages_and_reads_their_names(
    browser: Browser, fake_server: Served
) -> None:
    browser.open(f"{fake_server.url}/kiosk", TALL)
    browser.ready()
    assert browser.values() == ["language:vi", "language:xx"]
    browser.tap(".choice:last-child .speaker")
    browser.until(lambda: browser.run("return heard.length"))
    assert browser.run("return heard") == ["/audio/fake-name-xx.ogg"]


def test_question_and_choices_are_read_out_after_the_first_tap(
    browser: Browser, fake_server: Served
) -> None:
    begin(browser, fake_server)
    expected = ["/audio/fake-birth-registration-question-child-born.ogg"]
    expected += ["/audio/fake-choice.ogg"] * 4
    browser.until(lambda: browser.run("return heard.length") >= 8)
    assert browser.run("return heard.slice(-5)") == expected


def test_papers_are_read_one_by_one(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    for value in ("answer:recent", "answer:hospital", "answer:yes"):
        browser.choose(value)
    browser.run("heard.length = 0")
    browser.choose("act:next")
    head = "/audio/fake-bot-papers-submit-head.ogg"  # what was said before may still be heard
    since = f"return heard.slice(heard.indexOf('{head}'))"
    browser.until(lambda: browser.run(since)[:1] == [head] and len(browser.run(since)) >= 5)
    assert browser.run(since)[:5] == [head, *["/audio/fake-item.ogg"] * 4]


def test_slow_and_silent(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    control(browser, "slower")
    browser.until(lambda: browser.run("return heard.at(-1)").endswith("?speed=slow"))
    control(browser, "mute")
    browser.run("heard.length = 0")
    browser.choose("answer:recent")
    assert browser.run("return heard") == []
    control(browser, "repeat")
    browser.until(lambda: browser.run("return heard.length"))


def test_help_why_clerk_and_back(browser: Browser, server: Served) -> None:
    begin(browser, server)
    while "page:next" in browser.values():
        browser.choose("page:next")
    values = browser.values()
    control(browser, "help")
    control(browser, "why")
    control(browser, "clerk")
    control(browser, "back")
    for _ in range(8):
        if browser.values() == values:
            break
        browser.choose("page:next") if "page:next" in browser.values() else control(browser, "back")
    assert browser.values()


def test_date_by_taps(browser: Browser, fake_server: Served, fake: FakeAssistant) -> None:
    begin(browser, fake_server)
    browser.tap('[data-value="act:pick_date"]')
    numbers = browser.text(".numbers button")
    assert numbers[0] == "2026"
    assert len(numbers) == 12
    browser.find(".numbers button").click()
    assert browser.text(".numbers button")[-1] == "11"
    browser.all(".numbers button")[-1].click()
    assert browser.text(".numbers button")[-1] == "23"
    browser.find('[data-control="back"]').click()
    assert browser.text(".numbers button")[-1] == "11"
    browser.all(".numbers button")[1].click()
    assert browser.text(".numbers button")[-1] == "28"
    browser.all(".numbers button")[4].click()
    browser.find('[data-value="answer:hospital"]')
    assert fake.received[-1].text == "5/2/2026"
    assert all(incoming.choice != "act:pick_date" for incoming in fake.received)


@pytest.mark.parametrize("size", SCREENS, ids=lambda size: f"{size[0]}x{size[1]}")
def test_date_screens_do_not_scroll(
    browser: Browser, fake_server: Served, size: tuple[int, int]
) -> None:
    begin(browser, fake_server, size)
    browser.tap('[data-value="act:pick_date"]')
    for number in (1, 0, 0):
        look = browser.run(LOOK)
        assert (look["scrolls"], look["small"]) == ([], [])
        browser.all(".numbers button")[number].click()


def test_leaving_the_picker(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    browser.tap('[data-value="act:pick_date"]')
    browser.find('[data-control="back"]').click()
    assert "answer:recent" in browser.values()


def test_finish_erases(browser: Browser, server: Served) -> None:
    begin(browser, server)
    (id,) = unfinished(browser)
    assert server.conversation(id) == 200
    control(browser, "finish")
    browser.find('[data-value="language:vi"]')
    browser.until(lambda: unfinished(browser) == [])
    assert server.conversation(id) == 404


def test_idle_screen_counts_down_and_is_wiped(browser: Browser, hurried_server: Served) -> None:
    begin(browser, hurried_server)
    control(browser, "large")
    (id,) = unfinished(browser)
    browser.find("#countdown[open]")
    first = int(browser.text("#seconds")[0])
    browser.until(lambda: int(browser.text("#seconds")[0]) < first)
    assert "giây" in browser.text("#idle-text")[0]
    browser.find("#still-here").click()
    browser.until(lambda: not browser.all("#countdown[open]"))
    assert "answer:recent" in browser.values()
    browser.find("#countdown[open]")
    browser.until(lambda: int(browser.text("#seconds")[0] or 10) <= 5)
    browser.until(lambda: "language:vi" in browser.values(), "the first screen")
    browser.until(lambda: unfinished(browser) == [])
    assert hurried_server.conversation(id) == 404
    assert not browser.all("body.large, #countdown[open]")


def test_first_screen_is_not_wiped(browser: Browser, hurried_server: Served) -> None:
    browser.open(f"{hurried_server.url}/kiosk", TALL)
    browser.ready()
    browser.run("window.waited = false; setTimeout(() => { window.waited = true }, 3500)")
    browser.until(lambda: browser.run("return waited"))
    assert not browser.all("#countdown[open]")


def test_what_a_crash_left_is_erased_at_the_next_start(
    browser: Browser, fake_server: Served
) -> None:
    begin(browser, fake_server)
    (id,) = unfinished(browser)
    browser.driver.refresh()
    browser.ready()
    browser.until(lambda: unfinished(browser) == [])
    assert fake_server.conversation(id) == 404


def test_lost_network_offers_to_try_again(
    browser: Browser, fake_server: Served, fake: FakeAssistant
) -> None:
    begin(browser, fake_server)
    before = len(fake.received)
    browser.online(False)
    browser.choose("answer:recent")
    assert browser.values() == ["act:retry"]
    browser.online()
    browser.choose("act:retry")
    browser.find('[data-value="answer:hospital"]')
    assert [incoming.choice for incoming in fake.received[before:]] == ["answer:recent"]


def test_language_can_be_changed_and_left_alone(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    control(browser, "language")
    assert browser.values() == ["language:vi", "language:xx"]
    control(browser, "back")
    assert "answer:recent" in browser.values()
    control(browser, "language")
    browser.choose("language:xx")
    assert browser.text(".question .text") == ["«Em bé sinh ngày nào?»"]
    assert browser.text('[data-control="back"]') == ["«Quay lại»"]
