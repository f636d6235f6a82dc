"""How grave rules about goroutines, latency and memory find the same code, here and there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.go_judged import found

FANNED = {
    "what a call gave": ("for _, x := range load() {\n go work(x)\n}", ["warning"]),
    "what is given": ("for _, x := range xs {\n go work(x)\n}", ["note"]),
    "cut to size": ("ys := load()\nys = ys[:3]\nfor _, x := range ys {\n go work(x)\n}", []),
    "left behind the first": ("for _, x := range load() {\n go work(x)\n return\n}", []),
    "sized wait group": ("for _, x := range load() {\n sized.Add()\n go work(x)\n}", []),
}
DEFERRED = {
    "each time": ("c := open()\n defer c.Close()", ["warning"]),
    "the first time": ("if first == nil {\n first = open()\n defer first.Close()\n }", []),
    "used by what goes on": (
        "c := open()\n defer c.Close()\n go func() { c.Read(nil) }()",
        ["note"],
    ),
    "removed in the end": ("f := name()\n defer os.Remove(f)", ["note"]),
}


@pytest.mark.parametrize("case", FANNED)
def test_goroutines_in_loops(tmp_path: Path, case: str) -> None:
    loop, expected = FANNED[case]
    text = f"""import "github.com/remeh/sizedwaitgroup"
var sized = sizedwaitgroup.New(3)
func load() []string {{ return nil }}
func work(x string) {{}}
func all(xs []string) {{
	{loop}
}}
func serve(w http.ResponseWriter, r *http.Request) {{ all(nil) }}"""
    reports = found(tmp_path, text, "unbounded-goroutines")
    assert reports == [f"unbounded-goroutines {severity}" for severity in expected]


@pytest.mark.parametrize("case", DEFERRED)
def test_defers_in_loops(tmp_path: Path, case: str) -> None:
    body, expected = DEFERRED[case]
    text = f"""import ("io"; "os")
var _ = os.Remove
func name() string {{ return "" }}
func open() io.ReadCloser {{ return nil }}
func serve(w http.ResponseWriter, r *http.Request) {{
	var first io.ReadCloser
	for r.Method != "" {{
		{body}
	}}
	_ = first
}}"""
    reports = found(tmp_path, text, "defer-in-loop")
    assert reports == [f"defer-in-loop {severity}" for severity in expected]


def test_a_lock_that_only_serialises_is_a_note(tmp_path: Path) -> None:
    text = """import ("os/exec"; "sync")
var building, state sync.Mutex
var count int
func serve(w http.ResponseWriter, r *http.Request) {
	building.Lock()
	_ = exec.Command("make").Run()
	building.Unlock()
	state.Lock()
	_ = exec.Command("make").Run()
	state.Unlock()
	state.Lock()
	count++
	state.Unlock()
}"""
    expected = ["lock-across-io note", "lock-across-io warning"]
    assert found(tmp_path, text, "lock-across-io") == expected


def test_patterns_behind_a_guard_and_many_at_once(tmp_path: Path) -> None:
    text = """import "regexp"
type parser struct{ a *regexp.Regexp }
var kept *parser
func made() *parser {
	p := &parser{}
	p.a = regexp.MustCompile("a")
	return p
}
func one() *parser {
	if kept == nil { kept = built() }
	return kept
}
func built() *parser { return &parser{regexp.MustCompile("b")} }
func four() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile("a"), regexp.MustCompile("b"),
		regexp.MustCompile("c"), regexp.MustCompile("d"),
	}
}
func serve(w http.ResponseWriter, r *http.Request) { made(); one(); four() }"""
    assert found(tmp_path, text, "compile-in-handler") == ["compile-in-handler warning"]


def test_requests_that_are_sent_have_bodies_of_their_own(tmp_path: Path) -> None:
    text = """import ("io"; "strings")
func sign(req *http.Request) []byte { b, _ := io.ReadAll(req.Body); return b }
func serve(w http.ResponseWriter, r *http.Request) {
	req, _ := http.NewRequest("POST", "http://x", strings.NewReader("x"))
	_ = sign(req)
}"""
    assert found(tmp_path, text, "unbounded-read") == []


def test_contexts_in_closures_that_outlive_them(tmp_path: Path) -> None:
    text = """import ("context"; "os/exec"; "golang.org/x/sync/singleflight")
var group singleflight.Group
func load(ctx context.Context) (any, error) { return nil, nil }
func serve(w http.ResponseWriter, r *http.Request) {
	cmd := exec.CommandContext(r.Context(), "sleep")
	cmd.Cancel = func() error { return exec.Command("kill").Run() }
	_, _, _ = group.Do("x", func() (any, error) { return load(context.Background()) })
	_, _ = load(context.Background())
}"""
    shown = [f for f in found(tmp_path, text, "missing-context") if not f.endswith("low")]
    assert shown == ["missing-context warning"]


def test_responses_that_named_results_give(tmp_path: Path) -> None:
    text = """func get() (resp *http.Response, err error) {
	resp, err = http.Get("http://x")
	return
}
func serve(w http.ResponseWriter, r *http.Request) { _, _ = get() }"""
    assert found(tmp_path, text, "unclosed-body") == ["unclosed-body error"]


def test_keys_that_clients_choose(tmp_path: Path) -> None:
    text = """var limiters, kinds = map[string]int{}, map[string]int{}
func serve(w http.ResponseWriter, r *http.Request) {
	ip, kind := r.RemoteAddr, r.Method
	limiters[ip] = 1
	kinds[kind] = 1
}"""
    assert found(tmp_path, text, "unbounded-cache-go") == [
        "unbounded-cache-go warning",
        "unbounded-cache-go note",
    ]


def test_functions_under_another_name(tmp_path: Path) -> None:
    text = """func serve(w http.ResponseWriter, r *http.Request) {
	get := http.Get
	resp, err := get("http://x")
	if err == nil { resp.Body.Close() }
}"""
    assert found(tmp_path, text, "missing-context") == ["missing-context warning"]


def test_a_closure_that_nobody_runs_closes_nothing(tmp_path: Path) -> None:
    text = """func serve(w http.ResponseWriter, r *http.Request) {
	resp, err := http.Get("http://x")
	if err != nil { return }
	_ = func() { resp.Body.Close() }
}"""
    assert found(tmp_path, text, "unclosed-body") == ["unclosed-body error"]


@pytest.mark.parametrize(("commands", "severity"), [(1, "warning"), (3, "note")])
def test_servers_that_a_command_starts(tmp_path: Path, commands: int, severity: str) -> None:
    more = "".join(
        f'var _ = &cobra.Command{{Use: "c{i}", Run: other}}\n' for i in range(1, commands)
    )
    text = f"""import "github.com/spf13/cobra"
var _ = &cobra.Command{{Use: "serve", Run: listen}}
{more}func other(c *cobra.Command, args []string) {{}}
func listen(c *cobra.Command, args []string) {{
	server := &http.Server{{Addr: ":80"}}
	server.ListenAndServe()
}}
func user(w http.ResponseWriter, r *http.Request) {{}}
func init() {{ http.HandleFunc("/user", user) }}
func serve(w http.ResponseWriter, r *http.Request) {{}}"""
    assert found(tmp_path, text, "missing-timeout") == [f"missing-timeout {severity}"]
