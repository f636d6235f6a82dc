"""What views leave unhandled concerns a browser, not a server."""

from __future__ import annotations

from archlint.model.finding import Severity
from archlint.session import Options, check
from tests.conftest import FIXTURES


def test_views_of_a_library_make_notes() -> None:
    result = check(FIXTURES / "rules/floating-promise/views", Options(cache=False, jobs=1))
    found = {f.location.path: f.severity for f in result.findings if f.rule == "floating-promise"}
    assert found == {"src/client.ts": Severity.WARNING, "src/inbox.tsx": Severity.NOTE}
