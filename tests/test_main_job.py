"""The main job on the shipped repo: findings with context and trace, across files and languages."""

from __future__ import annotations

import pytest

from archlint.model.finding import Context, Finding, Result, Severity
from archlint.session import Options, check
from tests.conftest import FIXTURES

SHOP = FIXTURES / "repos" / "shop-api"


@pytest.fixture(scope="module")
def result() -> Result:
    """One run for all questions."""
    return check(SHOP, Options(cache=False, jobs=1))


def one(result: Result, rule: str, path: str) -> Finding:
    """The only finding of a rule in a file."""
    found = [f for f in result.findings if f.rule == rule and f.location.path.endswith(path)]
    assert len(found) == 1, [(f.location, f.message) for f in found]
    return found[0]


def test_components(result: Result) -> None:
    got = {(c.name, c.runtime, c.kind) for c in result.components}
    assert ("@shop/api", "node", "service") in got
    assert ("@shop/pricing", "node", "library") in got
    assert ("stockd", "go", "service") in got


def test_entry_points(result: Result) -> None:
    labels = {e.label for c in result.components for e in c.entry_points if e.kind == "request"}
    assert {
        "POST /orders",
        "GET /orders/:id/invoice",
        "GET /products",
        "GET /stock/{sku}",
        "POST /exports",
    } <= labels


def test_blocking_call_with_its_trace(result: Result) -> None:
    reads = [f for f in result.findings if f.location.path.endswith("lib/invoice.js")]
    found, once = sorted(reads, key=lambda f: f.location.line)
    assert once.severity is Severity.NOTE, "a read that is kept for good"
    assert found.severity is Severity.ERROR
    assert found.context is Context.REQUEST
    assert found.location.line == 11
    steps = [(hop.path.rsplit("/", 1)[1], hop.line) for hop in found.trace]
    assert found.trace[0].label == "GET /orders/:id/invoice"
    assert steps[-1] == ("invoice.js", 11)
    assert ("orders.js", 19) in steps, "the call of invoice.render"


def test_a_floating_promise_across_files(result: Result) -> None:
    found = one(result, "floating-promise", "domain/orders.js")
    assert found.location.line == 13
    assert found.trace[0].label == "POST /orders"


def test_an_async_handler_that_express_4_does_not_guard(result: Result) -> None:
    found = one(result, "unguarded-async-handler", "routes/orders.js")
    assert found.location.line == 8


def test_ignored_errors_in_go(result: Result) -> None:
    touch = one(result, "unchecked-error", "cmd/stockd/main.go")
    assert touch.location.line == 31
    assert touch.trace[0].label == "POST /exports"
    lost = [f for f in result.findings if f.location.path == "internal/export/export.go"]
    errors = [(f.rule, f.location.line) for f in lost if f.severity is Severity.ERROR]
    assert errors == [("unchecked-error", 22), ("unchecked-error", 27)]


def test_unused_dependency(result: Result) -> None:
    found = one(result, "unused-dependency", "services/api/package.json")
    assert "left-pad" in found.message
    assert found.location.line == 10


def test_type_only_cycle_is_none(result: Result) -> None:
    assert not [f for f in result.findings if f.rule == "import-cycle"]


def test_tests_are_silent(result: Result) -> None:
    assert not [f for f in result.findings if f.location.path.endswith("orders.test.js")]
