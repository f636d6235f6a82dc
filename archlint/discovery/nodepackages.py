"""Node.js components: what kind of unit each package.json describes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from archlint.discovery.dockerfiles import dockerfile_of
from archlint.discovery.source import Source, Unreadable
from archlint.discovery.workerconfig import worker_main
from archlint.knowledge.tables import table
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Component, Package, SourceFile

_EXTENSIONS = (".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".tsx", ".jsx")
_STEMS = ("main", "server", "app", "index", "worker", "cli", "bot")
_BUILT = lazy_regex(r"^(?:\./)?(?:dist|lib|build|out|\.output|bin-build)/")
_START = (
    "start:prod",
    "start:production",
    "start",
    "serve:prod",
    "prod",
    "server",
    "serve",
)
_RUNNERS = lazy_regex(
    r"\b(?:node|nodemon|ts-node|ts-node-dev|tsx|bun|pm2(?:-runtime)?|nest|babel-node|deno|forever)\b"
)
_DEV_SERVER = lazy_regex(
    r"\bng\s+serve\b|\bvue-cli-service\s+serve\b|\breact-scripts\s+start\b|\bwebpack(?:-dev-server|\s+serve)\b"
)
"""Serves the pages of a front end while they are worked on."""
_DELEGATE = lazy_regex(r"\b(?:npm|yarn|pnpm|bun)(?:\s+-\S+)*(?:\s+run(?:-script)?)?\s+([\w:.-]+)")
_SCRIPT = lazy_regex(r"(?:^|[\s\"'=])((?:\.{0,2}/)?(?:[\w@.-]+/)*[\w.-]+)(?=$|[\s\"'])")
_LISTENS = lazy_regex(rb"\bcreateServer\s*\(|\.listen\s*\(|Bun\.serve\s*\(|Deno\.serve\s*\(")
_PAGES = lazy_regex(r"\bvite(?:\s+(?:dev|serve|preview)\b|\s+-|\s*(?:$|[;&|]))")
_ROUTE_FILE = lazy_regex(
    r"(?:^|/)(?:pages/api/|(?:src/)?app/(?:.*/)?route\.[jt]sx?$|server/(?:api|routes)/"
    r"|routes/(?:.*/)?\+server\.[jt]s$|api/)"
)


@cache
def _table() -> dict[str, frozenset[str]]:
    """The kinds of dependency: server, procedures, fullstack, frontend, worker, serverless."""
    lists = table("node/components.toml", dict[str, Any])
    return {key: frozenset(v) for key, v in lists.items() if isinstance(v, list)}


class _Unit(msgspec.Struct, frozen=True):
    """A package with the production files it owns and how it is started.

    ``used`` says that another package of the repo depends on it, and that nothing starts it;
    ``edge`` that a main file is deployed as a worker that answers requests.
    """

    package: Package
    files: frozenset[str]
    mains: tuple[str, ...]
    started: bool
    dockerfile: str
    used: bool
    edge: bool


def node_components(
    source: Source,
    files: tuple[SourceFile, ...],
    packages: tuple[Package, ...],
    documents: dict[str, str],
) -> Iterator[Component]:
    """A component per package.json that owns code; one for the root when there is none."""
    owned = _owned(files, packages)
    wanted = {name for p in packages for name in (*p.dependencies, *p.dev_dependencies)}
    for package in packages:
        own = owned.get(package.root, frozenset())
        starts = _start_commands(package.scripts)
        started = any(_RUNNERS.search(c) and not _DEV_SERVER.search(c) for c in starts)
        edge = _resolve(worker_main(package.root, documents), package.root, own)
        named = dict.fromkeys(_mains(package, starts, own))
        mains = tuple(dict.fromkeys([edge, *named])) if edge else tuple(named)
        used = package.name in wanted and not started
        recipe = dockerfile_of(package.root, () if used else (package.name,), documents, used)
        if not own or (package.workspaces and not mains):
            continue
        unit = _Unit(package, own, mains, started, recipe, used, bool(edge))
        yield Component(
            name=package.name or posixpath.basename(package.root) or "root",
            root=package.root,
            runtime="node",
            kind=_kind(source, unit, files),
            manifest=package.path,
            mains=mains,
            frameworks=_frameworks(package),
            dockerfile=recipe,
        )
    loose = {f.path for f in files if f.role == "production"} & owned.get("", frozenset())
    if loose and not any(p.root == "" for p in packages):
        yield Component(name="root", root="", runtime="node", kind="tool")


def _owned(
    files: tuple[SourceFile, ...], packages: tuple[Package, ...]
) -> dict[str, frozenset[str]]:
    """Package root -> its JavaScript and TypeScript files; "" also holds those of no package."""
    roots = {package.root for package in packages}
    owned: dict[str, set[str]] = {}
    owner_of: dict[str, str] = {}
    for file in files:
        if file.language == "go" or file.role == "declaration":
            continue
        folder = posixpath.dirname(file.path)
        owner = owner_of.get(folder)
        if owner is None:
            owner = folder
            while owner and owner not in roots:
                owner = posixpath.dirname(owner)
            owner_of[folder] = owner
        owned.setdefault(owner, set()).add(file.path)
    return {root: frozenset(paths) for root, paths in owned.items()}


def _start_commands(scripts: dict[str, str]) -> list[str]:
    """The commands that start the package, ``npm run x`` replaced by what it runs."""
    commands: list[str] = []
    names = [name for name in _START if name in scripts]
    for name in names:
        command = scripts[name][:4_000]
        commands.append(command)
        names.extend(n for n in _DELEGATE.findall(command) if n in scripts and n not in names)
    return commands


def _mains(package: Package, starts: list[str], own: frozenset[str]) -> Iterator[str]:
    """The entry files: what start scripts, bin and main name, else the customary names."""
    named = [word for command in starts for word in _SCRIPT.findall(command[:4_000])]
    named += [*package.bin.values(), package.main]
    seen: set[str] = set()
    for word in named:
        path = _resolve(word, package.root, own)
        if path and path not in seen:
            seen.add(path)
            yield path
    if not seen:
        for folder in ("src/", ""):
            for stem in _STEMS:
                path = _resolve(folder + stem, package.root, own)
                if path:
                    yield path
                    return


def _resolve(word: str, root: str, own: frozenset[str]) -> str:
    """The source file that a path in a manifest means; built files are looked up in src."""
    if not word or len(word) > 300:
        return ""
    for target in (word, _BUILT.sub("src/", word), _BUILT.sub("", word)):
        path = posixpath.normpath(posixpath.join(root, target))
        stem = re.sub(r"\.[cm]?[jt]sx?$", "", path)
        candidates = [
            path,
            *(stem + e for e in _EXTENSIONS),
            *(f"{path}/index{e}" for e in _EXTENSIONS),
        ]
        for candidate in candidates:
            if candidate in own:
                return candidate
    return ""


def _kind(source: Source, unit: _Unit, files: tuple[SourceFile, ...]) -> str:
    package, kinds = unit.package, _table()
    production = {*package.dependencies, *package.optional_dependencies}
    roles = {file.role for file in files if file.path in unit.files}
    if not roles - {"test", "vendored", "generated"}:
        return "test"
    if not roles - {"test", "vendored", "example", "build", "generated"}:
        return "tool"
    everything = production | set(package.dev_dependencies)
    if production & kinds["fullstack"] or (everything & kinds["fullstack"] and package.private):
        routed = any(_ROUTE_FILE.search(path) for path in unit.files)
        return "service" if routed or production & kinds["server"] else "frontend"
    published = (
        bool(package.raw.get("exports") or package.raw.get("module") or package.main)
        and not package.private
    )
    listens = _listens(source, unit)
    deployed = unit.started or bool(unit.dockerfile) or listens
    if production & kinds["server"] and (deployed or not (published or unit.used)):
        return "service"
    answers = production & kinds["procedures"] and not everything & kinds["bundler"]
    answers = answers or unit.edge or everything & kinds["serverless"]
    if answers and not (published or unit.used):
        return "service"
    pages = everything & kinds["frontend"] or (
        everything & kinds["bundler"] and _serves_pages(package.scripts)
    )
    if pages and not (unit.started and deployed):
        return "frontend" if not published else "library"
    if production & kinds["worker"] and (deployed or not (published or unit.used)):
        return "worker"
    if package.bin and not unit.started:
        return "cli"
    if deployed and (listens or not unit.used):
        return "service" if listens else "worker"
    if published or unit.used or (package.private and not unit.mains):
        return "library"
    return "library" if package.main or package.raw.get("exports") else "tool"


def _serves_pages(scripts: dict[str, str]) -> bool:
    """Whether a script starts a bundler's own server, which a library has no use for."""
    return any(_PAGES.search(command[:4_000]) for command in scripts.values())


def _listens(source: Source, unit: _Unit) -> bool:
    """Whether an entry file opens a port itself."""
    for path in unit.mains[:8]:
        try:
            if _LISTENS.search(source.read(path, 1_000_000)):
                return True
        except Unreadable:
            continue
    return False


def _frameworks(package: Package) -> tuple[str, ...]:
    """The server, page and queue frameworks among the production dependencies."""
    kinds = _table()
    known = kinds["server"] | kinds["fullstack"] | kinds["worker"] | kinds["serverless"]
    return tuple(sorted(known & set(package.dependencies)))
