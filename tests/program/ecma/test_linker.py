"""The linker's questions for rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model import ir
from archlint.program.ecma.values import (
    ExternalValue,
    InstanceValue,
    LiteralValue,
    PromiseValue,
)
from tests.program.ecma.linking import Case, link_repo

SOURCE = """
import fs, { readFile as read } from 'fs'
import { execSync } from 'node:child_process'
import Redis, { type Cluster } from 'ioredis'
import { MongoClient } from 'mongodb'

class Store { async load(): Promise<string> { return 'x' } }

export async function main(redis: Redis, cluster: Cluster, store: Store) {
  fs.readFileSync('a')
  read('b', () => {})
  execSync('ls')
  redis.get('k')
  cluster.set('k', 'v')
  const client = await MongoClient.connect('x')
  client.db('y')
  JSON.parse('{}')
  const csrfSync = (options: object) => options
  csrfSync({})
  store.load()
  new Promise((resolve) => setTimeout(resolve, 1))
  ;[1, 2].map((n) => n.toFixed())
  missing.call.of.something()
}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    root = tmp_path_factory.mktemp("repo")
    (root / "package.json").write_text('{"name": "x", "main": "main.ts"}')
    (root / "main.ts").write_text(SOURCE)
    return link_repo(root)


def _calls(case: Case) -> dict[str, str]:
    ident = case.functions("main.ts:main")[0]
    text = SOURCE.encode()
    return {
        text[call.at : call.end].decode(): case.linker.resolve_call(ident, call).external
        for call in case.linker.calls(ident)
    }


def test_canonical_names(case: Case) -> None:
    found = _calls(case)
    assert found["fs.readFileSync('a')"] == "node:fs.readFileSync"
    assert found["read('b', () => {})"] == "node:fs.readFile"
    assert found["execSync('ls')"] == "node:child_process.execSync"
    assert found["redis.get('k')"] == "npm:ioredis().get"
    assert found["cluster.set('k', 'v')"] == "npm:ioredis.Cluster().set"
    assert found["client.db('y')"] == "npm:mongodb.MongoClient.connect()~.db"
    assert found["JSON.parse('{}')"] == "global:JSON.parse"
    assert found["[1, 2].map((n) => n.toFixed())"] == "global:Array().map"


def test_local_names_are_not_what_they_look_like(case: Case) -> None:
    assert _calls(case)["csrfSync({})"] == ""


def test_unknown_stays_unknown(case: Case) -> None:
    ident = case.functions("main.ts:main")[0]
    call = case.linker.calls(ident)[-1]
    assert case.linker.resolve_call(ident, call).external == ""
    assert case.linker.value_of(ident, call) == ()


def test_async_results_are_promises(case: Case) -> None:
    load = case.functions("main.ts:load")[0]
    (value,) = case.linker.returns(load)
    assert isinstance(value, PromiseValue)
    assert LiteralValue("string", "x") in value.items


def test_declared_types_of_parameters(case: Case) -> None:
    ident = case.functions("main.ts:main")[0]
    assert case.linker.parameter(ident, 0) == (ExternalValue("npm:ioredis()"),)
    assert case.linker.parameter(ident, 2) == (InstanceValue("main.ts", 0),)


def test_bindings(case: Case) -> None:
    ident = case.functions("main.ts:main")[0]
    call = next(c for c in case.linker.calls(ident) if isinstance(c.callee, ir.Name))
    assert isinstance(call.callee, ir.Name)
    binding = case.linker.binding(ident, call.callee)
    assert binding is not None
    assert binding.kind == "import"
    assert binding.imported is not None
    assert binding.imported[1] == "readFile"


def test_linking_twice_gives_the_same(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "main": "main.ts"}')
    (tmp_path / "main.ts").write_text(SOURCE)
    first, second = link_repo(tmp_path), link_repo(tmp_path)
    assert first.linked == second.linked


@pytest.mark.parametrize(
    "text",
    [
        "let x = " + "(" * 3000 + "1" + ")" * 3000,
        "f" + "(g)" * 3000,
        "a" + ".b()" * 3000,
        "function f(x) { return f(f(f(x.y))) } f(f)",
        "let a = b, b = c, c = a; a.x = b.x; b.x = c.x; c.x = a.x; a.x.x.x()",
        "const f = (g) => g(g); f(f)(f)(f)",
        "class A extends A {} new A().x(); class B extends C {} class C extends B {} new B().y()",
        "module.exports = require('./main'); module.exports.x = module.exports",
        "export * from './main.js'; import { z } from './main.js'; z()",
        "const o = {...o, a: o}; Object.assign(o, o); o.a.a.a(); o[o]()",
        "app.use(app); " * 200,
    ],
)
def test_odd_sources_link(tmp_path: Path, text: str) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "main": "main.js"}')
    (tmp_path / "main.js").write_text(text)
    assert link_repo(tmp_path).linked is not None


def test_every_variable_of_a_loop_head_is_declared(tmp_path: Path) -> None:
    source = "function load() {}\nfor (let i = 0, next = load; i < 3; i++) next()\n"
    (tmp_path / "a.js").write_text(source)
    (tmp_path / "package.json").write_text('{"name": "a", "main": "a.js"}')
    assert ("a.js:top", "a.js:load", "call") in link_repo(tmp_path).edges()


def test_parameters_that_are_passed_on(tmp_path: Path) -> None:
    """A call site that only the value of a parameter shows is found, however long the chain."""
    (tmp_path / "package.json").write_text('{"name": "x", "main": "a.js"}')
    steps = "".join(f"function s{n}(go, x) {{ go(x); }}\n" for n in range(2))
    source = f"{steps}function last(x) {{ x.readFileSync('y'); }}\ns0(s0b, require('fs'));\n"
    source += "function s0b(x) { s1(last, x); }\n"
    (tmp_path / "a.js").write_text(source)
    case = link_repo(tmp_path)
    (ident,) = case.functions("a.js:last")
    (call,) = case.linker.calls(ident)
    assert case.linker.resolve_call(ident, call).external == "node:fs.readFileSync"
