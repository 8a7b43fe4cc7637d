"""A real Chromium, and what a person does in it.

Needs `chromium` and `chromedriver` (Debian's chromium and chromium-driver). Without them tests that ask for it are
skipped, or fail where LLMX_BROWSER says that they are required, as it does in .ci/run.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --lang=zh-CN --accept-lang=zh-CN"
)


class Browser:
    """A Chromium, and what a person does in it."""

    def __init__(self, driver: Any, downloads: Path) -> None:
        self.driver, self.downloads = driver, downloads

    def open(self, path: Path, fragment: str = "", width: int = 1366, height: int = 768) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + fragment)
        self.wait(lambda: self.all("#types .chip"))

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements("css selector", selector)

    def click(self, selector: str, at: int = 0) -> None:
        self.all(selector)[at].click()

    def text(self, selector: str, at: int = 0) -> str:
        return self.all(selector)[at].text

    def press(self, *keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(f"return {script}", *arguments)

    def wait(self, held: Callable[[], Any]) -> None:
        for _ in range(100):
            if held():
                return
            time.sleep(0.05)
        pytest.fail("the page did not get there in five seconds")

    def seen(self, selector: str) -> bool:
        """Whether the first such element is within the text's pane as it is scrolled."""
        return self.run(
            "(([box, node]) => node.top >= box.top && node.bottom <= box.bottom)([document.querySelector('#text'), "
            "document.querySelector(arguments[0])].map(one => one.getBoundingClientRect()))",
            selector,
        )


def opened(profile: Path, downloads: Path) -> Iterator[Browser]:
    """A browser with an empty profile, until it is closed."""
    selenium = pytest.importorskip("selenium.webdriver", reason='selenium is missing; pip install ".[dev]"')
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    chromedriver = shutil.which("chromedriver")
    if not (chromium and chromedriver):
        why = "no chromium with chromedriver here; on Debian: apt-get install chromium chromium-driver"
        pytest.fail(why) if os.environ.get("LLMX_BROWSER") == "required" else pytest.skip(why)
    options = selenium.ChromeOptions()
    options.binary_location = chromium
    for argument in (*ARGUMENTS.split(), f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(chromedriver))
    yield Browser(driver, downloads)
    driver.quit()
