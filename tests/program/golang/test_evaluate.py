"""Types of expressions: each case calls ``use`` on a value and states what comes out."""

from __future__ import annotations

import pytest

from archlint.model import ir
from archlint.program.golang import show
from tests.program.golang.code import body, linker, results

DECLARED = """
type T struct { Base; field int; inner *Inner; hook func(int) string }
type Base struct{}
func (Base) Promoted() error { return nil }
type Inner struct { Names []string; ByName map[string]*T; Out chan Inner }
func (i *Inner) Self() *Inner { return i }
func (i Inner) Pair() (int, error) { return 0, nil }
type Face interface { Embedded; Do(x int) (string, error) }
type Embedded interface { Other() bool }
type List[E any] struct { items []E }
func (l *List[E]) First() (E, bool) { var e E; return e, false }
func Map[A, B any](in []A, f func(A) B) []B { return nil }
type Named []Inner
type Seq func(yield func(string, int) bool)
func use[X any](x X) X { return x }
var Global = &T{}
const Text = "x"
"""

CASES = [
    ("var t T; use(t.field)", "int"),
    ("var t T; use(t.Promoted())", "error"),
    ("t := &T{}; use(t.inner.Self().Names)", "[]string"),
    ("t := T{}; use(t.hook(1))", "string"),
    ("use(Global.inner.ByName[\"a\"])", "*example.com/shop.T"),
    ("i := Inner{}; use(<-i.Out)", "example.com/shop.Inner"),
    ("i := new(Inner); n, err := i.Pair(); use(n); use(err)", "int|error"),
    ("use(new(1)); use(new(Inner{}))", "*int|*example.com/shop.Inner"),
    ("x := 1; use(new(x)); use(new([]string{Text}))", "*int|*[]string"),
    ("var f Face; s, _ := f.Do(1); use(s); use(f.Other())", "string|bool"),
    ("l := &List[string]{}; e, ok := l.First(); use(e); use(ok)", "string|bool"),
    ("use(Map([]int{1}, func(i int) string { return \"\" }))", "[]string"),
    ("for i, x := range []Inner{} { use(i); use(x) }", "int|example.com/shop.Inner"),
    ("for k, v := range map[string]bool{} { use(k); use(v) }", "string|bool"),
    ("for c := range make(chan Face) { use(c) }", "example.com/shop.Face"),
    ("for i := range 10 { use(i) }", "int"),
    ("for i, r := range \"text\" { use(i); use(r) }", "int|rune"),
    ("var s Seq; for k, v := range s { use(k); use(v) }", "string|int"),
    ("var n Named; for _, x := range n { use(x) }", "example.com/shop.Inner"),
    ("var v any; switch x := v.(type) { case *T: use(x); case Inner, T: use(x) }",
     "*example.com/shop.T|interface{}"),
    ("var v any; x := v.(*Inner); y, ok := v.(Face); use(x); use(y); use(ok)",
     "*example.com/shop.Inner|example.com/shop.Face|bool"),
    ("x := 1; { x := \"s\"; use(x) }; use(x)", "string|int"),
    ("if x := 1.5; x > 0 { use(x) }", "float64"),
    ("x := []byte(Text); use(x[0]); use(x[1:])", "byte|[]byte"),
    ("m := Global.Promoted; use(m())", "error"),
    ("g := (*Inner).Self; use(g(nil))", "*example.com/shop.Inner"),
    ("use(append([]Inner{}, Inner{})); use(len(Text))", "[]example.com/shop.Inner|int"),
    ("type Local struct { x int }; l := Local{}; use(l.x)", "int"),
    ("f := func() (*T, error) { return nil, nil }; t, _ := f(); use(t)", "*example.com/shop.T"),
    ("use(func() Face { return nil }())", "example.com/shop.Face"),
    ("use([]*T{{}, {}}[0].field)", "int"),
    ("a := [2]Inner{}; p := &a; use(p[0])", "example.com/shop.Inner"),
    ("x := 1 << 3; y := x == 2; use(x); use(y)", "int|bool"),
    ("use(map[string]func() error{}[\"a\"]())", "error"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0][:50] for case in CASES])
def test_type(text: str, expected: str) -> None:
    go = body(text, before=DECLARED)
    assert "|".join(results(go, "use")) == expected


