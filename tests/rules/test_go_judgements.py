"""How grave the Go rules find what they see: the same code where it matters, where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.finding import Confidence
from archlint.session import Options, check

HEAD = """package main

import "net/http"

func main() { http.HandleFunc("/", serve) }
"""
FILE = {
    "lock": (
        """import "os"
func flock(f *os.File) error { return nil }
func serve(w http.ResponseWriter, r *http.Request) {
	f, err := os.OpenFile("x.lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil { return }
	defer f.Close()
	_ = flock(f)
}""",
        ["unchecked-error note"],
    ),
    "removed by the path that came with it": (
        """import ("io"; "os")
func temporary() (string, *os.File, error) {
	f, err := os.CreateTemp("", "x")
	return f.Name(), f, err
}
func serve(w http.ResponseWriter, r *http.Request) {
	path, f, err := temporary()
	if err != nil { return }
	defer os.Remove(path)
	defer f.Close()
	if _, err := io.Copy(f, r.Body); err != nil { return }
}""",
        ["unchecked-error note", "unchecked-error note"],
    ),
    "a process's own file": (
        """import ("fmt"; "os")
func serve(w http.ResponseWriter, r *http.Request) {
	path := fmt.Sprintf("/proc/%d/oom_score_adj", 1)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil { return }
	defer f.Close()
	if _, err := fmt.Fprint(f, 1); err != nil { return }
}""",
        ["unchecked-error note"],
    ),
    "only resized": (
        """import "os"
func serve(w http.ResponseWriter, r *http.Request) {
	f, err := os.OpenFile("x", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil { return }
	defer f.Close()
	if err := f.Truncate(1 << 20); err != nil { return }
}""",
        ["unchecked-error note"],
    ),
    "only read": (
        """import ("io"; "os")
func serve(w http.ResponseWriter, r *http.Request) {
	f, err := os.OpenFile("x", os.O_RDWR, 0o600)
	if err != nil { return }
	defer f.Close()
	if _, err := io.Copy(w, f); err != nil { return }
}""",
        ["unchecked-error note"],
    ),
    "waited for beside others": (
        """import "time"
func serve(w http.ResponseWriter, r *http.Request) {
	failed := make(chan error)
	select {
	case <-failed:
	case <-time.After(time.Second):
	}
}""",
        ["unchecked-error note low"],
    ),
    "cleared away after a failure": (
        """import ("log"; "os")
type bundle struct{}
func (b *bundle) Delete() error { return os.Chdir("x") }
func load(b *bundle) error {
	if err := b.Delete(); err != nil {
		b.Delete()
		log.Print(err)
		return nil
	}
	b.Delete()
	return nil
}
func serve(w http.ResponseWriter, r *http.Request) { _ = load(&bundle{}) }""",
        ["unchecked-error note", "unchecked-error warning"],
    ),
    "options of a connection": (
        """import "net"
func serve(w http.ResponseWriter, r *http.Request) {
	var c *net.TCPConn
	c.SetKeepAlive(true)
	c.SetNoDelay(true)
	c.CloseWrite()
}""",
        ["unchecked-error note", "unchecked-error note", "unchecked-error warning"],
    ),
    "what never fails": (
        """import "os"
type store map[string]string
func (s store) Set(key string) error { s[key] = key; return nil }
func (s store) Save(key string) error {
	if key == "" { return os.Chdir(key) }
	return nil
}
func serve(w http.ResponseWriter, r *http.Request) {
	s := store{}
	s.Set("x")
	s.Save("x")
}""",
        ["unchecked-error note low", "unchecked-error warning"],
    ),
    "messages to a client": (
        """import "github.com/gorilla/websocket"
func serve(w http.ResponseWriter, r *http.Request) {
	var c *websocket.Conn
	c.WriteJSON("x")
}""",
        ["unchecked-error note"],
    ),
    "kept": (
        """import ("io"; "os")
func serve(w http.ResponseWriter, r *http.Request) {
	f, err := os.Create("x")
	if err != nil { return }
	defer f.Close()
	if _, err := io.Copy(f, r.Body); err != nil { return }
}""",
        ["unchecked-error error"],
    ),
}
SWALLOWED = {
    "plain": ("", ["swallowed-error-go warning"]),
    "logged": ('log.Printf("not saved")', ["swallowed-error-go note low"]),
    "answered": ('http.Error(w, "no", 500)', ["swallowed-error-go note low"]),
    "handled somehow": ("tidy()", ["swallowed-error-go note"]),
}
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


def found(tmp_path: Path, text: str, *rules: str) -> list[str]:
    """What the rules say of a program: rule, severity and a low confidence, by place."""
    (tmp_path / "go.mod").write_text("module example.com/shop\n\ngo 1.24\n")
    imports, _, rest = text.partition("\n") if text.startswith("import") else ("", "", text)
    source = HEAD.replace('import "net/http"\n', f'import "net/http"\n{imports}\n') + rest
    (tmp_path / "main.go").write_text(source + "\n")
    options = Options(select=rules, min_confidence=Confidence.LOW, cache=False, jobs=1)
    return [
        f"{f.rule} {f.severity}{' low' if f.confidence is Confidence.LOW else ''}"
        for f in check(tmp_path, options).findings
    ]


@pytest.mark.parametrize("case", FILE)
def test_closes_of_written_files(tmp_path: Path, case: str) -> None:
    text, expected = FILE[case]
    assert found(tmp_path, text, "unchecked-error") == expected


@pytest.mark.parametrize("case", SWALLOWED)
def test_branches_that_return_nil(tmp_path: Path, case: str) -> None:
    branch, expected = SWALLOWED[case]
    text = f"""import ("errors"; "log")
var _ = log.Print
func tidy() {{}}
func save() error {{ return errors.New("x") }}
func both(w http.ResponseWriter) error {{
	if err := save(); err != nil {{
		{branch}
		return nil
	}}
	return nil
}}
func serve(w http.ResponseWriter, r *http.Request) {{ _ = both(w) }}"""
    assert found(tmp_path, text, "swallowed-error-go") == expected


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


def test_ends_of_the_process(tmp_path: Path) -> None:
    text = """import "os"
func crash() { if r := recover(); r != nil { os.Exit(2) } }
func serve(w http.ResponseWriter, r *http.Request) {
	defer func() { if p := recover(); p != nil { os.Exit(1) } }()
	failWith()
	end()
}
func failWith() { os.Exit(1) }
func end() { os.Exit(1) }"""
    assert found(tmp_path, text, "fatal-outside-main") == [
        "fatal-outside-main note",
        "fatal-outside-main error",
    ]


def test_aborting_a_response_is_no_panic_of_an_error(tmp_path: Path) -> None:
    text = """func serve(w http.ResponseWriter, r *http.Request) {
	defer cut()
	panic(http.ErrAbortHandler)
}
func cut() {}"""
    assert found(tmp_path, text, "panic-in-library") == []


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


def test_errors_that_only_end_a_loop(tmp_path: Path) -> None:
    text = """import "bufio"
func try() error { return nil }
func all() error {
	for {
		if err := try(); err != nil {
			break
		}
	}
	return nil
}
func lines(in *bufio.Reader) error {
	for {
		_, err := in.ReadString(10)
		if err != nil { break }
	}
	return nil
}
func serve(w http.ResponseWriter, r *http.Request) { _, _ = all(), lines(nil) }"""
    expected = ["swallowed-error-go note", "swallowed-error-go note low"]
    assert found(tmp_path, text, "swallowed-error-go") == expected


def test_a_closure_that_nobody_runs_closes_nothing(tmp_path: Path) -> None:
    text = """func serve(w http.ResponseWriter, r *http.Request) {
	resp, err := http.Get("http://x")
	if err != nil { return }
	_ = func() { resp.Body.Close() }
}"""
    assert found(tmp_path, text, "unclosed-body") == ["unclosed-body error"]
