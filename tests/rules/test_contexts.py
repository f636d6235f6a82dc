"""Findings at a registration speak of when the handler runs, not of when it is registered."""

from __future__ import annotations

from archlint.model.finding import Context, Severity
from archlint.session import Options, check
from tests.conftest import FIXTURES


def test_a_named_async_handler_runs_when_a_request_comes() -> None:
    result = check(
        FIXTURES / "rules/unguarded-async-handler/express-4", Options(cache=False, jobs=1)
    )
    found = [f for f in result.findings if "router.get('/f')" in f.message]
    assert [f.context for f in found] == [Context.REQUEST]
    assert found[0].trace[0].label == "GET /f"


def test_a_failure_while_another_is_handled_weighs_less() -> None:
    result = check(
        FIXTURES / "rules/unguarded-async-handler/express-4", Options(cache=False, jobs=1)
    )
    found = {f.message.split("'")[1]: f.severity for f in result.findings if "router" in f.message}
    assert (found["/h"], found["/i"]) == (Severity.WARNING, Severity.ERROR)
