"""Which files of a serving package only a browser runs: what nothing but a bundle loads.

A file that loads a single-file component runs in no Node.js process as it is, and neither does one
that renders with React's browser package, or one that webpack packs for browsers. What only such
files load belongs to the same bundle.
Wherever that is in doubt, a file counts as one that Node.js runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from archlint.model.facts import FileFacts
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.resolver import ModuleResolver

_COMPONENTS = (".vue", ".svelte")
_MOUNTING = frozenset({"react-dom", "react-dom/client"})
_NATIVE = frozenset(
    f"node:{name}"
    for name in (
        "child_process", "cluster", "dgram", "fs", "fs/promises", "http", "http2", "https",
        "module", "net", "tls", "worker_threads",
    )
)  # fmt: skip
"""Built-in modules that no bundler has a stand-in for."""
_CLIENT = lazy_regex(r"(?:^|/)(?:client|browser|front-?end|webapp)(?:-\w+)?/$")
Graph = dict[str, list[str]]


def bundled(
    files: Mapping[str, FileFacts], apart: Collection[str], mains: Iterable[str],
    resolver: ModuleResolver, entries: frozenset[str] = frozenset(),
) -> frozenset[str]:  # fmt: skip
    """The files that only browsers run.

    ``apart`` are files whose imports say nothing (tests), ``mains`` those that packages start with,
    ``entries`` those that a bundler packs for browsers.
    """
    mounting = {path for path, facts in files.items() if path not in apart and _mounts(facts)}
    mounting |= {path for path in entries if path not in apart}
    components = {path for path in files if path.endswith(_COMPONENTS)}
    if not mounting and not components:
        return frozenset()
    loads, native = _graph(files, apart, resolver)
    loaders = _reversed(loads)
    in_bundles = _reached(components, loaders)
    in_node = _reached(native, loaders)
    alone = {path for path in loads if path not in loaders}
    beside = _client_folders(entries)
    mounting |= {path for path in alone if beside and path.startswith(beside)}
    browsers = (alone & (in_bundles | mounting)) - in_node - set(mains)
    served = _reached((alone - browsers) | (loads.keys() & set(mains)), loads)
    circular = loads.keys() - served - _reached(browsers, loads)
    served |= _reached(circular - (in_bundles - in_node), loads)
    return frozenset(loads.keys() - served)


def _client_folders(entries: Iterable[str]) -> tuple[str, ...]:
    """The folders, named as a client's, of what is packed: what lies there unused is a client's."""
    folders = {path.rpartition("/")[0] + "/" for path in entries}
    return tuple(sorted(folder for folder in folders if _CLIENT.search(folder)))


def _mounts(facts: FileFacts) -> bool:
    """Whether a file itself renders with React's browser package."""
    return any(i.specifier in _MOUNTING and not i.type_only for i in facts.imports)


def _graph(
    files: Mapping[str, FileFacts], apart: Collection[str], resolver: ModuleResolver
) -> tuple[Graph, set[str]]:
    """The files that each file loads, and those that load what only Node.js has."""
    loads: Graph = {}
    native: set[str] = set()
    for path, facts in files.items():
        if path in apart:
            continue
        targets: dict[str, None] = {}
        for item in facts.imports:
            if item.specifier is not None and not item.type_only:
                targets[resolver.resolve(path, item.specifier)] = None
        if not _NATIVE.isdisjoint(targets):
            native.add(path)
        loads[path] = [t for t in targets if t in files and t not in apart and t != path]
    return loads, native


def _reversed(loads: Graph) -> Graph:
    loaders: Graph = {}
    for path, targets in loads.items():
        for target in targets:
            loaders.setdefault(target, []).append(path)
    return loaders


def _reached(starts: Iterable[str], graph: Graph) -> set[str]:
    """The starts and all that they lead to."""
    seen = set(starts)
    todo = list(seen)
    while todo:
        for target in graph.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
