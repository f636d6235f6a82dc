from __future__ import annotations

import pytest

from tests.program.ecma_promises.programs import small

LOAD = "async function load(): Promise<string> { return 'x'; }\n"


@pytest.mark.parametrize(
    "statement",
    [
        "load()",
        "load().then(() => {})",
        "load().then(() => {}, undefined)",
        "load().catch()",
        "load().finally(() => {})",
        "load().catch(null)",
        "flag && load()",
        "flag ? 1 : load()",
        "flag ?? load()",
        "0, load()",
        "Promise.all([load()])",
        "Promise.race([load()])",
        "Promise.reject(1)",
        "[load(), load()]",
        "[1].map(() => load())",
        "(async () => {})()",
        "(async function () {})()",
        "new Promise(() => {})",
        "import('./x')",
        "obj.run?.()",
        "obj?.run()",
        "(load() as Promise<string>)",
        "load()!",
        "tag`x`",
        "stored",
    ],
)
def test_floats(statement: str) -> None:
    source = (
        LOAD
        + "declare const flag: boolean;\n"
        + "declare const obj: { run(): Promise<void> };\n"
        + "declare const tag: (s: TemplateStringsArray) => Promise<void>;\n"
        + "declare const stored: Promise<number>;\n"
        + statement
        + ";\n"
    )
    assert len(small(source).floating()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "await load()",
        "void load()",
        "const x = load()",
        "y = load()",
        "load().catch(() => {})",
        "load().then(() => {}, () => {})",
        "load().then(() => {}).catch(handle)",
        "load().catch(() => {}).finally(() => {})",
        "flag && load().catch(() => {})",
        "await Promise.all([load()])",
        "plain()",
        "obj.count",
        "numbers.map((n) => n + 1)",
        "unknown()",
        "unknown.then",
        "(() => {})()",
    ],
)
def test_handled(statement: str) -> None:
    source = (
        LOAD
        + "let y: unknown;\ndeclare const flag: boolean;\nfunction handle() {}\n"
        + "function plain() { return 1; }\ndeclare const numbers: number[];\n"
        + "declare const obj: { count: number };\n"
        + statement
        + ";\n"
    )
    assert small(source).floating() == []


def test_promises_pass_through_files_and_wrappers() -> None:
    program = small(
        {
            "a.js": "import { outer, plain } from './b';\nouter();\nplain();\n",
            "b.js": "import { inner } from './c';\nexport const outer = () => inner(1);\n"
            "export function plain() { inner(2).catch(() => 0); }\n",
            "c.js": "export const inner = (n) => new Promise((resolve) => resolve(n));\n",
        }
    )
    assert program.floating() == ["outer()"]


def test_classes_interfaces_and_inheritance() -> None:
    program = small(
        "interface Store { save(): Promise<void>; size(): number }\n"
        "class Base { async push() {} }\n"
        "class Queue extends Base {\n"
        "  constructor(private store: Store) { super(); }\n"
        "  run() { this.push(); this.store.save(); this.store.size(); }\n"
        "}\n"
        "class Later extends Promise<number> {}\n"
        "new Later(() => {});\n"
    )
    assert program.floating() == ["this.push()", "this.store.save()", "new Later(() => {})"]


def test_generic_and_aliased_types() -> None:
    program = small(
        "type Async<T> = Promise<T>;\n"
        "declare function a(): Async<number>;\n"
        "declare function b<T extends Promise<number>>(x: T): T;\n"
        "declare function c(): Promise<number> | undefined;\n"
        "declare function d(): Promise<number>[];\n"
        "declare function e(): PromiseLike<number>;\n"
        "a(); b(null!); c(); d(); e();\n"
    )
    assert program.floating() == ["a()", "b(null!)", "c()", "d()"]


def test_callback_takes_the_place_of_the_promise() -> None:
    program = small(
        "const { promisify } = require('util');\nconst fs = require('fs');\n"
        "const read = promisify(fs.readFile);\n"
        "function either(name, done) { if (done) { fs.readFile(name, done); return; }\n"
        "  return read(name); }\n"
        "either('a', () => {});\neither('b');\n",
        "a.js",
    )
    assert program.floating() == ["either('b')"]


def test_recursive_functions_end() -> None:
    program = small("const f = () => g();\nconst g = () => (x ? f() : load());\nf();\n" + LOAD)
    assert program.floating() == ["f()"]


def test_collections_of_promises_that_are_only_changed() -> None:
    program = small("const cache = new Map();\ncache.set('a', load());\n" + LOAD)
    assert program.floating() == []
