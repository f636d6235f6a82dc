"""What a repo consists of, before any source is parsed: files, manifests, components."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

import msgspec

from archlint.config import Config
from archlint.discovery.components import find_components
from archlint.discovery.documents import MAX_DOCUMENT, MAX_LOCKFILE, decode, is_document
from archlint.discovery.languages import is_node_script, language_of, vendor_folders
from archlint.discovery.lockfiles import is_lockfile
from archlint.discovery.manifests.package import parse_package
from archlint.discovery.manifests.structured import load_yaml, text_list
from archlint.discovery.manifests.tsconfig import is_tsconfig, load_tsconfigs
from archlint.discovery.roles import role_of, script_roles
from archlint.discovery.source import Entry, Listing, Source, Unreadable
from archlint.model.errors import ManifestError
from archlint.model.finding import Skip
from archlint.model.workspace import GoModule, Package, SourceFile, Workspace

__all__ = ["discover"]

_MANIFESTS = ("package.json", "go.mod", "pyproject.toml", "Cargo.toml")
_GO_VENDOR = "/vendor/"
_SCRIPT_FOLDERS = ("bin", "cli", "scripts")


def discover(source: Source, config: Config) -> Workspace:
    """Everything about a tree that can be said without parsing source; never raises on content."""
    listing = source.listing()
    scan = _Scan(source, config)
    scan.read_documents(listing)
    packages = scan.packages()
    modules = scan.go_modules(frozenset(entry.path for entry in listing.entries))
    tsconfigs = load_tsconfigs(scan.documents, scan.skipped)
    files = scan.source_files(listing, packages, modules)
    components = find_components(source, files, packages, modules, scan.documents)
    return Workspace(
        root=source.root,
        files=files,
        packages=packages,
        go_modules=modules,
        go_work=scan.go_work(),
        tsconfigs=tsconfigs,
        components=components,
        documents=scan.documents,
        tree=frozenset(entry.path for entry in listing.entries),
        skipped=tuple(sorted({*listing.skipped, *scan.skipped})),
    )


class _Scan(msgspec.Struct):
    """The parts of a discovery, gathered step by step."""

    source: Source
    config: Config
    documents: dict[str, str] = msgspec.field(default_factory=dict)
    skipped: list[Skip] = msgspec.field(default_factory=list)

    def read_documents(self, listing: Listing) -> None:
        """Read the text of every document."""
        folders = frozenset(
            posixpath.dirname(e.path)
            for e in listing.entries
            if posixpath.basename(e.path) in _MANIFESTS
        )
        for entry in listing.entries:
            if language_of(entry.path) is None and is_document(entry.path, entry.size, folders):
                self._read_document(entry)

    def _read_document(self, entry: Entry) -> None:
        try:
            limit = MAX_LOCKFILE if is_lockfile(entry.path) else MAX_DOCUMENT
            text = decode(self.source.read(entry.path, limit))
        except Unreadable as error:
            self.skipped.append(Skip(entry.path, error.reason))
            return
        if text is None:
            self.skipped.append(Skip(entry.path, "binary"))
        else:
            self.documents[entry.path] = text

    def packages(self) -> tuple[Package, ...]:
        """Every package.json, sorted by path; workspaces of pnpm and lerna are merged in."""
        found: list[Package] = []
        for path in self._named("package.json"):
            try:
                package = parse_package(path, self.documents[path])
            except ManifestError as error:
                self.skipped.append(Skip(path, error.reason))
                continue
            extra = self._workspaces(package.root)
            if extra:
                merged = tuple(dict.fromkeys((*package.workspaces, *extra)))
                package = msgspec.structs.replace(package, workspaces=merged)
            found.append(package)
        return tuple(found)

    def _named(self, name: str) -> list[str]:
        return sorted(path for path in self.documents if posixpath.basename(path) == name)

    def _workspaces(self, root: str) -> tuple[str, ...]:
        """The package globs of a pnpm-workspace.yaml or lerna.json in the folder ``root``."""
        globs: list[str] = []
        for name in ("pnpm-workspace.yaml", "lerna.json"):
            path = posixpath.join(root, name)
            if path not in self.documents:
                continue
            try:
                loaded = load_yaml(path, self.documents[path])
            except ManifestError as error:
                self.skipped.append(Skip(path, error.reason))
                continue
            for document in loaded:
                if isinstance(document, dict):
                    globs.extend(text_list(document.get("packages")))
        return tuple(globs)

    def go_modules(self, tree: frozenset[str]) -> tuple[GoModule, ...]:
        """Every go.mod that is not vendored, sorted by path."""
        found: list[GoModule] = []
        for path in self._named("go.mod"):
            from archlint.discovery.manifests.gomod import parse_go_mod

            if _GO_VENDOR in f"/{path}":
                continue
            try:
                module = parse_go_mod(path, self.documents[path])
            except ManifestError as error:
                self.skipped.append(Skip(path, error.reason))
                continue
            root = posixpath.dirname(path)
            found.append(
                msgspec.structs.replace(
                    module,
                    has_sum=posixpath.join(root, "go.sum") in tree,
                    has_vendor=posixpath.join(root, "vendor/modules.txt") in tree,
                )
            )
        return tuple(found)

    def go_work(self) -> tuple[str, ...]:
        """The folders that a go.work in the root uses, relative to the root."""
        text = self.documents.get("go.work")
        if text is None:
            return ()
        from archlint.discovery.manifests.gomod import parse_go_work

        try:
            return parse_go_work(text)
        except ManifestError as error:
            self.skipped.append(Skip("go.work", error.reason))
            return ()

    def source_files(
        self, listing: Listing, packages: tuple[Package, ...], modules: tuple[GoModule, ...]
    ) -> tuple[SourceFile, ...]:
        """The files to parse; Go's vendored packages are left to whoever needs one."""
        vendors = vendor_folders(entry.path for entry in listing.entries)
        roots = _Roots([p.root for p in packages] + [m.root for m in modules])
        scripted: dict[str, str] = {}
        for package in packages:
            if role_of(posixpath.join(package.root, "index.js")) != "production":
                continue
            scripted.update(script_roles(package.scripts, package.root))
        files: list[SourceFile] = []
        for entry in listing.entries:
            language = language_of(entry.path) or self._script_language(entry)
            if language is None or self.config.excludes(entry.path):
                continue
            if vendors and entry.path.startswith(vendors):
                continue
            role = role_of(entry.path, roots.of(entry.path))
            if role in {"production", "build"}:
                role = scripted.get(entry.path, role)
            files.append(SourceFile(entry.path, language, entry.size, role))
        return tuple(files)

    def _script_language(self, entry: Entry) -> str | None:
        """JavaScript for an executable without extension that Node.js runs."""
        folder, _, name = entry.path.rpartition("/")
        if "." in name or posixpath.basename(folder) not in _SCRIPT_FOLDERS:
            return None
        if entry.size > MAX_DOCUMENT or is_tsconfig(entry.path):
            return None
        try:
            head = self.source.read(entry.path, MAX_DOCUMENT)[:200]
        except Unreadable:
            return None
        return "javascript" if is_node_script(head) else None


class _Roots:
    """Finds the deepest of some folders that holds a file."""

    def __init__(self, roots: Iterable[str]) -> None:
        self._roots = frozenset(roots)
        self._found: dict[str, str] = {"": ""}

    def of(self, path: str) -> str:
        """The deepest root above the file, "" for none."""
        folder = posixpath.dirname(path)
        if folder not in self._found:
            root = folder
            while root and root not in self._roots:
                root = posixpath.dirname(root)
            self._found[folder] = root
        return self._found[folder]
