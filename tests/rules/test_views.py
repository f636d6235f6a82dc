"""What views leave unhandled concerns a browser, not a server."""

from __future__ import annotations

from archlint.model.finding import Severity
from archlint.session import Options, check
from tests.conftest import FIXTURES


def test_views_of_a_library_make_notes() -> None:
    result = check(FIXTURES / "rules/floating-promise/views", Options(cache=False, jobs=1))
    found = {f.location.path: f.severity for f in result.findings if f.rule == "floating-promise"}
    assert found == {"src/client.ts": Severity.WARNING, "src/inbox.tsx": Severity.NOTE}


def test_effects_in_pages_run_in_a_browser() -> None:
    """A page's effects, and those of hooks beside it, are not what the server does for it."""
    result = check(FIXTURES / "rules/floating-promise/pages", Options(cache=False, jobs=1))
    found = {
        (f.location.path, f.location.line): f.severity
        for f in result.findings
        if f.rule == "floating-promise"
    }
    assert found == {
        ("hooks/visit.ts", 6): Severity.NOTE,
        ("pages/account.tsx", 8): Severity.NOTE,
        ("pages/account.tsx", 17): Severity.ERROR,
    }
