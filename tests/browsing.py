"""A real browser for tests of pages: window sizes, colour schemes, keys, screenshots."""

from __future__ import annotations

import os
import shutil
from base64 import b64decode
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
SIZES = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
"""Widths in pixels and colour schemes in which every page is tested."""

_CUT = """return [...document.querySelectorAll("body *")].filter(e => {
  const style = getComputedStyle(e);
  return style.overflowX !== "visible" && e.clientWidth > 2 && e.scrollWidth > e.clientWidth + 1;
}).map(e => e.className || e.tagName)"""


def look_at(browser, width, scheme="light", height=900):
    """Set the window's size and the colour scheme."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def cut_off(browser):
    """Return the parts of the page that do not fit its width, so that it would have to be scrolled sideways."""
    parts = browser.execute_script(_CUT)
    width = browser.execute_script("return document.documentElement.clientWidth")
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    return [*parts, *(["the page"] if wide > width else [])]


def keep_shot(browser, name):
    """Save a screenshot of the whole page if REPORTEDLY_SHOTS names a folder."""
    if folder := os.environ.get("REPORTEDLY_SHOTS"):
        options = {"captureBeyondViewport": True, "format": "png"}
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", options)
        Path(folder, f"{name}.png").write_bytes(b64decode(shot["data"]))


def press(browser, *keys):
    """Press keys in whatever element has the focus."""
    from selenium.webdriver.common.action_chains import ActionChains  # noqa: PLC0415 - an extra

    ActionChains(browser).send_keys(*keys).perform()


def grave_violations(browser, axe):
    """Return the ids of the serious and critical violations that axe-core (source text `axe`) finds in the page."""
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
    found = browser.execute_async_script(
        "axe.run().then(arguments[0], e => arguments[0]({error: String(e)}))"
    )
    assert len(found["passes"]) > 10
    return [v["id"] for v in found["violations"] if v["impact"] in {"serious", "critical"}]
