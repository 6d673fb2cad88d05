"""The web chat on a phone, by taps and keys."""

from __future__ import annotations

import json

import pytest
from selenium.webdriver.common.keys import Keys

from tests.fakes.assistant import FakeAssistant
from tests.web.browser import Browser
from tests.web.conftest import Served

TAP = 48
TURNS = 60
VISIBLE_BUTTONS = """
return [...document.querySelectorAll('button, input, summary')]
  .filter(e => e.checkVisibility() && !e.closest('dialog:not([open])'))
  .map(e => [e.getBoundingClientRect(), e.ariaLabel || e.innerText || e.labels?.[0]?.innerText])
  .map(([r, name]) => [Math.round(r.width), Math.round(r.height), name])
"""


def begin(browser: Browser, served: Served) -> None:
    browser.open(f"{served.url}/")
    browser.choose("language:vi")
    browser.begin("birth_registration")


def conversation(browser: Browser) -> str:
    kept = json.loads(browser.run("return localStorage.getItem('rong.chat')"))
    return str(kept["id"])


def last_messages(browser: Browser) -> list[str]:
    return browser.text(".bot .text")


def test_journey_by_taps(browser: Browser, server: Served) -> None:
    begin(browser, server)
    for _ in range(TURNS):
        values = browser.values()
        if "act:topics" in values:
            break
        browser.choose("act:next" if "act:next" in values else values[0])
    assert "Xong rồi" in last_messages(browser)[-1]


def test_reload_resumes(browser: Browser, server: Served) -> None:
    begin(browser, server)
    question, values = last_messages(browser)[-1], browser.values()
    browser.driver.refresh()
    browser.ready()
    assert last_messages(browser)[-1] == question
    assert browser.values() == values


