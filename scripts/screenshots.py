"""Regenerates the README's pictures in docs/images/ from a report (needs Playwright and Chromium).

    python scripts/screenshots.py [REPORT.html]

Without an argument the report of fixtures/repos/shop-api is made first.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from archlint import report
from archlint.render.report import render_report

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def shoot(context: Any, page_file: Path) -> None:
    """Desktop (light and dark), phone and print."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.goto(page_file.as_uri())
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.screenshot(path=IMAGES / "report-desktop.png")
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=IMAGES / "report-dark.png")
    page.emulate_media(color_scheme="light")
    finding = page.locator(".finding summary").first
    if finding.count():
        finding.click()
        page.locator("#findings").evaluate("e => e.scrollIntoView()")
        page.screenshot(path=IMAGES / "report-findings.png")
    page.evaluate("scrollTo(0, 0)")
    page.set_viewport_size({"width": 390, "height": 1000})
    page.screenshot(path=IMAGES / "report-phone.png")
    page.set_viewport_size({"width": 1000, "height": 1400})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.screenshot(path=IMAGES / "report-print.png")


def main() -> int:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is not on the PATH", file=sys.stderr)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(sys.argv[1]).resolve() if sys.argv[1:] else Path(folder) / "report.html"
        if not sys.argv[1:]:
            made = report(ROOT / "fixtures" / "repos" / "shop-api", cache=False)
            page_file.write_text(render_report(made, "html"), encoding="utf-8")
        context = playwright.chromium.launch_persistent_context(
            Path(folder) / "profile", executable_path=chromium, headless=True, args=FLAGS
        )
        shoot(context, page_file)
        context.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