def test_shadowed_package_is_no_package() -> None:
    go = body("os := local{}; os.Remove(\"x\")", before="type local struct{}\n"
              "func (local) Remove(string) bool { return true }", imports="os")  # fmt: skip
    assert results(go, "Remove") == ["bool"]


def test_standard_library_chain() -> None:
    go = body('r, _ := http.Get(""); r.Body.Close(); r.Header.Get("x")', imports="net/http")
    assert results(go, "Close") == ["error"]
    assert results(go, "Get") == ["*net/http.Response, error", "string"]


def test_type_switch_on_errors() -> None:
    go = body("var e error; switch x := e.(type) { case *os.PathError: x.Unwrap() }", imports="os")
    assert results(go, "Unwrap") == ["error"]


def test_alias_dot_and_internal_imports() -> None:
    go = linker(
        {
            "a/a.go": 'package a\nimport s "example.com/shop/store"\n'
            'import . "example.com/shop/dot"\n'
            "func f() { s.Open(); Dotted() }",
            "store/s.go": "package store\ntype Store struct{}\nfunc Open() *Store { return nil }",
            "dot/d.go": "package dot\nfunc Dotted() error { return nil }",
        }
    )
    assert results(go, "Open") == ["*example.com/shop/store.Store"]
    assert results(go, "Dotted") == ["error"]


def test_package_name_differs_from_folder() -> None:
    go = linker(
        {
            "a.go": 'package a\nimport "example.com/shop/go-store"\nfunc f() { depot.Open() }',
            "go-store/s.go": "package depot\nfunc Open() error { return nil }",
        }
    )
    assert results(go, "Open") == ["error"]


def test_test_package_is_apart() -> None:
    go = linker(
        {
            "a.go": "package a\nfunc f() int { return 0 }",
            "a_test.go": "package a_test\nfunc f() error { return nil }",
        }
    )
    symbols = [go.unit(path).named("f") for path in ("a.go", "a_test.go")]
    assert [show(symbol.type) for symbol in symbols if symbol] == ["func() (int)", "func() (error)"]


def test_build_constraints_keep_every_body() -> None:
    go = linker(
        {
            "a.go": "package a\nfunc g() { f() }",
            "f_linux.go": "package a\nfunc f() error { return nil }",
            "f_windows.go": "package a\nfunc f() error { return nil }",
        }
    )
    call = go.body(("a.go", 1)).calls[0]
    targets = go.resolve_call(("a.go", 1), call).targets
    assert [path for path, _ in targets] == ["f_linux.go", "f_windows.go"]


def test_unknown_packages_say_how_a_value_came_about() -> None:
    go = body("c := x.New(); c.Do().Run()", imports="example.org/x")
    name = [go.callee(("a.go", 1), call).canonical for call in go.body(("a.go", 1)).calls]
    assert "example.org/x.New().Do().Run" in name


def test_recursive_declarations_end() -> None:
    go = body(
        "use(a)", before="var a = b\nvar b = a\ntype L L2\ntype L2 L\nfunc use(x L) L { return x }"
    )
    assert results(go, "use") == ["example.com/shop.L"]


def test_endless_chains_end_as_unknown() -> None:
    count = 500
    chain = "b" + ".N()" * count
    types = "".join(f"type T{i} T{i + 1}\n" for i in range(count))
    names = "".join(f"var v{i + 1} = v{i}\n" for i in range(count))
    go = linker(
        {
            "a.go": f"package a\ntype B struct{{}}\nfunc (b *B) N() *B {{ return b }}\nvar v0 = 1\n"
            f"{types}type T{count} int\n{names}"
            f"func f(b *B, t T0) {{ {chain}; use(v{count}); use(t) }}\n"
            "func use[T any](t T) T { return t }\n"
        }
    )
    assert go.link().calls > 0
    assert results(go, "use")[1] == "example.com/shop.T0"


def test_names_that_are_made_up_are_told_apart() -> None:
    go = body("", before="func g(a int, b string) {}")
    function = next(ident for ident, facts in go.functions() if facts.name == "g")
    at = go.files["a.go"].functions[function[1]].at
    found = [show(go.type_of(function, ir.Name(at, name))) for name in "abab"]
    assert found == ["int", "string", "int", "string"]
