"""The whole way on small repos: from source to verdict, both runtimes."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint import report
from archlint.model.suitability import SuitabilityReport, Unit, decode_report, encode_report
from archlint.render.report import render_report
from archlint.suitability.diff import compare

PACKAGE = '{"name": "app", "main": "index.js", "scripts": {"start": "node index.js"}, '
PACKAGE += '"dependencies": {"express": "^5.0.0", "pdfkit": "1", "axios": "1"}}'
ROUTES = """
const express = require('express')
const axios = require('axios')
const { invoice } = require('./lib/invoice')
const app = express()
app.get('/rates', async (req, res) => { res.json((await axios.get('https://x/rates')).data) })
app.get('/users', async (req, res) => { res.json((await axios.get('https://x/users')).data) })
app.get('/invoice', (req, res) => { res.send(invoice(req.query.id)) })
app.listen(3000)
"""
INVOICE = """
const PDFDocument = require('pdfkit')
exports.invoice = function invoice (id) {
  const doc = new PDFDocument()
  doc.text(id)
  return doc
}
"""
GO = """package main

import (
	"compress/gzip"
	"net/http"
)

func pack(w http.ResponseWriter, r *http.Request) {
	out := gzip.NewWriter(w)
	out.Write([]byte("x"))
	out.Close()
}

func ping(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }

func main() {
	http.HandleFunc("/pack", pack)
	http.HandleFunc("/ping", ping)
	http.ListenAndServe(":80", nil)
}
"""


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def made(root: Path) -> SuitabilityReport:
    return report(root, cache=False, jobs=1)


def only(found: SuitabilityReport) -> Unit:
    assert len(found.units) == 1
    return found.units[0]


def signal(unit: Unit, name: str):
    return next(s for part in unit.dimensions for s in part.signals if s.id == name)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    files = {"package.json": PACKAGE, "index.js": ROUTES, "lib/invoice.js": INVOICE}
    return tree(tmp_path / "app", files)


def test_heavy_work_on_one_of_three_routes_is_to_be_isolated(node):
    unit = only(made(node))
    cpu = signal(unit, "workload.cpu")
    assert (cpu.k, cpu.n) == (1, 3)
    assert (signal(unit, "workload.io").k, unit.verdict.kind) == (2, "isolate")
    assert unit.verdict.subject == "lib/invoice.js"
    assert unit.verdict.remedies


def test_evidence_has_place_trace_frame_and_guide(node):
    best = only(made(node)).moving[0]
    assert (best.path, best.line) == ("lib/invoice.js", 4)
    assert [hop.label for hop in best.trace][:2] == ["GET /invoice", "invoice"]
    assert best.frame is not None
    assert best.frame.lines[best.frame.mark - best.frame.start].strip().startswith("const doc")
    assert 91 in best.guide


def test_work_in_a_worker_leaves_the_event_loop_free(node):
    worker = (
        "const { invoice } = require('./invoice')\nprocess.on('message', (id) => invoice(id))\n"
    )
    routes = ROUTES.replace("const { invoice } = require('./lib/invoice')", "")
    routes = routes.replace(
        "res.send(invoice(req.query.id))",
        "require('child_process').fork('./lib/worker.js').send(req.query.id); res.end()",
    )
    tree(node, {"index.js": routes, "lib/worker.js": worker})
    unit = only(made(node))
    assert signal(unit, "workload.cpu").k in {0, None}
    assert unit.verdict.kind != "isolate"


def test_a_go_service_with_compression(tmp_path):
    files = {"go.mod": "module example.com/pack\n\ngo 1.23\n", "main.go": GO}
    unit = only(made(tree(tmp_path / "pack", files)))
    cpu = signal(unit, "workload.cpu")
    assert (cpu.k, cpu.n, unit.component.runtime) == (1, 2, "go")
    assert unit.verdict.kind in {"fits", "fits-with-changes"}
    assert not signal(unit, "concurrency.isolated").applicable


def test_what_cannot_be_seen_is_unknown_and_never_zero(node):
    unit = only(made(node))
    tree_ = signal(unit, "dependencies.tree")
    assert tree_.value is None
    assert tree_.why_unknown
    assert unit.lean is not None
    assert unit.lean.coverage < 1
    assert unit.lean.high > unit.lean.low


def test_a_library_gets_no_verdict_on_its_runtime(tmp_path):
    files = {
        "package.json": '{"name": "lib", "main": "index.js", "version": "1.0.0"}',
        "index.js": "exports.add = (a, b) => a + b\n",
    }
    unit = only(made(tree(tmp_path / "lib", files)))
    assert unit.verdict.kind in {"insufficient-evidence", "not-assessed"}


def test_a_missing_await_never_moves_the_lean(node):
    before = only(made(node))
    tree(node, {"index.js": ROUTES.replace("(await axios.get('https://x/users')).data", "1")})
    text = (node / "index.js").read_text()
    tree(
        node, {"index.js": text.replace("res.json(1)", "axios.get('https://x/users'); res.json(1)")}
    )
    after = only(made(node))
    assert after.lean == before.lean


def test_two_runs_are_byte_identical(node):
    one, other = encode_report(made(node)), encode_report(made(node))
    assert one == other
    assert decode_report(one) == made(node)
    assert str(node).encode() not in one


def test_a_diff_says_what_moved(node):
    before = made(node)
    tree(node, {"index.js": ROUTES.replace("res.send(invoice(req.query.id))", "res.end()")})
    delta = compare(before, made(node))
    assert [m.before for m in delta.verdicts] == ["isolate"]
    assert "workload.cpu" in {m.signal for m in delta.signals}
    assert compare(before, before).verdicts == ()


def test_work_of_the_first_set_up_makes_no_verdict(tmp_path: Path) -> None:
    routes = ROUTES.replace("'/invoice'", "'/setup'")
    files = {"package.json": PACKAGE, "index.js": routes, "lib/invoice.js": INVOICE}
    assert only(made(tree(tmp_path, files))).verdict.kind != "isolate"


SERVER = """package server

