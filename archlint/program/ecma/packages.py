"""Where a package of the repo leads: ``main``, ``exports`` and ``imports`` of its package.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from posixpath import join, normpath
from typing import Any

from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Package, TsConfig

_PREFERRED = ("source", "development", "types", "import", "require", "node", "default", "module")
_BUILT = lazy_regex(r"(^|/)(dist|lib|build|out|output|esm|cjs|es|types|\.next)(?=/)")
_INNER = lazy_regex(r"^(esm|cjs|es|umd|types|node|src|source)/")

Exists = Callable[[str], str]
"""Completes a path (extensions, index files); "" when nothing is there."""


def place(root: str, inner: str) -> str:
    """A path inside a package, relative to the repo's root."""
    joined = normpath(join(root, inner))
    return "" if joined == "." else joined


def package_target(
    package: Package, inner: str, configs: tuple[TsConfig, ...], exists: Exists
) -> str:
    """The source file that ``name/inner`` leads to ("" when it is not in the repo)."""
    for candidate in _candidates(package, inner):
        if "*" in candidate:
            continue
        for path in source_twins(place(package.root, candidate), package, configs):
            found = exists(path)
            if found:
                return found
    return ""


def internal_targets(package: Package, specifier: str) -> list[str]:
    """What ``#name`` may mean by the package's ``imports``: paths or bare specifiers."""
    table = package.raw.get("imports")
    return list(_match(table, specifier)) if isinstance(table, dict) else []


def _candidates(package: Package, inner: str) -> Iterator[str]:
    raw = package.raw
    exports = raw.get("exports")
    if exports is not None:
        yield from exported(exports, inner)
    publish = raw.get("publishConfig")
    if isinstance(publish, dict) and publish.get("exports") is not None:
        yield from exported(publish["exports"], inner)
    if inner:
        yield inner
        yield f"src/{inner}"
        return
    for key in ("source", "types", "typings", "module", "main", "browser"):
        if isinstance(raw.get(key), str):
            yield raw[key]
    yield from ("index", "src/index", "src/main", "lib/index")


def exported(exports: Any, inner: str) -> Iterator[str]:
    """Where an ``exports`` field leads for an inner path, the likeliest condition first."""
    subpath = f"./{inner}" if inner else "."
    if isinstance(exports, dict) and any(str(key).startswith(".") for key in exports):
        yield from _match(exports, subpath)
    elif not inner:
        yield from _leaves(exports)


def _match(table: dict[str, Any], subpath: str) -> Iterator[str]:
    """Targets of an exports or imports table: exact keys, then ``*`` patterns, longest first."""
    if subpath in table:
        yield from _leaves(table[subpath])
    for key in sorted((k for k in table if "*" in k), key=lambda k: (-len(k), k)):
        head, _, tail = key.partition("*")
        if subpath.startswith(head) and subpath.endswith(tail) and len(subpath) >= len(key) - 1:
            star = subpath[len(head) : len(subpath) - len(tail)]
            for leaf in _leaves(table[key]):
                yield leaf.replace("*", star)


def _leaves(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < 8:
        for item in value:
            yield from _leaves(item, depth + 1)
    elif isinstance(value, dict) and depth < 8:
        order = [key for key in _PREFERRED if key in value]
        for key in [*order, *(key for key in value if key not in order)]:
            yield from _leaves(value[key], depth + 1)


def source_twins(path: str, package: Package, configs: tuple[TsConfig, ...]) -> Iterator[str]:
    """A path and the sources it may be built from, the likeliest first."""
    yield path
    inner = path[len(package.root) + 1 :] if package.root else path
    stem = re.sub(r"(\.d)?\.([cm]?[jt]sx?)$", "", inner)
    for config in configs:
        out = config.out_dir.strip("/")
        if out and path.startswith(out + "/"):
            rest = re.sub(r"(\.d)?\.([cm]?[jt]sx?)$", "", path[len(out) + 1 :])
            root = config.root_dir or config.root
            yield join(root, rest)
            yield join(config.root, "src", rest)
            yield join(config.root, rest)
    match = _BUILT.search(stem)
    if match is None:
        return
    head, rest = stem[: match.start()], stem[match.end() + 1 :]
    rests = [rest, _INNER.sub("", rest)]
    for middle in ("src", "lib", "source", ""):
        for tail in dict.fromkeys(rests):
            yield place(package.root, join(head.strip("/"), middle, tail))
