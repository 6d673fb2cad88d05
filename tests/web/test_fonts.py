"""Every letter of Bahnar and Jrai comes from one font, marks on their letters."""

from __future__ import annotations

import pytest

from tests.web.browser import Browser
from tests.web.conftest import Served

LETTERS = "ê̆ ô̆ ơ̆ ư̆ â̆ ƀ Ƀ č ñ ă ĕ ĭ ŏ ŭ 'lơ̆ng pơđĭ kyar hơmư̆ Anh/chị cần làm việc gì?"


@pytest.mark.parametrize("weight", ["400", "700"])
def test_letters(browser: Browser, fake_server: Served, weight: str) -> None:
    browser.open(f"{fake_server.url}/")
    browser.ready()
    browser.run(
        "const p = document.createElement('p'); p.id = 'letters'; p.textContent = arguments[0];"
        "p.style.fontWeight = arguments[1]; document.body.append(p)",
        LETTERS,
        weight,
    )
    browser.driver.execute_async_script("document.fonts.ready.then(arguments[0])")
    browser.cdp("DOM.enable")
    browser.cdp("CSS.enable")
    root = browser.cdp("DOM.getDocument")["root"]["nodeId"]
    node = browser.cdp("DOM.querySelector", nodeId=root, selector="#letters")["nodeId"]
    fonts = browser.cdp("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
    assert [(font["familyName"], font["isCustomFont"]) for font in fonts] == [("Noto Sans", True)]
    browser.cdp("CSS.disable")
    browser.cdp("DOM.disable")


def test_breve_takes_no_room(browser: Browser, fake_server: Served) -> None:
    browser.open(f"{fake_server.url}/")
    browser.ready()
    widths = browser.run(
        "const pen = document.createElement('canvas').getContext('2d');"
        "pen.font = '40px \"Noto Sans\"';"
        "return arguments[0].map(text => pen.measureText(text).width)",
        ["ơ̆", "ơ", "ư̆", "ư"],
    )
    assert widths[0] == pytest.approx(widths[1], abs=0.5)
    assert widths[2] == pytest.approx(widths[3], abs=0.5)
