"""Outlines: the same imports, strings and value names as whole facts, without bodies."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.config import Config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.extract.engine import extract_file
from archlint.extract.options import ExtractOptions
from archlint.model.facts import FileFacts
from archlint.program.dependencies.uses import _values
from tests.conftest import FIXTURES
from tests.program.architecture.handmade import program

FILES = sorted(
    path
    for suffix in ("js", "ts", "tsx", "mjs", "vue", "go")
    for path in FIXTURES.rglob(f"*.{suffix}")
    if "hostile" not in path.parts and not path.name.endswith(".min.js")
)
LANGUAGES = {".ts": "typescript", ".tsx": "tsx", ".vue": "typescript", ".go": "go"}


def outlined(text: str, path: str = "a.ts", *, outline: bool = True) -> FileFacts:
    language = LANGUAGES.get(Path(path).suffix, "javascript")
    facts = extract_file(path, language, text.encode(), ExtractOptions(outline=outline))
    assert isinstance(facts, FileFacts)
    return facts


def imports(facts: FileFacts) -> set[tuple[object, ...]]:
    return {
        (i.at, i.kind, i.specifier, i.names, i.type_only, i.function > 0, i.guarded, i.pattern)
        for i in facts.imports
    }


def used(facts: FileFacts) -> set[str]:
    local = {n for i in facts.imports if i.kind == "import" and not i.type_only for _, n in i.names}
    values, types = _values(program(), facts)
    return (values | types) & local


def check(text: str, path: str) -> None:
    """The outline says what the whole facts say."""
    short, whole = outlined(text, path), outlined(text, path, outline=False)
    assert short.outline or "archlint-" in text or "config" in path
    assert imports(short) == imports(whole)
    for name in ("line_starts", "wide", "generated", "shebang", "lines", "size", "cgo", "package"):
        assert getattr(short, name) == getattr(whole, name), name
    if short.outline and short.language != "go":
        assert set(short.strings) <= set(whole.strings) or whole.problem
    if short.language in {"typescript", "tsx"} and not whole.problem:
        assert used(short) == used(whole)


@pytest.mark.parametrize("start", range(0, 8))
def test_fixtures(start: int) -> None:
    for path in FILES[start::8]:
        check(path.read_text("utf-8", "replace"), str(path.relative_to(FIXTURES)))


@pytest.mark.parametrize(
    "text",
    [
        "import a, { b as c, type D } from 'x'; import * as n from 'y'; import 'z'; n.f(c);",
        "import e = require('x'); export * from 'y'; export { q } from 'z';",
        "import type { T } from 'x'; export type { U } from 'y'; let t: T;",
        "function f() { const x = require('./a'); return import('./b'); }",
        "try { require('./a'); } catch { require('./b'); } try { require('./c'); } finally { }",
        "try { const f = () => require('./a'); f(); } catch {}",
        "const all = names.map((n) => require(`./models/${n}.js`)); require(dir + '/x');",
        "const p = require.resolve('x/y'); path.resolve('x'); const q = import.meta.resolve('z');",
        "let t: import('x').Y; type B = typeof import('y'); let z = v as import('k').Q;",
        "type C = (typeof import('./c.vue'))['default'];",
        "import { A, B, C, D } from 'x'; class E extends A {} const o = { B }; let c: C; x<D>(1);",
        "import { A, B } from 'x'; let f: (A: string) => void; let t: typeof B; let n: A.C;",
        "import { A } from 'x'; import B = A.C; export { B };",
        "import { A, B, C } from 'x'; @dec class S { constructor(a: A, b: Q<B>, @i() c: C){}}",
        "import { dec } from 'x'; export class S { @dec('text') f() {} }",
        "import { A } from 'x'; export class S { f(g: (a: A) => void) {} }",
        "const a = { 'key': 'value', [`c${x}`]: \"w\" }; a['index']; f('arg', `part-${a}`);",
        "type L = 'literal'; enum K { A = 'value', 'key' = 'other' } declare module 'name' {}",
        "function f(a = 'default', { b = 'inner' } = {}) {} class X extends mix('extended') {}",
        "import data from './d.json' with { type: 'json' }; f(data);",
        "export default 'exported'; const v = 'a\\tb';",
    ],
)  # fmt: skip
def test_semantic_points(text: str) -> None:
    for path in ("a.ts", "a.js") if ": " not in text and "type " not in text else ("a.ts",):
        check(text, path)
    short, whole = outlined(text), outlined(text, outline=False)
    assert short.strings == whole.strings


def test_bodies_are_left_out_but_where_they_are_needed() -> None:
    code = "export const f = () => g();\n"
    assert len(outlined(code).functions) == 2
    assert outlined(code).functions[1].body == ()
    assert not outlined(code + "// archlint-ignore-block x: y\n").outline
    assert not outlined("export default { resolve: { alias: {} } };", "vite.config.ts").outline


def test_of_a_go_file_only_the_head_is_parsed() -> None:
    head = '// Package p.\npackage p\n\nimport (\n\t"fmt"\n\tx "net/http"\n)\n\n'
    facts = outlined(head + "func f( {{{ broken\n", "a.go")
    assert [i.specifier for i in facts.imports] == ["fmt", "net/http"]
    assert (facts.package, facts.problem, facts.lines) == ("p", "", 9)
    comment = outlined("/*\nfunc in a comment\n*/\n" + head + "var a = 1\n", "b.go")
    assert [i.specifier for i in comment.imports] == ["fmt", "net/http"]


def test_discovered_files_all_have_an_outline() -> None:
    root = FIXTURES / "repos" / "shop-api"
    source = WorkTree(root)
    for file in discover(source, Config()).files:
        facts = extract_file(
            file.path, file.language, source.read(file.path, 10**6), ExtractOptions(outline=True)
        )
        assert isinstance(facts, FileFacts)
        assert facts.path == file.path


def test_types_in_documentation_are_imported_as_types() -> None:
    code = """
/** @typedef {import("a").A} A */
/**
 * @param {import('b').B} b and {import('c')} c
 */
const text = "* import('d')"; // import('e')
"""
    for outline in (True, False):
        found = outlined(code, "a.js", outline=outline).imports
        assert [(i.specifier, i.type_only) for i in found] == [
            ("a", True),
            ("b", True),
            ("c", True),
        ]
