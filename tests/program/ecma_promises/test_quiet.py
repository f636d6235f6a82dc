"""Statements of JavaScript files that are passed by, and those that must not be."""

from __future__ import annotations

import pytest

from archlint.model import ir
from tests.program.ecma_promises.programs import small

LOAD = "async function load() { throw 1; }\nconst fs = require('fs');\n"


def quiet(source: str) -> list[bool]:
    """Per statement of the module itself: whether it plainly leaves no promise."""
    program = small(LOAD + source, "a.js")
    top = program.index.functions[0]
    return [
        program.promises.quiet.statement(top, stmt.value)
        for index, stmt in program.index.noted.statements
        if index == 0
    ]


@pytest.mark.parametrize(
    "source",
    [
        "load();",
        "function wrap(p) { return p; } wrap(load());",
        "function maybe() { return x ? load() : null; } maybe();",
        "function later() { return new Promise(() => {}); } later();",
        "const queue = [load()]; queue.shift();",
        "const store = { run: load }; store.run();",
        "load.call(null);",
        "load().then(() => 1);",
        "fs.promises.readFile('a');",
        "Promise.resolve(load());",
        "new Promise(() => {});",
        "[1].map(load);",
        "import('./b.js');",
        "(x || load)();",
        "await [load()];",
        "function all() { return [load()]; } await all();",
    ],
)
def test_what_may_leave_a_promise_is_looked_at(source: str) -> None:
    assert quiet(source)[-1] is False


@pytest.mark.parametrize(
    "source",
    [
        "function plain() {} plain();",
        "function count() { return 1; } count();",
        "console.log(load());",
        "fs.readFileSync('a');",
        "const list = []; list.push(load());",
        "unknown.thing(1);",
        "await load();",
        "await fs.promises.readFile('a');",
        "function* steps() {} steps();",
    ],
)
def test_what_plainly_leaves_none_is_passed_by(source: str) -> None:
    assert quiet(source)[-1] is True


def test_only_calls_and_awaited_calls_are_passed_by() -> None:
    program = small("x;", "a.js")
    top = program.index.functions[0]
    assert not program.promises.quiet.statement(top, ir.Name(0, "x"))
