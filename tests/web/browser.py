"""Headless Chromium, with the few verbs the tests speak in."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")
WAIT = 10.0
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",
    # a microphone that beeps, and is allowed without asking
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PHONE = (390, 844)
SPY = """
window.heard = [];
HTMLMediaElement.prototype.play = function () {
  window.heard.push(new URL(this.src).pathname + new URL(this.src).search);
  setTimeout(() => this.dispatchEvent(new Event("ended")), window.soundLength ?? 5);
  return Promise.resolve();
};
"""
"""Sound devices are not there in tests: what would be played is written down and ends at once."""


class Browser:
    """A browser window."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    @classmethod
    def start(cls, profile: Path) -> Browser:
        """A new Chromium with a profile of its own."""
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        browser = cls(webdriver.Chrome(options, service))
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=SPY)
        return browser

    def cdp(self, command: str, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.driver.execute_cdp_cmd(command, params)
        return answer

    def open(self, url: str, size: tuple[int, int] = PHONE) -> None:
        """Open a page in a window of that size, in pixels."""
        width, height = size
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.driver.get(url)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def all(self, css: str) -> list[WebElement]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, css))

    def find(self, css: str) -> WebElement:
        """The element, waited for."""
        return self.until(lambda: next(iter(self.all(css)), None), css)

    def until(self, look: Callable[[], T | None], what: str = "") -> T:
        """What `look` finds, as soon as it finds something."""
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.03)
        raise AssertionError(f"waited {WAIT} s in vain for {what or look}")

    def text(self, css: str) -> list[str]:
        """Texts of all that match."""
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)"
        texts: list[str] = self.run(script, css)
        return texts

    def values(self) -> list[str]:
        """Values of the choices on the screen."""
        script = "return [...document.querySelectorAll('[data-value]')].map(e => e.dataset.value)"
        found: list[str] = self.run(script)
        return found

    def ready(self) -> None:
        """Wait until nothing is being asked of the server and something can be tapped."""
        script = "return !document.body.classList.contains('busy') && !!document.querySelector("
        script += "'[data-value], #date')"
        self.until(lambda: self.run(script), "an answer")

    def tap(self, css: str) -> None:
        """Tap, as soon as it is there."""
        self.ready()
        element = self.find(css)
        self.run("arguments[0].scrollIntoView({block: 'nearest'})", element)
        element.click()

    def choose(self, value: str) -> None:
        """Tap a choice and wait for the answer."""
        self.tap(f'[data-value="{value}"]')
        self.ready()

    def begin(self, procedure: str, theme: str = "children") -> None:
        """Begin a procedure from the menu, which is by theme where there is much to choose."""
        if f"theme:{theme}" in self.values():
            self.choose(f"theme:{theme}")
        self.choose(f"start:{procedure}")

    def online(self, yes: bool = True) -> None:
        """Cut or mend the network."""
        self.cdp("Network.enable")
        self.cdp(
            "Network.emulateNetworkConditions",
            offline=not yes,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )

    def errors(self) -> list[str]:
        """Errors of the console since the last look, but for requests that a test made fail."""
        log = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        severe = [str(entry["message"]) for entry in log if entry["level"] == "SEVERE"]
        return [message for message in severe if "Failed to load resource" not in message]

    def forget(self) -> None:
        """Leave the page and everything it kept."""
        self.run("if (location.origin !== 'null') localStorage.clear()")
        self.driver.get("about:blank")
