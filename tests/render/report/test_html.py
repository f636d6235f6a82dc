"""The page without a browser: self-contained, escaped, deterministic."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from archlint.render.report import FORMATS, render_report
from archlint.render.report.highlight import runs
from tests.render.report.sample import HOSTILE, report


def page(findings: int = 60) -> str:
    return render_report(report(findings), "html")


def test_nothing_is_loaded_from_anywhere():
    text = page()
    assert not re.findall(r"<(?:link|img|iframe|object|embed|script)[^>]+(?:src|href)=", text)
    assert "@import" not in text
    assert "url(" not in text


def test_the_policy_allows_exactly_the_two_inlined_assets():
    text = page()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1] or "default-src 'none'" in policy[1]
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert body is not None
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy[1]
    assert not re.search(r'\sstyle="|\son\w+="', text)


def test_hostile_text_is_only_text():
    text = page()
    assert HOSTILE not in text
    assert "<img src=x" not in text
    assert "\u202e" not in text
    assert "\x07" not in text
    assert text.count("</script>") == 2


def test_the_rows_are_json_that_no_markup_can_leave():
    match = re.search(r'id="findings-data">(.*?)</script>', page(200), re.DOTALL)
    assert match is not None
    assert not set("<>&") & set(match[1])
    data = json.loads(match[1])
    assert len(data["rows"]) == 200


def test_ids_are_unique_and_links_lead_somewhere():
    text = page()
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', text):
        assert target in ids or target.startswith("f-"), target


def test_every_form_is_deterministic_and_ends_with_a_line():
    for form in FORMATS:
        one, other = render_report(report(20), form), render_report(report(20), form)
        assert one == other, form
        assert one.endswith("\n")
        assert "\u202e" not in one


def test_markdown_leaves_no_markup_of_the_repo():
    text = render_report(report(5), "markdown")
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert" in text or "\\<img" in text


def test_unknown_is_a_question_mark():
    text = render_report(report(0), "text")
    assert "?" in text
    assert "No findings." in page(0)


def test_highlighting_keeps_every_character():
    lines = [
        "const x = await fetch(`a ${b}`) // done",
        'func (s *Server) Do(ctx context.Context) error { return fmt.Errorf("x: %w", err) }',
        "  * a comment in a block",
        "let s = 'unterminated",
        "x = 0xFF + 1_000.5e-3n; /* open",
        "",
        "π = '😀'",
    ]
    for line in lines:
        assert sum(length for _, length in runs(line)) == len(line), line
    assert ("k", 5) in runs(lines[0])
    assert ("c", 7) in runs(lines[0])
    assert ("f", 5) in runs(lines[0])
