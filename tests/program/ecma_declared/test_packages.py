"""Where declaration files of installed packages are found, and where they are not looked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.extract.declared import file
from archlint.program.ecma_declared import Declarations
from archlint.program.ecma_declared import packages as limits

PROMISE = "export declare function go(): Promise<void>;\n"


def install(
    root: Path, name: str, manifest: dict[str, Any], files: dict[str, str], below: str = ""
) -> Path:
    """Write a package into a node_modules folder by hand."""
    folder = root / below / "node_modules" / name
    for path, text in {"package.json": json.dumps(manifest), **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def go(root: Path, name: str = "npm:kit.go", path: str = "src/a.ts") -> str:
    return Declarations(str(root)).kind(name, path)


@pytest.mark.parametrize(
    ("manifest", "file"),
    [
        ({"types": "lib/x.d.ts"}, "lib/x.d.ts"),
        ({"typings": "./lib/x"}, "lib/x.d.ts"),
        ({"main": "dist/main.js"}, "dist/main.d.ts"),
        ({}, "index.d.ts"),
        ({"types": "lib"}, "lib/index.d.ts"),
        ({"exports": {".": {"types": "./t/i.d.ts", "default": "./i.js"}}}, "t/i.d.ts"),
        ({"exports": {".": {"import": {"types": "./i.d.mts"}}}}, "i.d.mts"),
        ({"exports": {"import": "./i.mjs"}}, "i.d.mts"),
        ({"exports": "./esm/i.js"}, "esm/i.d.ts"),
        ({"types": "i.d.ts", "typesVersions": {">=4": {"*": ["new/*"]}}}, "new/i.d.ts"),
    ],
)
def test_the_main_declarations(tmp_path: Path, manifest: dict[str, Any], file: str) -> None:
    install(tmp_path, "kit", manifest, {file: PROMISE})
    assert go(tmp_path) == "promise"


@pytest.mark.parametrize(
    ("manifest", "file", "name"),
    [
        ({}, "sub.d.ts", "npm:kit/sub.go"),
        ({}, "sub/index.d.ts", "npm:kit/sub.go"),
        ({}, "deep/sub.d.ts", "npm:kit/deep/sub.js.go"),
        ({"exports": {"./sub": {"types": "./d/s.d.ts"}}}, "d/s.d.ts", "npm:kit/sub.go"),
        ({"exports": {"./*": "./d/*.js"}}, "d/sub.d.ts", "npm:kit/sub.go"),
        ({"typesVersions": {"*": {"sub": ["d/s.d.ts"]}}}, "d/s.d.ts", "npm:kit/sub.go"),
    ],
)
def test_inner_paths(tmp_path: Path, manifest: dict[str, Any], file: str, name: str) -> None:
    install(tmp_path, "kit", manifest, {file: PROMISE})
    assert go(tmp_path, name) == "promise"


def test_types_packages_stand_in_for_packages_without_declarations(tmp_path: Path) -> None:
    install(tmp_path, "kit", {"main": "index.js"}, {"index.js": ""})
    install(tmp_path, "@types/kit", {}, {"index.d.ts": PROMISE})
    install(tmp_path, "@types/acme__kit", {}, {"index.d.ts": PROMISE})
    assert go(tmp_path) == "promise"
    assert go(tmp_path, "npm:@acme/kit.go") == "promise"


def test_a_dot_may_belong_to_the_package(tmp_path: Path) -> None:
    install(tmp_path, "socket.kit", {}, {"index.d.ts": PROMISE})
    assert go(tmp_path, "npm:socket.kit.go") == "promise"


def test_the_nearest_copy_counts(tmp_path: Path) -> None:
    install(tmp_path, "kit", {}, {"index.d.ts": "export declare function go(): void;"})
    install(tmp_path, "kit", {}, {"index.d.ts": PROMISE}, below="apps/web")
    found = Declarations(str(tmp_path), ("", "apps/web"))
    assert found.kind("npm:kit.go", "src/a.ts") == "none"
    assert found.kind("npm:kit.go", "apps/web/src/a.ts") == "promise"


def test_links_into_a_store_inside_are_followed(tmp_path: Path) -> None:
    store = install(
        tmp_path, "kit", {}, {"index.d.ts": 'export * from "inner";'}, ".s"
    ).parent.parent
    (store / "node_modules/inner").mkdir()
    (store / "node_modules/inner/index.d.ts").write_text(PROMISE)
    target = tmp_path / "node_modules" / ".pnpm" / "kit@1.0.0"
    target.parent.mkdir(parents=True)
    store.rename(target)
    (tmp_path / "node_modules" / "kit").symlink_to(".pnpm/kit@1.0.0/node_modules/kit")
    assert go(tmp_path) == "promise"


def test_links_out_of_the_packages_are_not_followed(tmp_path: Path) -> None:
    outside = install(tmp_path / "outside", "kit", {}, {"index.d.ts": PROMISE})
    own = tmp_path / "repo" / "src" / "kit"
    own.mkdir(parents=True)
    (own / "index.d.ts").write_text(PROMISE)
    modules = tmp_path / "repo" / "node_modules"
    modules.mkdir()
    (modules / "kit").symlink_to(outside)
    (modules / "own").symlink_to(own)
    assert go(tmp_path / "repo") == ""
    assert go(tmp_path / "repo", "npm:own.go") == ""


def test_files_that_are_links_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.d.ts"
    secret.write_text(PROMISE)
    folder = install(tmp_path / "repo", "kit", {"types": "index.d.ts"}, {})
    (folder / "index.d.ts").symlink_to(secret)
    assert go(tmp_path / "repo") == ""


def test_paths_that_leave_the_package_mean_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.d.ts").write_text(PROMISE)
    install(tmp_path, "kit", {"types": "../../secret.d.ts"}, {})
    assert go(tmp_path) == ""
    assert go(tmp_path, "npm:kit/../../secret.go") == ""


def test_nothing_above_the_scanned_folder_is_read(tmp_path: Path) -> None:
    install(tmp_path, "kit", {}, {"index.d.ts": PROMISE})
    (tmp_path / "apps" / "node_modules").mkdir(parents=True)
    assert go(tmp_path / "apps") == ""


def test_large_files_and_many_files_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "kit", {}, {"index.d.ts": PROMISE + " " * 3000})
    monkeypatch.setattr(limits, "MAX_FILE", 2000)
    assert go(tmp_path) == ""
    monkeypatch.setattr(limits, "MAX_FILE", 9000)
    monkeypatch.setattr(limits, "MAX_BYTES", 2000)
    assert go(tmp_path) == ""
    monkeypatch.setattr(limits, "MAX_BYTES", 9000)
    assert go(tmp_path) == "promise"


@pytest.mark.parametrize("manifest", ["", "[]", "{", '{"exports": [[[[]]]], "types": 3}', "\xff"])
def test_broken_manifests_say_nothing(tmp_path: Path, manifest: str) -> None:
    folder = install(tmp_path, "kit", {}, {"other.js": ""})
    (folder / "package.json").write_text(manifest, encoding="latin-1")
    assert go(tmp_path) == ""


def lock(root: Path, text: str) -> None:
    (root / "node_modules" / ".package-lock.json").write_text(text)


def test_answers_are_kept_while_the_same_versions_are_installed(tmp_path: Path) -> None:
    root, cache = tmp_path / "repo", tmp_path / "cache"
    folder = install(root, "kit", {}, {"index.d.ts": PROMISE})
    lock(root, "kit 1")
    first = Declarations(str(root))
    first.remember(cache)
    assert first.kind("npm:kit.go", "a.ts") == "promise"
    first.keep()
    (folder / "index.d.ts").write_text("export declare function go(): void;")
    again = Declarations(str(root))
    again.remember(cache)
    assert again.kind("npm:kit.go", "a.ts") == "promise"
    lock(root, "kit 2")
    other = Declarations(str(root))
    other.remember(cache)
    assert other.kind("npm:kit.go", "a.ts") == "none"


def test_without_a_record_of_what_is_installed_nothing_is_kept(tmp_path: Path) -> None:
    root, cache = tmp_path / "repo", tmp_path / "cache"
    folder = install(root, "kit", {}, {"index.d.ts": PROMISE})
    first = Declarations(str(root))
    first.remember(cache)
    assert first.kind("npm:kit.go", "a.ts") == "promise"
    first.keep()
    assert not list(cache.rglob("*.facts"))
    (folder / "index.d.ts").write_text("export declare function go(): void;")
    again = Declarations(str(root))
    again.remember(cache)
    assert again.kind("npm:kit.go", "a.ts") == "none"


def test_a_broken_cache_is_a_miss(tmp_path: Path) -> None:
    root, cache = tmp_path / "repo", tmp_path / "cache"
    install(root, "kit", {}, {"index.d.ts": PROMISE})
    lock(root, "kit 1")
    first = Declarations(str(root))
    first.remember(cache)
    first.kind("npm:kit.go", "a.ts")
    first.keep()
    for segment in cache.rglob("*.facts"):
        segment.write_bytes(segment.read_bytes()[:-20] + b"\x00" * 20)
    again = Declarations(str(root))
    again.remember(cache)
    assert again.kind("npm:kit.go", "a.ts") == "promise"


def test_a_file_that_takes_too_long_to_parse_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "kit", {}, {"index.d.ts": PROMISE + "type A = { b: C };\n" * 20_000})
    assert go(tmp_path) == "promise"
    monkeypatch.setattr(file, "SECONDS", 0.0)
    assert go(tmp_path) == ""