import (
	"net/http"
	"net/smtp"
	"os"
)

func pack(w http.ResponseWriter, r *http.Request) {
	client := &http.Client{}
	request, _ := http.NewRequest("GET", "http://x", nil)
	client.CloseIdleConnections()
	client.Do(request)
	_ = smtp.PlainAuth("", "", "", "")
	os.Stat(r.URL.Path)
}

func Run() {
	http.HandleFunc("/pack", pack)
	http.ListenAndServe(":80", nil)
}
"""


def test_a_command_that_serves_is_called_a_service_and_counts_what_the_verdict_counts(tmp_path):
    main = 'package main\n\nimport "example.com/pack/server"\n\nfunc main() { server.Run() }\n'
    files = {"go.mod": "module example.com/pack\n\ngo 1.23\n", "cmd/x/main.go": main}
    found = made(tree(tmp_path / "pack", {**files, "server/server.go": SERVER}))
    unit = only(found)
    assert (unit.component.kind, unit.counted) == ("service", 1)
    assert len(unit.component.entry_points) > 1
    assert "| 1 |" in render_report(found, "markdown")


def test_evidence_is_shown_where_the_work_is_done(tmp_path):
    main = SERVER.replace("package server", "package main").replace("func Run", "func main")
    unit = only(
        made(tree(tmp_path / "pack", {"go.mod": "module example.com/pack\n", "main.go": main}))
    )
    texts = [item.text for item in unit.moving]
    assert any("net/http.Client.Do" in text for text in texts), texts
    assert not any(text.startswith("Mail") for text in texts)


def test_no_change_of_thread_is_proposed_to_go(tmp_path):
    main = GO.replace("out.Write(", "go func() { panic(1) }()\n\tout.Write(")
    main = main.replace('"net/http"\n', '"net/http"\n\t"os"\n')
    main = main.replace("w.WriteHeader(204)", 'f, _ := os.Create("x"); f.Write(nil); f.Close()')
    files = {"go.mod": "module example.com/pack\n\ngo 1.23\n", "main.go": main}
    unit = only(made(tree(tmp_path / "pack", files)))
    assert unit.verdict.kind == "fits-with-changes"
    assert unit.verdict.changes
    assert not any("calling thread" in change for change in unit.verdict.changes)


def test_missing_evidence_has_no_firmness(tmp_path):
    files = {"package.json": '{"name": "a", "main": "index.js"}', "index.js": "exports.a = 1\n"}
    found = made(tree(tmp_path / "a", files))
    assert only(found).verdict.kind == "insufficient-evidence"
    for form in ("text", "markdown", "html"):
        assert "firm" not in render_report(found, form).partition("Not enough evidence")[2][:200]


def test_a_folder_without_components_says_so(tmp_path):
    found = made(tree(tmp_path / "empty", {"README.md": "x"}))
    for form in ("text", "markdown", "html"):
        assert "No component found" in render_report(found, form)


def test_a_command_that_only_imports_a_server_serves_nobody(tmp_path):
    main = 'package main\n\nimport "example.com/pack/server"\n\nfunc main() { CALL }\n'
    server = SERVER.replace(
        "client.Do(request)",
        'go func() { panic(1) }()\n\tf, _ := os.Create("x")\n\tf.Write(nil)\n\tf.Close()',
    )
    server += "\n// Limit is a setting.\nconst Limit = 3\n"
    files = {
        "go.mod": "module example.com/pack\n\ngo 1.23\n",
        "cmd/x/main.go": main.replace("CALL", "server.Run()"),
        "cmd/y/main.go": main.replace("CALL", "println(server.Limit)"),
        "server/server.go": server,
    }
    units = {unit.component.name: unit for unit in made(tree(tmp_path / "pack", files)).units}
    assert {name: unit.component.kind for name, unit in units.items()} == {
        "x": "service",
        "y": "cli",
    }
    assert (units["x"].verdict.kind, units["y"].verdict.kind) == ("fits-with-changes", "fits")
    assert not any("/pack" in e.label for p in units["y"].moving for e in p.trace)


ROUTE = "app.get('/{0}', async (req) => (await fetch('https://x/{0}')).json());\n"


@pytest.mark.parametrize(
    ("routes", "listens", "counted"), [(5, True, 5), (4, True, 0), (5, False, 0)]
)
def test_a_library_that_opens_the_port_is_the_server_of_who_starts_it(
    tmp_path: Path, routes: int, listens: bool, counted: int
) -> None:
    server = "import Fastify from 'fastify';\nexport const app = Fastify();\n"
    server += "".join(ROUTE.format(name) for name in "abcdefgh"[:routes])
    server += "export const start = () => app.listen({ port: 1 });\n" if listens else ""
    files = {
        "package.json": '{"name": "root", "private": true, "workspaces": ["packages/*"]}',
        "packages/api/package.json": '{"name": "@x/api", "type": "module", "version": "1.0.0",'
        ' "main": "index.js", "dependencies": {"fastify": "5.0.0"}}',
        "packages/api/index.js": "export * from './server.js';\n",
        "packages/api/server.js": server,
        "packages/cli/package.json": '{"name": "x", "type": "module", "version": "1.0.0",'
        ' "bin": "run.js", "dependencies": {"@x/api": "*"}}',
        "packages/cli/run.js": "#!/usr/bin/env node\nimport { start } from '@x/api';\nstart();\n",
    }
    units = {unit.component.name: unit for unit in made(tree(tmp_path, files)).units}
    assert units["@x/api"].component.kind == "library"
    assert units["@x/api"].counted == counted
