"""From one screen to another by code, and the clerk's page on an old computer."""

from __future__ import annotations

import os
import re
import uuid
from typing import Any

import httpx

from tests.web.browser import Browser
from tests.web.conftest import Served

OLD_COMPUTER = (1280, 800)
JOURNEY = ["language:en", "start:birth_registration", "answer:within_deadline"]


def taps(served: Served, choices: list[str]) -> dict[str, Any]:
    """Somebody at the kiosk; the answer to the last tap."""
    url = f"{served.url}/api/conversations/{uuid.uuid4().hex}/messages"
    body: dict[str, Any] = {}
    for choice in choices:
        body = httpx.post(url, json={"choice": choice}).json()
    return body


def code_of(body: dict[str, Any]) -> str:
    return re.findall(r"[2-9A-Z]{3}-[2-9A-Z]{3}", body["messages"][0]["text"])[0]


def look(browser: Browser, name: str) -> None:
    """A picture for whoever wants to see it."""
    if folder := os.environ.get("RONG_TEST_PICTURES"):
        browser.driver.save_screenshot(f"{folder}/{name}.png")


def test_a_link_goes_on_where_the_kiosk_was(browser: Browser, real_server: Served) -> None:
    body = taps(real_server, [*JOURNEY, "act:link"])
    long = body["messages"][0]["picture"].removeprefix("/api/link/").removesuffix(".svg")
    browser.open(f"{real_server.url}/?code={long}")
    browser.ready()
    assert browser.find("body").get_attribute("data-step") == "born_where"
    assert "answer:home" in browser.values()
    assert browser.run("return location.search") == "", "the used code is not kept in the address"
    browser.choose("answer:home")
    browser.driver.refresh()
    browser.ready()
    assert browser.find("body").get_attribute("data-step") != "born_where"


def test_a_used_link_says_so_and_loses_nothing(browser: Browser, real_server: Served) -> None:
    browser.open(f"{real_server.url}/")
    browser.choose("language:vi")
    browser.begin("birth_registration")
    browser.open(f"{real_server.url}/?code=222222222222")
    browser.until(lambda: browser.text("#note"), "a note")
    assert "Mã này sai" in browser.text("#note")[0]
    assert browser.find("body").get_attribute("data-step") == "child_born"


def test_the_picture_is_large_enough_to_photograph(browser: Browser, real_server: Served) -> None:
    browser.open(f"{real_server.url}/")
    browser.choose("language:vi")
    browser.begin("birth_registration")
    browser.tap("#open-menu")
    browser.tap('#menu [data-act="link"]')
    browser.until(lambda: browser.all('img[src^="/api/link/"]'), "the picture")
    width, natural = browser.until(
        lambda: browser.run(
            "const i = document.querySelector('img[src^=\"/api/link/\"]');"
            "return i.naturalWidth ? [i.getBoundingClientRect().width, i.naturalWidth] : null"
        ),
        "the picture to load",
    )
    look(browser, "chat-link")
    assert natural > 200
    assert width >= 180
    assert not browser.errors()


def test_a_code_for_the_clerk_at_the_kiosk(browser: Browser, real_server: Served) -> None:
    browser.open(f"{real_server.url}/kiosk", (1080, 1920))
    browser.choose("language:vi")
    browser.begin("birth_registration")
    browser.tap('[data-control="clerk"]')
    for _ in range(5):
        browser.ready()
        if "act:counter_code" in browser.values():
            break
        browser.tap('[data-value^="page:"]')
    look(browser, "kiosk-clerk")
    browser.tap('[data-value="act:counter_code"]')
    code = re.compile(r"[2-9A-Z]{3}-[2-9A-Z]{3}")
    browser.until(lambda: code.search(" ".join(browser.text("#stage"))), "the code")
    look(browser, "kiosk-counter-code")


def test_the_counter(browser: Browser, real_server: Served) -> None:
    code = code_of(taps(real_server, [*JOURNEY, "answer:home", "act:counter_code"]))
    browser.open(f"{real_server.url}/counter", OLD_COMPUTER)
    look(browser, "counter")
    browser.find("#code").send_keys(code)
    browser.find(".ask button").click()
    browser.until(lambda: browser.all(".script"), "the case")
    look(browser, "counter-case")
    assert browser.text(".pair.big p")[0] == "Đăng ký khai sinh"
    assert "Người dân đang ở đây" in browser.text("aside .at")[0]
    columns = browser.run(
        "return [...document.querySelectorAll('header, .said .pair p')]"
        ".map(e => Math.round(e.getBoundingClientRect().width))"
    )
    assert columns[0] == OLD_COMPUTER[0], "the bar is above"
    assert min(columns[1:]) > 300, "both languages have room"
    wide = browser.run("return document.documentElement.scrollWidth")
    assert wide <= OLD_COMPUTER[0]
    first = browser.text(".said .pair p")[0]
    browser.find(".steps a:first-child").click()
    browser.until(lambda: browser.text(".said .pair p")[:1] not in ([], [first]), "another stop")
    look(browser, "counter-back")
    assert not browser.errors()