def test_the_phone_keeps_no_words(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    browser.find("#text").send_keys("bí mật", Keys.ENTER)
    browser.ready()
    assert "bí mật" not in browser.run("return JSON.stringify(localStorage)")


def test_lost_signal_keeps_the_message_and_tries_again(
    browser: Browser, fake_server: Served, fake: FakeAssistant
) -> None:
    begin(browser, fake_server)
    before = len(fake.received)
    browser.online(False)
    browser.find("#text").send_keys("12/3/2026", Keys.ENTER)
    browser.find(".mine.unsent")
    assert browser.text(".mine.unsent") == ["12/3/2026"]
    browser.tap("#note button")
    browser.until(lambda: browser.all(".mine.unsent"), "still unsent")
    browser.online()
    browser.until(lambda: browser.all('[data-value="answer:hospital"]'), "sent by itself")
    assert [incoming.text for incoming in fake.received[before:]] == ["12/3/2026"]
    assert not browser.all(".mine.unsent")


def test_unsent_message_survives_a_reload(
    browser: Browser, fake_server: Served, fake: FakeAssistant
) -> None:
    begin(browser, fake_server)
    fake.broken = RuntimeError("out of order")
    browser.find("#text").send_keys("12/3/2026", Keys.ENTER)
    browser.find(".mine.unsent")
    browser.driver.refresh()
    browser.ready()
    assert browser.text(".mine.unsent") == ["12/3/2026"]
    fake.broken = None
    browser.tap("#note button")
    browser.find('[data-value="answer:hospital"]')


def test_server_error_says_so(browser: Browser, fake_server: Served, fake: FakeAssistant) -> None:
    begin(browser, fake_server)
    fake.broken = RuntimeError("out of order")
    browser.tap('[data-value="answer:recent"]')
    browser.find("#note button")
    assert "Thử lại" in browser.text("#note")[0]
    fake.broken = None
    browser.tap("#note button")
    browser.find('[data-value="answer:hospital"]')


def test_an_old_button_shows_where_one_is(
    browser: Browser, fake_server: Served, fake: FakeAssistant
) -> None:
    begin(browser, fake_server)
    script = "document.querySelector('[data-value]').dataset.value"
    assert browser.run(f"return {script}") == "answer:recent"
    id = f"web:{conversation(browser)}"
    fake.conversations[id].stop = "parents_married"
    browser.tap('[data-value="answer:recent"]')
    browser.ready()
    assert "Em bé sinh ngày nào?" in last_messages(browser)[-1]


def test_typed_html_is_text(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    evil = "<img src=x onerror=alert(1)><b>đậm</b>"
    browser.find("#text").send_keys(evil, Keys.ENTER)
    browser.ready()
    assert browser.text(".mine")[-1] == evil
    assert not browser.all(".mine img, .mine b")


def test_identity_number_is_not_shown(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    browser.find("#text").send_keys("số 064 123 456 789 nhé", Keys.ENTER)
    browser.ready()
    assert browser.text(".mine")[-1] == "số ••• ••• ••• ••• nhé"


def test_date_from_the_calendar(browser: Browser, fake_server: Served, fake: FakeAssistant) -> None:
    begin(browser, fake_server)
    browser.run("document.getElementById('date').value = '2026-03-12'")
    assert browser.find("#date").get_attribute("max") == "2026-11-23"
    browser.tap(".date button")
    browser.find('[data-value="answer:hospital"]')
    assert fake.received[-1].text == "12/3/2026"
    assert all(incoming.choice != "act:pick_date" for incoming in fake.received)


def test_drafts_are_marked_with_the_vietnamese_beneath(
    browser: Browser, fake_server: Served
) -> None:
    browser.open(f"{fake_server.url}/")
    browser.choose("language:xx")
    assert browser.text(".bot:last-of-type .text")[-1] == "«Anh/chị cần làm việc gì?»"
    assert browser.text(".bot:last-of-type .vi")[-1] == "Anh/chị cần làm việc gì?"
    assert "chưa được kiểm tra" in browser.text(".bot:last-of-type .draft")[-1]
    assert browser.run("return document.documentElement.lang") == "xx"
    assert browser.text("#open-menu") == ["«Thêm»"]


def test_language_is_changed_at_any_time(browser: Browser, server: Served) -> None:
    begin(browser, server)
    browser.tap('header [data-do="language"]')
    names = browser.until(lambda: browser.all("#languages .list button[lang]"))
    other = next(name for name in names if name.get_attribute("lang") != "vi")
    code = other.get_attribute("lang")
    other.click()
    browser.until(lambda: browser.run("return document.documentElement.lang") == code)


def test_erase(browser: Browser, server: Served) -> None:
    begin(browser, server)
    old = conversation(browser)
    assert server.conversation(old) == 200
    browser.tap("#open-menu")
    browser.find('#menu [data-do="erase"]').click()
    browser.find("#yes-erase").click()
    browser.find('[data-value="language:vi"]')
    assert server.conversation(old) == 404
    assert conversation(browser) != old


def test_controls_at_every_step(browser: Browser, server: Served) -> None:
    begin(browser, server)
    question = last_messages(browser)[-1]
    for act in ("help", "clerk", "repeat"):
        browser.tap(f'.bar [data-act="{act}"]')
        browser.ready()
        assert browser.values() or browser.all("#date")
    browser.tap('.bar [data-act="back"]')
    browser.ready()
    assert question
    assert "sent" not in browser.text("#note")


def test_everything_by_keyboard(browser: Browser, fake_server: Served) -> None:
    browser.open(f"{fake_server.url}/")
    browser.ready()
    for value in ("language:vi", "start:birth_registration", "answer:recent"):
        for _ in range(30):
            active = browser.driver.switch_to.active_element
            if active.get_attribute("data-value") == value:
                break
            active.send_keys(Keys.TAB)
        else:
            raise AssertionError(f"{value} can't be reached with the keyboard")
        active.send_keys(Keys.ENTER)
        browser.until(lambda value=value: value not in browser.values())  # type: ignore[misc]
        browser.ready()
    assert "answer:hospital" in browser.values()


def test_sound_of_a_message(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    browser.tap(".bot:last-of-type .speaker")
    browser.until(lambda: browser.run("return heard.length"))
    assert browser.run("return heard") == ["/audio/fake-birth-registration-question-child-born.ogg"]
    browser.tap("#open-menu")
    browser.find('#menu [data-do="slower"]').click()
    browser.tap(".bot:last-of-type .speaker")
    browser.until(lambda: browser.run("return heard.length > 1"))
    assert browser.run("return heard.at(-1)").endswith("?speed=slow")


def test_sources_on_demand(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    for value in ("answer:recent", "answer:hospital", "answer:yes"):
        browser.choose(value)
    assert browser.text(".sources li") == ["", ""]
    browser.tap(".sources summary")
    assert browser.text(".sources li") == ["Nguồn thử", "Nguồn thử hai"]


def test_large_targets_with_names(browser: Browser, server: Served) -> None:
    begin(browser, server)
    buttons = browser.run(VISIBLE_BUTTONS)
    assert len(buttons) > 10
    assert [button for button in buttons if button[0] < TAP or button[1] < TAP] == []
    assert [button for button in buttons if not (button[2] or "").strip()] == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_the_screen(browser: Browser, server: Served, width: int) -> None:
    browser.open(f"{server.url}/", (width, 700))
    browser.choose("language:vi")
    browser.begin("birth_registration")
    script = "return document.documentElement.scrollWidth"
    assert browser.run(script) <= width
    assert browser.run("return log.scrollWidth - log.clientWidth") <= 0


def test_screen_readers_are_told(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    log = browser.find("#log")
    assert log.get_attribute("role") == "log"
    assert log.get_attribute("aria-live") == "polite"
    assert browser.run("return document.activeElement.className") == "bot"
    decorative = browser.run("return [...document.images].every(image => image.alt === '')")
    assert decorative


def test_nothing_is_fetched_from_elsewhere(browser: Browser, fake_server: Served) -> None:
    begin(browser, fake_server)
    script = "return performance.getEntriesByType('resource').map(entry => entry.name)"
    fetched = browser.run(script)
    assert fetched
    assert [url for url in fetched if not url.startswith(fake_server.url)] == []
