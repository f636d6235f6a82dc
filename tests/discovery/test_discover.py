"""Discovery of whole trees: manifests, documents, components."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.config import Config
from archlint.discovery import discover
from archlint.discovery.files import WorkTree
from archlint.model.workspace import Component, Workspace


def tree(root: Path, files: dict[str, str | dict[str, object]]) -> Workspace:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        (root / path).write_text(text)
    return discover(WorkTree(root), Config())


def component(root: Path, files: dict[str, str | dict[str, object]]) -> Component:
    (only,) = tree(root, files).components
    return only


def test_service_with_delegated_start(tmp_path: Path) -> None:
    found = component(
        tmp_path,
        {
            "package.json": {
                "name": "shop",
                "main": "client/index.js",
                "scripts": {"start": "npm run serve:app", "serve:app": "node server/main.js"},
                "dependencies": {"express": "^4.0.0"},
            },
            "client/index.js": "",
            "server/main.js": "",
            "docker/Dockerfile": "FROM node:22\n",
        },
    )
    assert (found.name, found.kind, found.runtime) == ("shop", "service", "node")
    assert found.mains == ("server/main.js", "client/index.js")
    assert found.frameworks == ("express",)
    assert found.dockerfile == "docker/Dockerfile"


@pytest.mark.parametrize(
    ("manifest", "main", "kind"),
    [
        ({"bin": {"x": "main.js"}, "dependencies": {"commander": "1"}}, "", "cli"),
        ({"main": "main.js", "exports": "./main.js"}, "", "library"),
        ({"private": True, "dependencies": {"vue": "3"}}, "", "frontend"),
        ({"scripts": {"start": "node main.js"}, "dependencies": {"bullmq": "5"}}, "", "worker"),
        ({"scripts": {"start": "node main.js"}}, "require('http').createServer()", "service"),
        ({"dependencies": {"fastify": "5"}, "main": "main.js", "private": True}, "", "service"),
        ({"main": "main.js", "dependencies": {"express": "4"}}, "", "library"),
        ({"private": True, "scripts": {"build": "node main.js"}}, "", "tool"),
        (
            {"main": "main.js", "devDependencies": {"vite": "7"}, "scripts": {"b": "vite build"}},
            "",
            "library",
        ),
        ({"devDependencies": {"vite": "7"}, "scripts": {"dev": "vite --host"}}, "", "frontend"),
        (
            {
                "private": True,
                "scripts": {"start": "node ./node_modules/@angular/cli/bin/ng serve --ssl true"},
                "dependencies": {"@angular/core": "21"},
            },
            "",
            "frontend",
        ),
    ],
)
def test_kinds_of_packages(
    tmp_path: Path, manifest: dict[str, object], main: str, kind: str
) -> None:
    found = component(tmp_path, {"package.json": {"name": "x", **manifest}, "main.js": main})
    assert found.kind == kind


def test_a_library_that_a_service_copies_into_its_image_is_no_service(tmp_path: Path) -> None:
    files: dict[str, str | dict[str, object]] = {
        "package.json": {"name": "mono", "private": True, "workspaces": ["apps/*", "libs/*"]},
        "apps/api/package.json": {
            "name": "@x/api",
            "private": True,
            "dependencies": {"express": "5", "@x/queue": "*", "@x/text": "*"},
        },
        "apps/api/index.js": "",
        "apps/api/Dockerfile": "FROM node:22\nCOPY libs/queue lib\nCOPY libs/text lib\n",
        "apps/jobs/package.json": {"name": "@x/jobs", "private": True},
        "apps/jobs/index.js": "",
        "libs/queue/package.json": {
            "name": "@x/queue",
            "private": True,
            "dependencies": {"bullmq": "5"},
        },
        "libs/queue/index.js": "",
        "libs/text/package.json": {"name": "@x/text", "private": True},
        "libs/text/index.js": "",
        "jobs.Dockerfile": "FROM node:22\nCOPY apps/jobs .\nCOPY libs libs\n",
        ".devcontainer/Dockerfile": "FROM node:22\n",
    }
    found = {c.name: (c.kind, c.dockerfile) for c in tree(tmp_path, files).components}
    assert found == {
        "@x/api": ("service", "apps/api/Dockerfile"),
        "@x/jobs": ("worker", "jobs.Dockerfile"),
        "@x/queue": ("library", ""),
        "@x/text": ("library", ""),
    }


def test_typed_calls_make_a_service_unless_pages_are_bundled(tmp_path: Path) -> None:
    dependencies = {"@orpc/server": "1", "react": "19"}
    manifest: dict[str, object] = {"name": "p", "private": True, "dependencies": dependencies}
    files: dict[str, str | dict[str, object]] = {"package.json": manifest, "src/router.ts": ""}
    assert component(tmp_path, files).kind == "service"
    bundled: dict[str, object] = {**manifest, "devDependencies": {"vite": "7"}}
    assert component(tmp_path, {"package.json": bundled}).kind == "frontend"


def test_next_with_and_without_routes(tmp_path: Path) -> None:
    manifest: dict[str, object] = {"name": "w", "dependencies": {"next": "15", "react": "19"}}
    files: dict[str, str | dict[str, object]] = {"package.json": manifest, "pages/index.tsx": ""}
    assert component(tmp_path, files).kind == "frontend"
    assert component(tmp_path, {"pages/api/users.ts": ""}).kind == "service"


def test_workspaces_of_every_manager(tmp_path: Path) -> None:
    found = tree(
        tmp_path,
        {
            "package.json": {"name": "mono", "private": True},
            "pnpm-workspace.yaml": "packages:\n  - 'packages/*'\n",
            "lerna.json": {"packages": ["modules/*"]},
            "packages/a/package.json": {"name": "a", "main": "dist/index.js"},
            "packages/a/src/index.ts": "",
        },
    )
    assert found.packages[0].workspaces == ("packages/*", "modules/*")
    assert [(c.name, c.kind, c.mains) for c in found.components] == [
        ("a", "library", ("packages/a/src/index.ts",))
    ]


def test_go_commands_and_libraries(tmp_path: Path) -> None:
    found = tree(
        tmp_path,
        {
            "go.mod": "module example.com/acme/api/v2\n\ngo 1.24\n",
            "main.go": "// Command.\npackage main\n\nfunc main() { http.ListenAndServe() }\n",
            "cmd/ctl/main.go": "package main\n",
            "cmd/ctl/gen.go": "//go:build ignore\n\npackage gen\n",
            "internal/db/db.go": "package db\n",
            "lib/go.mod": "module example.com/acme/lib\n",
            "lib/lib.go": "package lib\n",
            "examples/demo/main.go": "package main\n",
        },
    )
    assert [(c.name, c.root, c.kind) for c in found.components] == [
        ("api", "", "service"),
        ("ctl", "cmd/ctl", "cli"),
        ("demo", "examples/demo", "tool"),
        ("lib", "lib", "library"),
    ]


def test_vendored_go_is_in_the_tree_but_not_parsed(tmp_path: Path) -> None:
    found = tree(
        tmp_path,
        {
            "go.mod": "module m\n",
            "m.go": "package m\n",
            "vendor/modules.txt": "# x v1\n",
            "vendor/x/x.go": "package x\n",
        },
    )
    assert [f.path for f in found.files] == ["m.go"]
    assert "vendor/x/x.go" in found.tree
    assert found.go_modules[0].has_vendor


def test_vendored_go_is_told_by_its_folder_alone(tmp_path: Path) -> None:
    found = tree(
        tmp_path,
        {
            "vendor.mod": "module m\n",
            "m.go": "package m\n",
            "vendor/x/x.go": "package x\n",
            "tool/vendor/x/x.js": "f()\n",
            "tool/vendor/x/x.go": "package x\n",
            "web/vendor/lib.js": "f()\n",
        },
    )
    assert [f.path for f in found.files] == ["m.go", "web/vendor/lib.js"]


def test_broken_manifests_are_reported_and_cost_nothing_else(tmp_path: Path) -> None:
    found = tree(
        tmp_path,
        {
            "package.json": "[",
            "a/package.json": {"name": "a", "main": "i.js", "exports": "./i.js"},
            "a/i.js": "",
            "go.mod": "require (\n",
            "tsconfig.json": "{",
            "pnpm-lock.yaml": "\0",
        },
    )
    assert [p.name for p in found.packages] == ["a"]
    assert {s.path for s in found.skipped} == {
        "package.json",
        "go.mod",
        "tsconfig.json",
        "pnpm-lock.yaml",
    }


def test_utf16_documents_and_scripts_without_extension(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_bytes(b"\xff\xfe" + '{"name":"u"}'.encode("utf-16-le"))
    found = tree(tmp_path, {"bin/run": "#!/usr/bin/env node\n", "bin/other": "#!/bin/sh\n"})
    assert [p.name for p in found.packages] == ["u"]
    assert [(f.path, f.language) for f in found.files] == [("bin/run", "javascript")]


@pytest.mark.parametrize(
    ("name", "main", "kind"),
    [
        ("registry-template", "package main\n", "cli"),
        ("image-registry", "package main\n", "service"),
        ("querygen", "package main\n\nconst head = `// Code generated. DO NOT EDIT.`\n", "tool"),
        ("manual", "//go:build manpages\n\npackage main\n", "tool"),
        ("agentd", "//go:build linux\n\npackage main\n", "cli"),
        ("gen-api", "package main\n\nfunc main() { write(routes(chi.NewRouter())) }\n", "tool"),
        ("gen-api", "package main\n\nfunc main() { http.ListenAndServe(a, b) }\n", "service"),
        ("core", "package main\n\nfunc main() { mgr, err := ctrl.NewManager(c, o) }\n", "worker"),
        ("editor", "package main\n\nconst hint = `DO NOT EDIT below this line`\n", "cli"),
    ],
)
def test_kinds_of_go_commands(tmp_path: Path, name: str, main: str, kind: str) -> None:
    files: dict[str, str | dict[str, object]] = {
        "go.mod": "module example.com/x\n",
        f"cmd/{name}/main.go": main,
    }
    assert {c.name: c.kind for c in tree(tmp_path, files).components}[name] == kind
