"""Seconds of scripting that a report page with 10,000 findings takes to open and to filter.

Usage: python -m benchmarks.report_page        (needs playwright, and Chromium on the PATH)
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from archlint.render.report import render_report
from tests.render.report.sample import report
from tests.render.report.test_browser import FLAGS


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "large.html"
        file.write_text(render_report(report(10_000), "html"), encoding="utf-8")
        context = playwright.chromium.launch_persistent_context(
            Path(folder) / "profile", executable_path=chromium, headless=True, args=FLAGS
        )
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Performance.enable")

        def scripting() -> float:
            metrics = session.send("Performance.getMetrics")["metrics"]
            return float(next(m["value"] for m in metrics if m["name"] == "ScriptDuration"))

        page.goto(file.as_uri())
        opened = scripting()
        page.fill("#search", "module42")
        page.wait_for_selector('#status:text-matches("^10[0-9] of 10000")')
        filtered = scripting() - opened
        print(f"{file.stat().st_size / 1e6:.1f} MB, open {opened:.2f} s, filter {filtered:.2f} s")
        context.close()


if __name__ == "__main__":
    main()
