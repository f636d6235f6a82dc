"""A production dependency that nothing seems to use.

Why it matters: it is installed, audited and shipped for nothing, and hides what the service really
stands on. Three tiers: no mention anywhere (warning, high confidence); used by tests or tools only
(note, medium); mentioned in strings, configuration or text only (note, low). Imports of all source
files count: in the package's own folder and, for what a workspace root declares, below it.
What to do: remove it, or move it to devDependencies where only tests and tools use it. Where it is
loaded in a way that cannot be seen, say so with `[dependencies] allow`.
Guide: dependency management is a part of long-term maintenance; every package adds to it (L120).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import msgspec

from archlint.discovery.lockfiles import Lockfile, knows_manifests
from archlint.knowledge.builtins import builtin_module
from archlint.knowledge.dependencies import implicit
from archlint.model.finding import Confidence, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Component, Package
from archlint.program.dependencies import (
    Tree,
    dependency_place,
    dependency_tree,
    locked_repo,
)
from archlint.program.dependencies.commands import may_provide
from archlint.program.dependencies.mentions import (
    Strings,
    document_mention,
    documents,
    has_unread_text,
    is_run_script,
    manifest_mention,
    runs,
)
from archlint.program.dependencies.uses import Use, uses
from archlint.program.dependencies.workspace_uses import used_by_others
from archlint.program.program import ModuleEdge, Program
from archlint.rules.dependencies._manifests import (
    Tone,
    allowed,
    component_of,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

_SOURCE = (".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte")
_ASSET = lazy_regex(
    r"\.(?:s?css|sass|less|styl|svg|png|jpe?g|gif|webp|ico|json5?|ya?ml|toml|txt|md|html?|wasm|node"
    r"|ttf|woff2?|mp[34]|graphql|gql|sql|proto)(?:\?.*)?$|\?(?:raw|url|inline|worker)$"
)
_PLATFORM = lazy_regex(
    r"[-/.](?:linux|darwin|win32|windows|freebsd|android|musl)[-.](?:x64|x86|arm\w*|ia32|amd64|\d\d)"
)
"""A platform's build of a native package, which the package itself loads by that name."""
MANY = 8
"""Declared packages from which on a majority without imports says something about the source."""
_OFF_PRODUCTION = frozenset({"test", "build"})


@rule(
    "unused-dependency",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="modules",
)
def unused_dependency(program: Program) -> Iterator[Report]:
    """One report a declared production dependency, in the lowest tier that fits."""
    for package, component in node_packages(program):
        view = _View(program, package)
        if not view.paths:
            continue
        for name in sorted({**package.optional_dependencies, **package.dependencies}):
            if allowed(program, name) or view.imported(name) or view.implied(name):
                continue
            yield from _judge(program, view, component, name)


def _judge(program: Program, view: _View, component: Component, name: str) -> Iterator[Report]:
    place = dependency_place(program, view.package.path, name)
    aside = view.aside(name)
    where = view.mention(name)
    if where:
        tone = Tone(severity=Severity.NOTE, confidence=Confidence.LOW)
        message = f"{name} is never imported, only mentioned in {where}"
    elif aside:
        tone = Tone(severity=Severity.NOTE, confidence=Confidence.MEDIUM)
        message = f"{name} is used only {aside}: it belongs into devDependencies"
        if component.kind in {"frontend", "library"} or "build scripts" in aside:
            tone = Tone(severity=Severity.NOTE, confidence=Confidence.LOW)
    elif doubt := view.doubt(name):
        tone = Tone(severity=Severity.NOTE, confidence=Confidence.LOW)
        message = f"{name} is never imported here: {doubt}"
    else:
        tone = Tone(confidence=Confidence.LOW) if view.blind else Tone()
        message = f"{name} is never imported or mentioned"
    yield manifest_report(program, place, message, name, tone)


