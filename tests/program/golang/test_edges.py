"""Call edges: methods, interfaces, function values, spawned and handed-over functions."""

from __future__ import annotations

from tests.program.golang.code import edges, linker


def _edges(text: str) -> set[tuple[str, str, str]]:
    go = linker({"a.go": "package a\n" + text})
    return edges(go.link(), go)


def test_interface_with_one_and_two_implementations() -> None:
    text = """
type I interface { Do() }
type A struct{}
func (A) Do() {}
func f(i I) { i.Do() }
"""
    go = linker({"a.go": "package a\n" + text})
    (edge,) = go.link().edges
    assert edge.note == ""
    go = linker({"a.go": "package a\n" + text + "type B struct{}\nfunc (*B) Do() {}\n"})
    found = go.link().edges
    assert {edge.note for edge in found} == {"interface with 2 implementations"}
    assert len(found) == 2


def test_signature_decides_who_implements() -> None:
    found = _edges("""
type I interface { Do(int) error }
type A struct{}
func (A) Do(string) error { return nil }
type B struct{ Base }
type Base struct{}
func (Base) Do(int) error { return nil }
func f(i I) { i.Do(1) }
""")
    assert found == {("f", "Do", "call")}


def test_stand_ins_of_tests_do_not_count() -> None:
    go = linker(
        {
            "a.go": "package a\ntype I interface { Do() }\ntype A struct{}\nfunc (A) Do() {}\n"
            "func f(i I) { i.Do() }",
            "mocks/m.go": "package mocks\ntype M struct{}\nfunc (M) Do() {}",
        }
    )
    assert {edge.callee[0] for edge in go.link().edges} == {"a.go"}


def test_function_values() -> None:
    found = _edges("""
type S struct { run func() }
func target() {}
func stored() {}
func (s *S) method() {}
func (s *S) start() { s.run() }
func local() { g := target; g() }
func fill() *S { return &S{run: stored} }
func value(s *S) { m := s.method; m() }
func table() { m := map[string]func(){"a": target}; m["a"]() }
func made() func() { return target }
func uses() { made()() }
""")
    assert {
        ("local", "target", "call"),
        ("start", "stored", "call"),
        ("value", "method", "call"),
        ("table", "target", "call"),
        ("uses", "made", "call"),
        ("uses", "target", "call"),
    } <= found


def test_handed_over_spawned_and_deferred() -> None:
    found = _edges("""
import "sort"
func less(i, j int) bool { return false }
func work() {}
func f() { sort.Slice(nil, less); go work(); defer work(); go func() { work() }() }
""")
    assert ("f", "less", "callback") in found
    assert ("f", "work", "spawn") in found
    assert ("f", "work", "call") in found
    assert any(e[0] == "f" and e[1].startswith("closure") and e[2] == "spawn" for e in found)


def test_setter_parameter_reaches_the_field() -> None:
    found = _edges("""
type S struct { on func() }
func (s *S) Set(f func()) { s.on = f }
func (s *S) fire() { s.on() }
func handler() {}
func main() { s := &S{}; s.Set(handler) }
""")
    assert ("fire", "handler", "call") in found


def test_imports_become_module_edges() -> None:
    go = linker(
        {
            "a/a.go": 'package a\nimport ("net/http"; "example.com/shop/b"; "github.com/x/y")\n'
            "var _ = http.Get\nvar _ = b.B\nvar _ = y.Y",
            "b/b.go": "package b\nvar B = 1",
        }
    )
    found = {(edge.source, edge.target) for edge in go.link().modules}
    assert found == {("a", "go:net/http"), ("a", "b"), ("a", "go:github.com/x/y")}


def test_closing_an_outside_value_leads_to_no_type_of_the_repo() -> None:
    """A response's body is none of the files that happen to be the repo's only closers."""
    text = """
import "io"
type File struct{}
func (*File) Close() error { return nil }
func (*File) Read(p []byte) (int, error) { return 0, nil }
func f(body io.ReadCloser) { body.Close() }
func g(body io.ReadCloser) { body.Read(nil) }
"""
    assert _edges(text) == {("g", "Read", "call")}
