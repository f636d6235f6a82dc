"""Import aliases that bundlers define: ``alias`` tables of webpack, Vite and Babel."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import dirname, join, normpath

from archlint.knowledge.bundlers import is_bundler_config
from archlint.model import ir
from archlint.model.facts import FileFacts
from archlint.model.walk import walk
from archlint.model.workspace import Workspace

_NUXT = frozenset({"nuxt", "nuxt3", "nuxt-edge"})


def bundler_aliases(
    workspace: Workspace, files: Mapping[str, FileFacts]
) -> dict[str, list[tuple[str, str]]]:
    """Package root -> (alias, folder relative to the repo), the longest alias first."""
    roots = sorted((package.root for package in workspace.packages), key=len, reverse=True)
    found: dict[str, dict[str, str]] = {}
    for path in sorted(files):
        if is_bundler_config(path):
            root = next((r for r in roots if not r or path.startswith(r + "/")), "")
            for name, target in _configured(files[path], root):
                found.setdefault(root, {}).setdefault(name, target)
    for package in workspace.packages:
        table = found.setdefault(package.root, {})
        for name, target in _declared(package.root, package.raw.get("_moduleAliases")):
            table.setdefault(name, target)
        names = {*package.dependencies, *package.dev_dependencies}
        if _NUXT & names:
            for name in ("~", "@", "~~", "@@"):
                table.setdefault(name, package.root or ".")
        if "@sveltejs/kit" in names:
            table.setdefault("$lib", normpath(join(package.root, "src/lib")))
    return {
        root: sorted(table.items(), key=lambda item: (-len(item[0]), item[0]))
        for root, table in found.items()
        if table
    }


def _declared(root: str, table: object) -> list[tuple[str, str]]:
    if not isinstance(table, dict):
        return []
    return [(str(k), normpath(join(root, v))) for k, v in table.items() if isinstance(v, str)]


def _configured(facts: FileFacts, root: str) -> list[tuple[str, str]]:
    """The entries of every ``alias: {...}`` of a configuration file with readable targets.

    ``root`` is the package's folder, where tools run: paths from ``process.cwd()`` start there.
    """
    found: list[tuple[str, str]] = []
    for function in facts.functions:
        for node in walk(function.body or ()):
            table = node.value if isinstance(node, ir.Property) and node.key == "alias" else None
            for entry in table.entries if isinstance(table, ir.Object) else ():
                target = _target(entry.value)
                base = root if _from_root(entry.value) else dirname(facts.path)
                if entry.key and target:
                    found.append((entry.key.rstrip("$"), normpath(join(base, target))))
    return found


def _from_root(value: ir.Expr) -> bool:
    return any(isinstance(node, ir.Member) and node.name == "cwd" for node in walk((value,)))


def _target(value: ir.Expr) -> str:
    """A folder that an alias names: its string parts joined."""
    parts = [
        node.value.strip("/")
        for node in walk((value,))
        if isinstance(node, ir.Literal) and node.kind == "string" and node.value
    ]
    return "/".join(parts) if parts and not parts[0].startswith(("http", "@")) else ""
