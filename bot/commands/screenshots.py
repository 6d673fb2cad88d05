"""`rong screenshots`: the README's pictures, taken from a server that runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bot.settings import PROJECT
from knowledge_base.errors import NhaRongError

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

PHONE = (390, 844)
KIOSK = (1080, 1920)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
SETTLE_SECONDS = 1.0
"""For pictures to load and a screen to be drawn."""
WAIT_SECONDS = 20
TURNS = 60

STOPS = {
    "child_born": "date",
    "born_where": "question",
    "outcome": "outcome",
    "papers": "papers",
    "step:fill_form": "step",
}
"""Step of the conversation → name of its picture."""
QUESTIONS = ("child_born", "born_where")


@click.command()
@click.option("--url", default="http://localhost:8000", show_default=True)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=PROJECT / "docs" / "pictures",
    help="Folder of the pictures.",
)
def command(url: str, into: Path) -> None:
    """Walk through the web chat and the kiosk in headless Chromium and keep what they show."""
    into.mkdir(parents=True, exist_ok=True)
    with chromium() as driver:
        for name, path, size in (("chat", "/", PHONE), ("kiosk", "/kiosk", KIOSK)):
            width, height = size
            driver.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
            )
            driver.get(url + path)
            walk(driver, lambda what, name=name: keep(driver, into / f"{name}-{what}.png"))  # type: ignore[misc]


@contextmanager
def chromium() -> Iterator[Chrome]:
    """A headless Chromium with an empty profile. Raises `NhaRongError` without selenium."""
    try:
        from selenium import webdriver
    except ImportError:
        raise NhaRongError("no selenium; install the `test` extra") from None
    with TemporaryDirectory(prefix="rong-") as profile:
        options = webdriver.ChromeOptions()
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.binary_location = "/usr/bin/chromium"
        driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
        try:
            yield driver
        finally:
            driver.quit()


def keep(driver: Chrome, path: Path) -> None:
    """Write the screen as it is."""
    time.sleep(SETTLE_SECONDS)
    driver.save_screenshot(str(path))
    click.echo(path)


def walk(driver: Chrome, picture: Callable[[str], None]) -> None:
    """From the first screen to the last step, always the first choice that leads on."""
    wait(driver)
    picture("language")
    tap(driver, "language:vi")
    seen = set()
    for _ in range(TURNS):
        step, values = where(driver)
        leads_to_question = step in QUESTIONS and "page:next" in values
        if step in STOPS and step not in seen and not leads_to_question:
            seen.add(step)
            picture(STOPS[step])
        if step == "end" or not values:
            return
        onward = [value for value in values if value in ("act:next", "page:next")]
        tap(driver, (onward or values)[0])
    raise NhaRongError(f"no end after {TURNS} taps; the last step was {step}")


def where(driver: Chrome) -> tuple[str, list[str]]:
    """The step and the values of the choices on the screen."""
    step, values = driver.execute_script(
        "return [document.body.dataset.step ?? '',"
        " [...document.querySelectorAll('[data-value]')].map(e => e.dataset.value)]"
    )
    return str(step), [str(value) for value in values]


def tap(driver: Chrome, value: str) -> None:
    """Tap a choice and wait for what follows."""
    driver.find_element("css selector", f'[data-value="{value}"]').click()
    wait(driver)


def wait(driver: Chrome) -> None:
    """Until the page has an answer. Raises `NhaRongError` when none comes."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        time.sleep(0.1)
        busy = driver.execute_script("return document.body.classList.contains('busy')")
        if not busy and where(driver)[1]:
            return
    raise NhaRongError(f"no answer within {WAIT_SECONDS} s; is the server running?")
