"""From the web chat to the printed list, and the library in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.desk import make_desk
from tests.web.browser import PHONE, Browser
from tests.web.conftest import Served

DESK = (1280, 900)
STOPS = 8
SIZES = [PHONE, DESK]
WIDTH = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
SHOWN = (
    "return [...document.querySelectorAll('[data-key]')].filter(e => e.checkVisibility()).length"
)


@pytest.fixture(scope="module")
def served(fake_server: Served) -> Iterator[Served]:
    """The fake conversation with real documents."""
    assert fake_server.fake
    fake_server.fake.desk = make_desk()
    yield fake_server
    del fake_server.fake.desk


def test_the_chat_leads_to_the_printed_list(browser: Browser, served: Served) -> None:
    browser.open(f"{served.url}/")
    browser.choose("language:vi")
    browser.begin("birth_registration")
    for _ in range(STOPS):
        if browser.run("return document.body.dataset.step") == "papers":
            break
        values = browser.values()
        browser.choose("act:next" if "act:next" in values else values[0])
    address = browser.find(".take a").get_attribute("href")
    assert address
    browser.driver.get(address)
    assert browser.text("h1") == ["Đăng ký khai sinh"]
    assert browser.find("#print").is_displayed()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "path",
    [
        "/library",
        "/library?q=ho+khau&language=en",
        "/library/birth_registration",
        "/library/birth_registration?language=en&on=2027-03-01",
        "/api/procedures/birth_registration/checklist?language=en",
    ],
)
def test_nothing_is_wider_than_the_screen(
    browser: Browser, served: Served, path: str, size: tuple[int, int]
) -> None:
    open_page(browser, served.url + path, size)
    wide, screen = browser.run(WIDTH)
    assert wide <= screen


def test_the_list_is_filtered_while_typing(browser: Browser, served: Served) -> None:
    open_page(browser, f"{served.url}/library", PHONE)
    everything = browser.run(SHOWN)
    browser.find("#q").send_keys("Tạm trú")
    browser.until(lambda: 0 < browser.run(SHOWN) < everything)
    browser.find("#q").clear()
    browser.find("#q").send_keys("xyzzy")
    browser.until(lambda: browser.find("#nothing").is_displayed())


def test_sources_open_on_demand(browser: Browser, served: Served) -> None:
    open_page(browser, f"{served.url}/library/birth_registration", PHONE)
    line = browser.find(".facts .source .valid")
    assert not line.is_displayed()
    browser.find(".facts .source summary").click()
    assert line.is_displayed()


def open_page(browser: Browser, url: str, size: tuple[int, int]) -> None:
    """A page without the conversation's marks."""
    width, height = size
    browser.cdp(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=False,
    )
    browser.driver.get(url)
