"""Which package.json owns a file, and which files import which package."""

from __future__ import annotations

from typing import Any

import msgspec

from archlint.knowledge.builtins import builtin_module
from archlint.knowledge.dependencies import package_of
from archlint.model.facts import FileFacts
from archlint.model.ir import Name, TName
from archlint.model.walk import walk
from archlint.model.workspace import Package
from archlint.program.program import ModuleEdge, Program


class Use(msgspec.Struct, frozen=True):
    """One import of a package: the edge and the role of the file that holds it."""

    edge: ModuleEdge
    role: str

    @property
    def at_run_time(self) -> bool:
        """Whether the import is left after compilation and is not merely tried."""
        return not self.edge.type_only and not self.edge.guarded


class Uses(msgspec.Struct):
    """Imports by the package.json that owns the importing file."""

    owners: dict[str, Package]
    """Folder -> package.json, for folders that have one of their own."""
    imports: dict[str, dict[str, list[Use]]] = msgspec.field(default_factory=dict)
    """Manifest path -> package name -> its imports."""
    files: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Manifest path -> the parsed files that it owns."""
    _folders: dict[str, Package | None] = msgspec.field(default_factory=dict)

    def owner(self, path: str) -> Package | None:
        """The package.json in the deepest folder above a file."""
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            if folder in self.owners:
                self._folders[folder] = self.owners[folder]
            else:
                self._folders[folder] = self.owner(folder) if folder else None
        return self._folders[folder]

    def below(self, package: Package) -> list[str]:
        """The manifests in and below a package's folder: hoisting shares what it declares."""
        prefix = f"{package.root}/" if package.root else ""
        return [path for path in self.files if path.startswith(prefix)]


def uses(program: Program) -> Uses:
    """The imports of every package.json, computed once."""
    return program.once(_collect)


def _collect(program: Program) -> Uses:
    packages = program.workspace.packages
    found = Uses({p.root: p for p in packages if not _is_marker(p)})
    for path in sorted(program.files):
        if program.files[path].language != "go":
            owner = found.owner(path)
            if owner is not None:
                found.files.setdefault(owner.path, []).append(path)
    computed: set[tuple[str, int]] = set()
    for linked in program.linked:
        for edge in linked.modules:
            if edge.kind == "computed":  # what it may load is not asked: one import is one use
                if (edge.source, edge.at) in computed:
                    continue
                computed.add((edge.source, edge.at))
            _record(program, found, edge)
    return found


def _is_marker(package: Package) -> bool:
    """A package.json that only says how to read a folder: no name, no dependencies."""
    declared = package.dependencies or package.dev_dependencies or package.optional_dependencies
    return not declared and not package.scripts and (bool(package.root) and not package.name)


def _record(program: Program, found: Uses, edge: ModuleEdge) -> None:
    if edge.specifier.startswith("."):
        return
    path = edge.path or edge.source
    facts = program.files.get(path)
    if facts is None or facts.language == "go":
        return
    name = package_of(edge.specifier)
    if not name or builtin_module(edge.specifier):
        return
    owner = found.owner(path)
    if owner is not None:
        use = Use(edge, program.roles.get(path, "production"))
        found.imports.setdefault(owner.path, {}).setdefault(name, []).append(use)


def is_erased(program: Program, edge: ModuleEdge, *, metadata: bool = True) -> bool:
    """Whether TypeScript drops the import: none of its names stands where a value is needed.

    Types of parameters and fields in a file with decorated classes may be kept alive by emitted
    metadata: classes are, interfaces are not. ``metadata`` False takes them for interfaces.
    """
    facts = program.files.get(edge.path or edge.source)
    if facts is None or facts.language not in {"typescript", "tsx"}:
        return False
    item = next((i for i in facts.imports if i.at == edge.at and i.kind == "import"), None)
    if item is None or not item.names:
        return False
    names = {local for _, local in item.names}
    values, types = _values(program, facts)
    return not names & values and not (metadata and names & types)


def _values(program: Program, facts: FileFacts) -> tuple[set[str], set[str]]:
    """Every name that a file uses as a value, and those that metadata may keep."""
    if facts.outline:
        return set(facts.values), set(facts.metadata)
    table: dict[str, tuple[set[str], set[str]]] = program.memo.setdefault("dependencies.values", {})
    if facts.path not in table:
        roots: list[Any] = [node for f in facts.functions for node in f.body or ()]
        roots += [p.default for f in facts.functions for p in f.params if p.default]
        roots += [p.name for f in facts.functions for p in f.params]
        roots += [d.value for f in facts.functions for d in f.decorators]
        roots += [d.value for f in facts.functions for p in f.params for d in p.decorators]
        for item in facts.classes:
            roots += [item.extends] if item.extends else []
            roots += [d.value for d in item.decorators]
            roots += [m.value for m in item.members if m.value]
            roots += [d.value for m in item.members for d in m.decorators]
        roots += [e.value for e in facts.exports if e.value]
        names = {node.id for node in walk(roots) if type(node) is Name}
        decorated = any(c.decorators for c in facts.classes)
        table[facts.path] = names, _type_names(facts) if decorated else set()
    return table[facts.path]


def _type_names(facts: FileFacts) -> set[str]:
    """The names of parameters' types, which emitted decorator metadata keeps alive."""
    types = [p.type for f in facts.functions for p in f.params]
    types += [m.type for c in facts.classes for m in c.members]
    return {t.name.partition(".")[0] for t in types if isinstance(t, TName)}
