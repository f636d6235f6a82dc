"""The page in a real browser; skipped where Playwright or Chromium is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archlint.render.report import render_report
from tests.render.report.sample import report

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the PATH")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    profile = tmp_path_factory.mktemp("profile")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, headless=True, args=FLAGS, offline=True
        )
        yield found
        found.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(render_report(report(120), "html"), encoding="utf-8")
    return file


def refused(page: Any) -> bool:
    """Whether the test itself tried to run what the policy refuses."""
    return bool(page.evaluate("window.expectsRefusal === true"))


@pytest.fixture
def page(context: Any, path: Path) -> Iterator[Any]:
    found = context.new_page()
    found.set_viewport_size({"width": 1200, "height": 800})
    problems: list[str] = []
    found.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    found.on("pageerror", lambda error: problems.append(str(error)))
    asked: list[str] = []
    found.on("request", lambda request: asked.append(request.url))
    found.goto(path.as_uri())
    yield found
    assert [p for p in problems if "Content Security Policy" not in p or not refused(found)] == []
    assert [url for url in asked if not url.startswith("file:")] == []
    found.close()


def test_it_renders_without_error_or_request(page):
    assert page.title() == "sample-app: runtime suitability report"
    assert page.locator("details.unit").count() == 2
    assert page.locator(".finding").count() == 50
    assert page.locator("svg.map g").count() == 3


def test_the_list_is_paged(page):
    page.click("#after")
    page.click("#after")
    assert page.locator(".finding").count() == 20
    assert page.is_disabled("#after")
    assert "101 to 120" in page.text_content("#status")


def test_filters_and_search_narrow_the_list(page):
    page.select_option("#by-severity", label="warning (40)")
    assert "40 of 120" in page.text_content("#status")
    page.fill("#search", "module7/ blocking-call")
    page.wait_for_selector('#status:text-matches("^1 of 120")')
    page.fill("#search", "no such thing")
    page.wait_for_selector('#status:text-matches("^No finding")')
    page.click("#reset")
    assert "120 of 120" in page.text_content("#status")


def test_a_deep_link_opens_its_finding_on_any_page(page, path):
    page.goto(f"{path.as_uri()}#f-{100:016x}")
    page.wait_for_selector(f'[id="f-{100:016x}"][open] pre.frame')
    assert page.locator(".finding.target").count() == 1
    page.select_option("#by-severity", label="error (40)")
    page.evaluate(f"location.hash = '#f-{101:016x}'")
    page.wait_for_selector(f'[id="f-{101:016x}"][open]')


def test_a_link_to_a_closed_component_opens_it(page):
    page.click('a[href="#c-gateway"]')
    page.wait_for_selector("#c-gateway[open]")


def test_hostile_text_stays_text(page):
    page.evaluate("location.hash = '#f-0000000000000000'")
    page.wait_for_selector(".finding.target[open]")
    assert page.locator("img").count() == 0
    assert "<img src=x" in page.text_content(".finding.target .message")


def test_the_policy_refuses_what_is_not_ours(page):
    blocked = page.evaluate(
        """() => new Promise((done) => {
            window.expectsRefusal = true;
            addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective));
            const script = document.createElement('script');
            script.textContent = 'window.hacked = 1';
            document.body.append(script);
            setTimeout(() => done('nothing'), 2000);
        })"""
    )
    assert blocked.startswith("script-src")
    assert page.evaluate("window.hacked") is None


def test_everything_works_from_the_keyboard(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.locator(".finding summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".finding[open] .inside")
    unreachable = page.evaluate(
        """() => [...document.querySelectorAll('a,button,select,input,summary,textarea')]
            .filter((e) => e.tabIndex < 0).length"""
    )
    assert unreachable == 0


def test_answers_become_toml(page):
    import tomllib

    page.check('input[name="team.main_language"][value="js-ts"]')
    page.fill('[id="why-team.main_language"]', 'all "of" us')
    page.check('input[name="traffic"][value="spiky"]')
    found = tomllib.loads(page.input_value("#toml"))["context"]
    assert found["team.main_language"] == {"value": "js-ts", "rationale": 'all "of" us'}
    assert found["traffic"] == {"value": "spiky"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(page, scheme, tmp_path):
    small = tmp_path / "small.html"
    small.write_text(render_report(report(6), "html"), encoding="utf-8")
    page.goto(small.as_uri())
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")
    page.emulate_media(color_scheme=scheme)
    page.evaluate(
        """() => { for (const d of document.querySelectorAll('details')) d.open = true }"""
    )
    # The checker is injected past the page's own policy, as an extension would be.
    found = axe.Axe().run(_Evaluating(page))
    bad = [
        (v["id"], v["nodes"][0]["html"][:200], v["nodes"][0].get("failureSummary", "")[:300])
        for v in found.response["violations"]
    ]
    assert bad == []


class _Evaluating:
    """Gives axe the page through the debugger, which the page's policy does not bind."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def evaluate(self, script: str) -> Any:
        return self._page.evaluate(script)


def test_a_phone_needs_no_sideways_scrolling(page):
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate("document.querySelector('.evidence .say').textContent = 'a'.repeat(200)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "a long name breaks"


def test_paper_keeps_the_tables_however_narrow(page):
    page.set_viewport_size({"width": 700, "height": 1000})
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('table.stack tr')).display") == (
        "table-row"
    )


def test_print_opens_every_component(page):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.unit[open]").count() == 2
    assert not page.is_visible("nav.bar")


def test_ten_thousand_findings_are_paged_and_filtered(context, tmp_path):
    file = tmp_path / "large.html"
    file.write_text(render_report(report(10_000), "html"), encoding="utf-8")
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator(".finding").count() <= 50
    page.fill("#search", "module42")
    page.wait_for_selector('#status:text-matches("^10[0-9] of 10000")')
    assert page.locator(".finding").count() <= 50
    page.close()
