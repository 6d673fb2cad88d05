"""The microphone button: in the web chat by holding or tapping, at the kiosk by tapping. The
browser's device is a fake one that beeps; what it beeps goes through the real road."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest
from selenium.webdriver.common.action_chains import ActionChains

from bot.assistant import Guided
from bot.content import read
from bot.engine import Engine
from bot.listening import Listener
from bot.render import Renderer
from bot.settings import Settings
from tests.fakes.assistant import FakeAssistant
from tests.web.browser import Browser
from tests.web.conftest import Served, serving
from voices.clip import Clip
from voices.library import Library
from voices.recogniser import Heard
from voices.recognisers.fake import FakeRecogniser

KIOSK = (1080, 1920)


class Ear(FakeRecogniser):
    """Understands whatever is loud enough, and remembers how long it was."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def recognise(self, clip: Clip, language: str, hints: object) -> Heard:
        self.seconds.append(clip.duration)
        assert clip.peak > 0.01
        return Heard("khai sinh cho con", 0.9)


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear()


@pytest.fixture(scope="module")
def hearing(tmp_path_factory: pytest.TempPathFactory, engine: Engine, ear: Ear) -> Iterator[Served]:
    """The real assistant with an ear."""
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path_factory.mktemp("hearing"),
        today=date(2026, 11, 23),
        voice_online=False,
        kiosk_idle_seconds=600,
    )
    content = read()
    speaker = Library.open(settings.audio_cache, online=False)
    renderer = Renderer(content.knowledge, content.catalogs, content.languages, speaker)
    known = (content.knowledge, renderer, content.languages, speaker, Listener([ear]))
    guided = Guided(settings, engine, *known)
    with serving(Served("", "real", guided, settings=settings)) as served:  # type: ignore[arg-type]
        yield served


def recording(browser: Browser) -> bool:
    return bool(browser.run("return document.getElementById('talk').ariaPressed === 'true'"))


def test_held_in_the_chat(browser: Browser, hearing: Served, ear: Ear) -> None:
    browser.open(f"{hearing.url}/")
    browser.choose("language:vi")
    ear.seconds.clear()
    talk = browser.find("#talk")
    ActionChains(browser.driver).click_and_hold(talk).pause(1.5).perform()
    assert recording(browser)
    assert browser.text("#talk") == ["Nói xong"]
    ActionChains(browser.driver).release().perform()
    browser.until(lambda: "act:confirm" in browser.values(), "what was heard, read back")
    assert "Nhà Rông nghe là: “khai sinh cho con”." in browser.text(".bot .text")[-1]
    assert browser.text(".mine")[-1] == "🎤 Lời nói"
    assert 0.5 < ear.seconds[-1] < 4
    browser.choose("act:confirm")
    assert "Bé sinh ngày nào?" in browser.text(".bot .text")[-1]
    assert "blob" not in browser.run("return JSON.stringify(localStorage)")


def test_tapped_in_the_chat(browser: Browser, hearing: Served, ear: Ear) -> None:
    browser.open(f"{hearing.url}/")
    browser.choose("language:vi")
    ear.seconds.clear()
    browser.find("#talk").click()
    browser.until(lambda: recording(browser))
    time.sleep(1.2)
    assert recording(browser), "a tap is not a hold"
    browser.find("#talk").click()
    browser.until(lambda: "act:confirm" in browser.values())
    browser.choose("act:cancel")
    assert "chưa đúng" in " ".join(browser.text(".bot .text")[-3:])
    assert not recording(browser)


def test_typing_ends_it(browser: Browser, hearing: Served, ear: Ear) -> None:
    browser.open(f"{hearing.url}/")
    browser.choose("language:vi")
    ear.seconds.clear()
    browser.find("#talk").click()
    browser.until(lambda: recording(browser))
    browser.choose("theme:children")
    browser.until(lambda: not recording(browser))
    time.sleep(0.5)
    assert ear.seconds == []


def test_at_the_kiosk(browser: Browser, hearing: Served, ear: Ear) -> None:
    browser.open(f"{hearing.url}/kiosk", KIOSK)
    browser.choose("language:vi")
    browser.find('[data-control="talk"]').click()
    browser.find("#hearing[open]")
    assert browser.text("#talk-now") == ["Nhà Rông đang nghe. Anh/chị nói đi."]
    time.sleep(1.2)
    browser.find("#talk-stop").click()
    browser.until(lambda: "act:confirm" in browser.values())
    assert "“khai sinh cho con”" in browser.text("#stage")[0]
    browser.choose("act:confirm")
    assert "Mình bắt đầu: Đăng ký khai sinh." in browser.text("#stage")[0]


def test_the_kiosk_lets_one_think_again(browser: Browser, hearing: Served, ear: Ear) -> None:
    browser.open(f"{hearing.url}/kiosk", KIOSK)
    browser.choose("language:vi")
    ear.seconds.clear()
    browser.find('[data-control="talk"]').click()
    browser.find("#hearing[open]")
    browser.find("#talk-cancel").click()
    browser.until(lambda: not browser.all("#hearing[open]"))
    assert ear.seconds == []
    assert "theme:children" in browser.values()


def test_a_lost_signal(browser: Browser, hearing: Served) -> None:
    browser.open(f"{hearing.url}/")
    browser.choose("language:vi")
    browser.find("#talk").click()
    browser.until(lambda: recording(browser))
    time.sleep(0.8)
    browser.online(False)
    browser.find("#talk").click()
    browser.find(".mine.unsent")
    browser.online()
    browser.until(lambda: "act:confirm" in browser.values(), "sent by itself")
    assert len(browser.text(".mine")) == 2


DENIED = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('denied'));"


def test_a_refused_microphone(browser: Browser, fake_server: Served) -> None:
    browser.open(f"{fake_server.url}/")
    browser.ready()
    browser.run(DENIED)
    browser.find("#talk").click()
    browser.until(lambda: "micrô" in " ".join(browser.text("#note")))
    browser.open(f"{fake_server.url}/kiosk", KIOSK)
    browser.choose("language:vi")
    before = browser.values()
    browser.run(DENIED)
    browser.find('[data-control="talk"]').click()
    browser.until(lambda: browser.values() == ["act:ok"])
    browser.find('[data-value="act:ok"]').click()
    assert browser.values() == before


def hidden(browser: Browser, served: Served) -> bool:
    """Whether neither page offers to listen."""
    shown = []
    for path, css in (("/", "#talk"), ("/kiosk", '[data-control="talk"]')):
        browser.open(f"{served.url}{path}", KIOSK)
        browser.ready()
        seen = (
            f"return document.querySelector('{css}').checkVisibility({{visibilityProperty: true}})"
        )
        shown.append(browser.run(seen))
    assert shown[0] == shown[1]
    return not shown[0]


def test_hidden_where_nobody_would_understand(
    browser: Browser, fake_server: Served, fake: FakeAssistant
) -> None:
    assert not hidden(browser, fake_server)
    fake.deaf = True
    assert hidden(browser, fake_server)
    fake.deaf = False
    browser.open(f"{fake_server.url}/")
    browser.choose("language:xx")
    browser.until(
        lambda: not browser.run("return document.querySelector('#talk').checkVisibility()")
    )


def test_hidden_without_a_microphone(browser: Browser, fake_server: Served) -> None:
    """As on plain http, where browsers have none."""
    script = "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})"
    added = browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=script)
    try:
        assert hidden(browser, fake_server)
    finally:
        browser.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])
