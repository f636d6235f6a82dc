"""How grave the rules about Go errors find the same code where it matters and where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.go_judged import found

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
