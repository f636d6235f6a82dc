"""A small git repository, built file by file, for tests that compare commits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SERVICE = {
    "go.mod": "module example.com/app\n\ngo 1.22\n",
    "main.go": """package main

import (
\t"net/http"

\t"example.com/app/export"
)

func index(w http.ResponseWriter, r *http.Request) {
\tw.WriteHeader(204)
}

func main() {
\thttp.HandleFunc("GET /", index)
\t_ = export.Rows
\tsrv := &http.Server{ReadHeaderTimeout: 5}
\tif err := srv.ListenAndServe(); err != nil {
\t\tpanic(err)
\t}
}
""",
    "export/export.go": """package export

import "os"

func Rows(path string) error {
\tf, err := os.Create(path)
\tif err != nil {
\t\treturn err
\t}
\tdefer f.Close()
\t_, err = f.WriteString("rows")
\treturn err
}
""",
}
ROUTE = """
func rows(w http.ResponseWriter, r *http.Request) {
\tif err := export.Rows("/tmp/rows"); err != nil {
\t\tw.WriteHeader(500)
\t}
}
"""


class Repo:
    """A work tree with its git repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "tester")
        self.git("config", "user.email", "tester@example.com")
        self.git("config", "commit.gpgsign", "false")

    def git(self, *args: str, env: dict[str, str] | None = None) -> str:
        """Run git here; raises CalledProcessError."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        done = subprocess.run(
            ["git", *args],
            cwd=self.root,
            check=True,
            capture_output=True,
            text=True,
            env={**clean, **(env or {})},
        )
        return done.stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        """Write files below the root."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def commit(self, files: dict[str, str] | None = None, message: str = "change") -> str:
        """Write, stage and commit everything; returns the commit id."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-m", message)
        return self.git("rev-parse", "HEAD")


def with_route(text: str) -> str:
    """The service's main file with a route that reaches the export."""
    registered = text.replace("\t_ = export.Rows\n", '\thttp.HandleFunc("POST /rows", rows)\n')
    return registered + ROUTE
