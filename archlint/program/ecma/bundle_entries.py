"""The files that a configuration of webpack or its kin packs for browsers, by its ``entry``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from posixpath import join

from archlint.knowledge.bundlers import lists_entries
from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.walk import walk
from archlint.program.ecma.resolver import ModuleResolver

_BROWSER = ("web", "browserslist", "es")
"""Beginnings of the ``target`` of a bundle for browsers; without any, it is one, too."""
_JOINS = frozenset({"join", "resolve"})
_SELF = frozenset({"__dirname", "__filename"})


def browser_entries(
    files: Mapping[str, FileFacts], roots: Iterable[str], resolver: ModuleResolver
) -> frozenset[str]:
    """Files that configurations name as entries of browser bundles.

    ``roots`` are the folders of packages: a bundler's paths start where it runs.
    """
    outer = sorted(roots, key=len, reverse=True)
    found: set[str] = set()
    for path in sorted(files):
        if not lists_entries(path):
            continue
        root = next((r for r in outer if not r or path.startswith(r + "/")), "")
        for name in _named(files[path]):
            for source, specifier in (
                (path, name),
                (path, f"./{name}"),
                (join(root, "package.json"), f"./{name}"),
            ):
                target = resolver.resolve(source, specifier)
                if target in files:
                    found.add(target)
                    break
    return frozenset(found)


def _named(facts: FileFacts) -> Iterator[str]:
    """The modules of every ``entry`` whose configuration is not one for Node.js."""
    for function in facts.functions:
        for node in walk(function.body or ()):
            if not isinstance(node, ir.Object):
                continue
            fields = {entry.key: entry.value for entry in node.entries if entry.key}
            if "entry" in fields and _for_browsers(fields):
                yield from _modules(fields["entry"])


def _for_browsers(fields: Mapping[str, ir.Expr]) -> bool:
    """Whether a configuration's own ``target`` says so, or it has none and leaves nothing out."""
    target = fields.get("target")
    if target is None:
        return "externals" not in fields and "externalsPresets" not in fields
    texts = [n.value for n in walk((target,)) if isinstance(n, ir.Literal) and n.kind == "string"]
    return bool(texts) and all(text.startswith(_BROWSER) for text in texts)


def _modules(value: ir.Expr) -> Iterator[str]:
    """``"./a"``, ``["./a", "./b"]``, ``{main: "./a"}``, ``path.join(__dirname, "a")``."""
    if isinstance(value, ir.Literal):
        if value.kind == "string" and value.value:
            yield value.value
    elif isinstance(value, ir.Array):
        for item in value.items:
            if item is not None:
                yield from _modules(item)
    elif isinstance(value, ir.Object):
        for entry in value.entries:
            yield from _modules(entry.value)
    elif isinstance(value, ir.Call) and isinstance(value.callee, ir.Member):
        parts = [a for a in value.args if not (isinstance(a, ir.Name) and a.id in _SELF)]
        texts = [a.value for a in parts if isinstance(a, ir.Literal) and a.kind == "string"]
        if value.callee.name in _JOINS and texts and len(texts) == len(parts):
            yield "/".join(texts)
