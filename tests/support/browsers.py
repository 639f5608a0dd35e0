"""A real browser without a window: Debian's Chromium, driven by Selenium."""

import json
import shutil
import tempfile
from contextlib import contextmanager

import pytest

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def running_browser():
    """Start Chromium with a profile of its own, and stop it; skip the test where there is none."""
    selenium = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        missing = "chromium" if program is None else "chromedriver"
        pytest.skip(f"{missing} is not installed: the page is not looked at in a browser")
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as profile:
        options = selenium.ChromeOptions()
        options.binary_location = program
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        browser = selenium.Chrome(options, selenium.ChromeService(driver))
        try:
            yield Browser(browser)
        finally:
            browser.quit()


class Browser:
    """What tests ask of a browser."""

    def __init__(self, driver):
        self.driver = driver

    def show(self, path, width, height=900, scheme="light"):
        """Open a file in a window of this width; a width below 600 is a phone."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.command("Emulation.setEmulatedMedia", media="", features=features)
        self.logged()  # what was before is not of this page
        self.requested()
        self.driver.get(path.resolve().as_uri())

    def command(self, name, **arguments):
        """Send a command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, arguments)

    def run(self, script, *arguments):
        """Run JavaScript in the page, and give back what it returns."""
        return self.driver.execute_script(script, *arguments)

    def logged(self):
        """What the console has said since this was asked last."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requested(self):
        """The addresses that were asked for since this was asked last."""
        messages = [json.loads(one["message"]) for one in self.driver.get_log("performance")]
        return [
            one["message"]["params"]["request"]["url"]
            for one in messages
            if one["message"]["method"] == "Network.requestWillBeSent"
        ]

    def picture(self, path):
        """Save the whole page as a PNG file."""
        import base64

        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.command(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip
        )
        path.write_bytes(base64.b64decode(shot["data"]))
