"""Uses of what one package.json declares by the code of other packages of the workspace."""

from __future__ import annotations

from archlint.model.workspace import Package
from archlint.program.dependencies.mentions import Strings
from archlint.program.dependencies.uses import Uses, uses
from archlint.program.program import Program

_ASIDE = frozenset({"test", "build", "example"})


def used_by_others(program: Program, package: Package, name: str) -> str:
    """The file whose use of ``name`` this ``package`` may have to provide for, "" for none.

    Either another package's source, which this one imports and so runs, imports it; or a tool's
    configuration there, which this one shares, names it; or another package imports it without
    declaring it, and gets it by hoisting.
    """
    found = uses(program)
    ran = _imported_packages(program, found).get(package.path, frozenset())
    for other in program.workspace.packages:
        if other.path == package.path:
            continue
        items = [u for u in found.imports.get(other.path, {}).get(name, ()) if u.role not in _ASIDE]
        if items and (other.path in ran or name not in _provided(program, other)):
            return items[0].edge.path or items[0].edge.source
        if other.path in ran and (path := _named_in(program, found, other, name)):
            return path
    return ""


def _named_in(program: Program, found: Uses, package: Package, name: str) -> str:
    """The configuration file of another package that names ``name`` in a string."""
    paths = [p for p in found.files.get(package.path, ()) if program.roles.get(p) == "build"]
    return next((p for p in paths if Strings([program.files[p]]).mention(name)), "")


def _imported_packages(program: Program, found: Uses) -> dict[str, frozenset[str]]:
    """Manifest -> the manifests whose files its files import, directly or through others."""
    key = "dependencies.imported"
    if key not in program.memo:
        direct: dict[str, set[str]] = {}
        for linked in program.linked:
            for edge in linked.modules:
                if edge.type_only or edge.target not in program.files:
                    continue
                one, two = found.owner(edge.path or edge.source), found.owner(edge.target)
                if one is not None and two is not None and one.path != two.path:
                    direct.setdefault(one.path, set()).add(two.path)
        program.memo[key] = {path: _closure(direct, path) for path in direct}
    table: dict[str, frozenset[str]] = program.memo[key]
    return table


def _closure(direct: dict[str, set[str]], start: str) -> frozenset[str]:
    seen: set[str] = set()
    stack = [start]
    while stack:
        new = direct.get(stack.pop(), set()) - seen
        seen |= new
        stack.extend(new)
    return frozenset(seen)


def _provided(program: Program, package: Package) -> set[str]:
    """What a package.json and those above it install or expect."""
    found: set[str] = set()
    for other in program.workspace.packages:
        above = not other.root or f"{package.root}/".startswith(f"{other.root}/")
        if above:
            found.update(other.dependencies, other.dev_dependencies)
            found.update(other.optional_dependencies, other.peer_dependencies)
    return found