class _View(msgspec.Struct, dict=True):
    """One package.json and everything that could use what it declares."""

    program: Program
    package: Package

    @cached_property
    def paths(self) -> list[str]:
        """The parsed files of the package and, with hoisting, of those below it."""
        found = uses(self.program)
        return [path for m in found.below(self.package) for path in found.files[m]]

    @cached_property
    def _uses(self) -> dict[str, list[Use]]:
        found = uses(self.program)
        merged: dict[str, list[Use]] = {}
        for manifest in found.below(self.package):
            for name, items in found.imports.get(manifest, {}).items():
                merged.setdefault(name, []).extend(items)
        return merged

    @cached_property
    def _tree(self) -> Tree:
        return dependency_tree(self.program, self.package)

    @cached_property
    def _lockfile(self) -> Lockfile | None:
        """The lockfile, if its format keeps the peers and the commands of packages."""
        repo = locked_repo(self.program)
        path = repo.governing(self.package)
        text = self.program.workspace.documents.get(path, "")
        return repo.lockfile(path) if knows_manifests(path, text) else None

    @cached_property
    def _declared(self) -> frozenset[str]:
        """What this package.json and those above and below it install."""
        root = f"{self.package.root}/" if self.package.root else ""
        found: set[str] = set()
        for other in self.program.workspace.packages:
            near = other.path.startswith(root) or self.package.path.startswith(f"{other.root}/")
            if near or not other.root:
                found.update(other.dependencies, other.dev_dependencies)
                found.update(other.optional_dependencies, other.peer_dependencies)
        return frozenset(found)

    def imported(self, name: str) -> bool:
        """Whether production code imports the package, or its types."""
        return any(use.role not in _OFF_PRODUCTION for use in self._uses.get(name, ()))

    def implied(self, name: str) -> bool:
        """Whether something is known to load the package without an import."""
        table = implicit()
        if name in table.always or name.startswith("@types/"):
            return True
        if any(host in self._declared for host in table.hosts_of(name)) or _PLATFORM.search(name):
            return True
        if name in self._peers or self._production.loads(name):
            return True
        if name in table.view_engines and self._production.mention(name):
            return True
        script = runs(self.package, name, self._bins(name))
        return bool(script) and is_run_script(script)

    def _bins(self, name: str) -> tuple[str, ...]:
        if self._lockfile is None:
            return ()
        locked = self._lockfile.packages.get(self._tree.direct.get(name) or "")
        return (locked.bins or ()) if locked else ()

    @cached_property
    def _peers(self) -> frozenset[str]:
        """Peers, optional ones too, of all that is locked: a direct dependency provides them."""
        lockfile = self._lockfile
        found: set[str] = set(self.package.peer_dependencies)
        for member in self.program.workspace.packages:
            if member.name in self._declared:
                found.update(member.peer_dependencies)
        if lockfile is not None:
            for locked in lockfile.packages.values():
                found.update(locked.peers or ())
        return frozenset(found)

    def doubt(self, name: str) -> str:
        """Why a package that nothing names may be used all the same, "" when nothing says so."""
        path = used_by_others(self.program, self.package, name)
        if path:
            return f"{path}, of another package, uses it"
        if name in self.package.optional_dependencies and name not in self.package.dependencies:
            return "it is optional, another package may load it where it is installed"
        command = may_provide(self.package, name, self._declared, self._installed_commands)
        if command:
            return f"it may be what installs the command {command}"
        host = self._host(name)
        return f"it may be a peer of {host}" if host else ""

    @cached_property
    def _installed_commands(self) -> frozenset[str]:
        lockfile = self._lockfile
        packages = lockfile.packages.values() if lockfile is not None else ()
        return frozenset(command for locked in packages for command in locked.bins or ())

    def _host(self, name: str) -> str:
        """A dependency in whose name this one's is a part (``react-sortablejs``).

        Looked for only where the lockfile does not tell what the peers of packages are.
        """
        lockfile = self._lockfile
        if lockfile is not None and any(p.peers is not None for p in lockfile.packages.values()):
            return ""
        bare = re.escape(name.rpartition("/")[2])
        part = re.compile(rf"(?:^|[-/.@]){bare}(?:$|[-/.])")
        hosts = (host for host in self._uses if host != name and part.search(host))
        return min(hosts, default="")

    @cached_property
    def _production(self) -> Strings:
        roles = self.program.roles
        files = self.program.files
        return Strings(files[p] for p in self.paths if roles.get(p) not in _OFF_PRODUCTION)

    @cached_property
    def _elsewhere(self) -> Strings:
        roles = self.program.roles
        files = self.program.files
        return Strings(files[p] for p in self.paths if roles.get(p) in _OFF_PRODUCTION)

    def aside(self, name: str) -> str:
        """Where tests or tools use the package: ``in tests (path)``, "" for nowhere."""
        for use in self._uses.get(name, ()):
            path = use.edge.path or use.edge.source
            return f"in {'tests' if use.role == 'test' else 'build scripts'} ({path})"
        script = runs(self.package, name, self._bins(name))
        if script:
            return f"by the script {script}"
        if manifest_mention(self.package, name):
            return "in the configuration of tools (package.json)"
        return ""

    def mention(self, name: str) -> str:
        """The text that names the package without importing it, "" for none."""
        if self._production.mention(name):
            return "a string"
        if self._elsewhere.mention(name) and not self._uses.get(name):
            return "a string of a tool's configuration"
        if builtin_module(name):
            return "the built-in module of that name"
        found = document_mention(self.program, self._documents, name)
        if found and not (self._uses.get(name) and found.endswith((".yml", ".yaml"))):
            return found
        return ""

    @cached_property
    def _documents(self) -> list[str]:
        return documents(self.program, self.package)

    @property
    def _is_elsewhere(self) -> bool:
        """Whether most of what is declared is not imported: then the source lies elsewhere."""
        names = {**self.package.optional_dependencies, **self.package.dependencies}
        unseen = sum(1 for name in names if not self._uses.get(name) and not self.implied(name))
        return len(names) >= MANY and unseen * 2 > len(names)

    @property
    def _lacking(self) -> frozenset[str]:
        """Files with an import of a source file that does not exist, or that was not read."""
        key = "dependencies.lacking"
        if key not in self.program.memo:
            self.program.memo[key] = frozenset(
                edge.path or edge.source
                for linked in self.program.linked
                for edge in linked.modules
                if edge.kind != "computed"
                and (self._misses(edge) or self._unread(edge))
                and self.program.roles.get(edge.path or edge.source) == "production"
            )
        found: frozenset[str] = self.program.memo[key]
        return found

    def _misses(self, edge: ModuleEdge) -> bool:
        relative = not edge.target and edge.specifier.startswith(".")
        return relative and not _ASSET.search(edge.specifier)

    def _unread(self, edge: ModuleEdge) -> bool:
        """Whether the import leads to source of the repo that was skipped (minified, too large)."""
        path = edge.target
        unread = path in self.program.workspace.tree and path not in self.program.files
        return unread and path.endswith(_SOURCE)

    @cached_property
    def blind(self) -> bool:
        """Whether some of the package's source was not seen.

        Files that were skipped, imports of files that are not there (generated, or in a submodule
        that is not checked out) or not readable, and, for a frontend, formats that were not read.
        """
        root = f"{self.package.root}/" if self.package.root else ""
        skipped = (skip.path for skip in self.program.workspace.skipped)
        if any(path.startswith(root) and path.endswith(_SOURCE) for path in skipped):
            return True
        if any(path in self._lacking for path in self.paths) or self._is_elsewhere:
            return True
        component = component_of(self.program, self.package.path)
        frontend = component is not None and component.kind == "frontend"
        return frontend and has_unread_text(self.program, self.package)
