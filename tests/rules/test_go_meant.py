"""What Go code does on purpose, or cannot go wrong, and its neighbours that can."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.test_go_judgements import found


def test_the_end_that_a_signal_asks_for(tmp_path: Path) -> None:
    text = """import ("log"; "os"; "os/signal"; "time")
func serve(w http.ResponseWriter, r *http.Request) {}
func watch() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	<-c
	time.AfterFunc(time.Second, func() { log.Fatal("too slow") })
	<-c
}
func work() { time.AfterFunc(time.Second, func() { log.Fatal("no") }) }
func init() {
	go watch()
	go work()
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	http.HandleFunc("/x", func(w http.ResponseWriter, r *http.Request) { os.Exit(1) })
}"""
    shown = [f.split()[1] for f in found(tmp_path, text, "fatal-outside-main")]
    assert shown == ["note", "warning", "error"]


def test_assertions_on_what_a_list_was_filled_with(tmp_path: Path) -> None:
    text = """import "encoding/json"
func count(names []string) (n int) {
	rows := []map[string]any{}
	for _, name := range names {
		row := make(map[string]any)
		row["name"] = name
		rows = append(rows, row)
		n += len(rows[0]["name"].(string))
	}
	return n
}
func decoded(data []byte) string {
	rows := []map[string]any{}
	row := decode(data)
	rows = append(rows, row)
	return rows[0]["name"].(string)
}
func decode(data []byte) (row map[string]any) { _ = json.Unmarshal(data, &row); return row }
func serve(w http.ResponseWriter, r *http.Request) { _, _ = count(nil), decoded(nil) }"""
    expected = ["unchecked-assertion note low", "unchecked-assertion error"]
    assert found(tmp_path, text, "unchecked-assertion") == expected


def test_lost_errors_of_a_response(tmp_path: Path) -> None:
    text = """import ("encoding/json"; "os")
func serve(w http.ResponseWriter, r *http.Request) {
	err := os.Chdir("x")
	if err != nil { return }
	err = json.NewEncoder(w).Encode(1)
}
func save() {
	err := os.Chdir("x")
	if err != nil { return }
	err = os.Chdir("y")
}
func init() { http.HandleFunc("/x", func(http.ResponseWriter, *http.Request) { save() }) }"""
    expected = ["overwritten-error note", "overwritten-error warning"]
    assert found(tmp_path, text, "overwritten-error") == expected


MEANT = {
    "a spawn that runs once": (
        "unbounded-goroutines",
        """import ("bufio"; "sync")
func serve(w http.ResponseWriter, r *http.Request) {
	var once sync.Once
	in := bufio.NewReader(r.Body)
	for {
		line, err := in.ReadString(10)
		if err != nil { return }
		go once.Do(func() {})
		go print(line)
	}
}""",
        ["unbounded-goroutines warning"],
    ),
    "headers alone": (
        "unclosed-body",
        """func serve(w http.ResponseWriter, r *http.Request) {
	_, _ = http.Head("http://x")
	resp, err := http.DefaultClient.Head("http://x")
	if err == nil { print(resp.Status) }
	http.DefaultClient.Head("http://x")
	http.DefaultClient.Get("http://x")
}""",
        ["unclosed-body error"],
    ),
    "what middleware kept": (
        "unchecked-assertion",
        """import "github.com/gin-gonic/gin"
func log(p gin.LogFormatterParams, data map[string]any) {
	print(p.Keys["id"].(string))
	print(data["id"].(string))
}
func serve(w http.ResponseWriter, r *http.Request) { log(gin.LogFormatterParams{}, nil) }""",
        ["unchecked-assertion note low", "unchecked-assertion error"],
    ),
    "a level that ends": (
        "fatal-outside-main",
        """import "os"
const levelFatal = 3
func log(level int, text string) {
	if level == levelFatal { os.Exit(1) }
	if text == "" { os.Exit(2) }
}
func serve(w http.ResponseWriter, r *http.Request) { log(1, "x") }""",
        ["fatal-outside-main error"],
    ),
}


@pytest.mark.parametrize("case", MEANT)
def test_what_is_meant(tmp_path: Path, case: str) -> None:
    rule, text, expected = MEANT[case]
    assert found(tmp_path, text, rule) == expected


@pytest.mark.parametrize(
    ("status", "severity"), [("0", "note"), ("exitSuccess", "note"), ("1", "error"), ("n", "error")]
)
def test_ends_with_success_are_asked_for(tmp_path: Path, status: str, severity: str) -> None:
    text = f"""import "os"
const exitSuccess = 0
var n int
func serve(w http.ResponseWriter, r *http.Request) {{ os.Exit({status}) }}
var _ = n + exitSuccess"""
    assert found(tmp_path, text, "fatal-outside-main") == [f"fatal-outside-main {severity}"]


@pytest.mark.parametrize(("limit", "severity"), [("limited", "note"), ("traced", "warning")])
def test_a_limit_of_any_make_bounds_bodies(tmp_path: Path, limit: str, severity: str) -> None:
    text = f"""import "io"
func {limit}(body io.ReadCloser) io.ReadCloser {{ return body }}
func bounded(next http.Handler) http.Handler {{
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {{
		r.Body = {limit}(r.Body)
		next.ServeHTTP(w, r)
	}})
}}
func serve(w http.ResponseWriter, r *http.Request) {{ _, _ = io.ReadAll(r.Body) }}"""
    assert found(tmp_path, text, "unbounded-read") == [f"unbounded-read {severity}"]
