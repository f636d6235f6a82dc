from __future__ import annotations

import pytest

from tests.program.ecma_promises.programs import small

ASYNC = "async function check(): Promise<boolean> { return true; }\n"


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("if (check()) {}", ["conditional"]),
        ("while (!check()) {}", ["conditional"]),
        ("const a = check() ? 1 : 2;", ["conditional"]),
        ("const a = check() && 1;", ["conditional"]),
        ("const a = check() ?? 1;", []),
        ("if (check() ?? 1) {}", ["conditional"]),
        ("const a = 1 || check();", []),
        ("if (await check()) {}", []),
        ("const a = { ...check() };", ["spread"]),
        ("const a = { ...(await check()) };", []),
        ("[1].filter(async (x) => x > 1);", ["predicate"]),
        ("[1].map(async (x) => x);", []),
        ("[1].forEach(async (x) => {});", ["argument"]),
        ("new Promise(async (resolve) => { resolve(1); });", ["argument"]),
        ("declare function on(f: () => void): void; on(async () => {});", ["argument"]),
        ("declare function on(f: () => void | Promise<void>): void; on(async () => {});", []),
        ("declare function on(f: () => unknown): void; on(async () => {});", []),
        (
            "declare function on(o: { f: () => void }): void; on({ f: async () => {} });",
            ["property"],
        ),
        (
            "const on: (f: () => void) => void = (f) => { f(); };\non(async () => {});",
            ["argument"],
        ),
        ("function on(n: number) {}\non(async () => {});", []),
        ("[1].find({ a: async () => {} });", []),
        ("const f: () => void = async () => {};", ["variable"]),
        ("let f: () => void; f = check;", ["variable"]),
        ("function g(): () => void { return async () => {}; }", ["return"]),
        ("class A { m(): void {} }\nclass B extends A { async m() {} }", ["inherited"]),
        ("interface I { m(): void }\nclass B implements I { async m() {} }", ["inherited"]),
        ("interface I { m(): Promise<void> }\nclass B implements I { async m() {} }", []),
    ],
)
def test_misuse(source: str, kinds: list[str]) -> None:
    assert small(ASYNC + source + "\n").misused() == kinds


def test_a_variable_that_may_be_unset_may_be_tested() -> None:
    source = "let running;\nexport function f() { if (running) return; running = check(); }\n"
    assert small(source + "async function check() {}\n", "a.js").misused() == []


def test_jsx_attributes() -> None:
    source = (
        "function Button(props: { onPress: () => void; label: string }) { return null; }\n"
        "const a = <Button onPress={async () => {}} label='x' />;\n"
    )
    assert small(source, "a.tsx").misused() == ["attribute"]


def test_the_type_of_the_variable_that_holds_an_arrow_says_what_it_wants() -> None:
    text = """
const call: ((cb: (x: string) => void) => void) | null = (cb) => { cb('a'); };
call?.((x) => Promise.resolve(x));
"""
    assert small(text).misused() == ["argument"]


def test_an_optional_chain_is_not_always_a_promise() -> None:
    text = """
declare const holder: { load(): Promise<void> } | undefined;
if (holder?.load()) console.log(1);
if (holder!.load()) console.log(2);
"""
    assert small(text).misused() == ["conditional"]
