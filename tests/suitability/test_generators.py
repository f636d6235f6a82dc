"""A step of the build that looks at a server's routes takes none of them away."""

from __future__ import annotations

from pathlib import Path

from archlint import report

FILES = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n",
    "routes/routes.go": """package routes

import "net/http"

func Set(mux *http.ServeMux) {
	mux.HandleFunc("/a", func(w http.ResponseWriter, r *http.Request) { w.Write(nil) })
	mux.HandleFunc("/b", func(w http.ResponseWriter, r *http.Request) { w.Write(nil) })
}
""",
    "cmd/gen-api/main.go": """package main

import (
	"net/http"

	"example.com/shop/routes"
)

func main() { routes.Set(http.NewServeMux()) }
""",
    "server/server.go": """package server

import (
	"net/http"

	"example.com/shop/routes"
)

type Settings struct{ Address string }

func Serve(at Settings) {
	mux := http.NewServeMux()
	routes.Set(mux)
	http.ListenAndServe(at.Address, mux)
}
""",
    "cmd/shop-server/main.go": """package main

import (
	"os"
	"plugin"

	"example.com/shop/server"
)

func main() {
	found, _ := plugin.Open(os.Args[1])
	run, _ := found.Lookup("Run")
	run.(func(any))(server.Settings{Address: ":80"})
}
""",
}


def test_the_routes_stay_with_the_server(tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    units = {unit.component.name: unit for unit in report(tmp_path).units}
    assert units["gen-api"].verdict.kind == "not-assessed"
    assert units["shop-server"].counted == 2
