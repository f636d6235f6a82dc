"""Which module a specifier means: a file of the repo, a built-in or an external package."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath

from archlint.knowledge.builtins import builtin_module
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Package, TsConfig, Workspace
from archlint.program.ecma.packages import internal_targets, package_target, place
from archlint.program.ecma.patterns import PathPatterns

EXTENSIONS = (
    ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts",
    ".d.ts", ".d.mts", ".d.cts", ".json", ".vue", ".svelte", ".node",
)  # fmt: skip
_TYPED = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_BARE = lazy_regex(r"^(@[a-z0-9~_-][\w.~-]*/)?[a-z0-9~_][\w.~-]*(/.*)?$", re.IGNORECASE)

_VERSION = lazy_regex(r"^(npm:/?(?:@[^/@]+/)?[^/@]+)@[^/]*")
"""A package with the version that Deno writes in its specifiers: ``npm:hono@4``."""
_PLATFORM = ("cloudflare:", "bun:")
"""Built-in modules of other runtimes."""
OUTSIDE = ("npm:", "node:", *_PLATFORM)
"""How the names of modules begin that are no files of the repo."""


class ModuleResolver:
    """Resolves specifiers; ``aliases`` maps a component's prefix aliases to folders."""

    def __init__(self, workspace: Workspace, files: set[str]) -> None:
        self._known = frozenset(files) | workspace.tree
        self._packages = sorted(workspace.packages, key=lambda p: (-len(p.root), p.path))
        self._named = {p.name: p for p in reversed(self._packages) if p.name}
        self._configs = sorted(workspace.tsconfigs, key=lambda c: (-len(c.root), c.path))
        self._memo: dict[tuple[str, str], str] = {}
        self._files: dict[str, str] = {}
        self._folder_package: dict[str, Package | None] = {}
        self._patterns: dict[str, PathPatterns] = {}
        self._built: dict[str, tuple[TsConfig, ...]] = {}
        self.aliases: dict[str, list[tuple[str, str]]] = {}
        """Package root -> (alias, folder or bare specifier), the longest alias first."""

    def resolve(self, source: str, specifier: str) -> str:
        """The module that ``source`` means: path, ``npm:x``, ``node:x``, or "" when missing."""
        key = (dirname(source), specifier)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._resolve(key[0], specifier)
        return found

    def _resolve(self, folder: str, specifier: str) -> str:
        spec = specifier.rsplit("!", 1)[-1]
        spec = spec if spec.startswith("#") else re.split(r"[?#]", spec, maxsplit=1)[0]
        if not spec or "\x00" in spec:
            return ""
        if spec.startswith(("./", "../")) or spec in {".", ".."}:
            return self._relative(folder, spec)
        builtin = builtin_module(spec)
        if builtin:
            return builtin
        return (
            self._by_config(folder, spec)
            or self._by_package(folder, spec)
            or self._by_alias(folder, spec)
            or self._external(spec)
        )

    def _external(self, spec: str) -> str:
        if spec.startswith("npm:"):
            return _VERSION.sub(r"\1", spec)
        if spec.startswith(("http:", "https:", "jsr:")):
            return f"npm:{spec}"
        if spec.startswith(_PLATFORM):
            return spec
        return f"npm:{spec.rstrip('/')}" if _BARE.match(spec) else ""

    def depending(self, names: tuple[str, ...]) -> list[str]:
        """The folders of the packages that depend on one of these."""
        return [
            package.root
            for package in self._packages
            if any(n in package.dependencies or n in package.dev_dependencies for n in names)
        ]

    def inside(self, package: Package, inner: str) -> str:
        """The source of a file that a manifest names, relative to its package."""
        path = place(package.root, inner)
        return self.complete(path) or self._twin(package.root, path)

    def _relative(self, folder: str, spec: str) -> str:
        path = normpath(join(folder, spec))
        if path.startswith(".."):
            return ""
        path = "" if path == "." else path
        return self.complete(path) or self._twin(folder, path)

    def _twin(self, folder: str, path: str) -> str:
        """A relative import of build output (``../dist/x``) means its source."""
        package = self.package(folder)
        if package is None or path.startswith("node_modules/"):
            return ""
        inner = path[len(package.root) + 1 :] if package.root else path
        return package_target(package, inner, self._outputs(package), self.complete)

    def complete(self, path: str) -> str:
        """The file a path means: itself, with an extension, or an index; "" for none."""
        found = self._files.get(path)
        if found is None:
            found = self._files[path] = self._complete(path)
        return found

    def _complete(self, path: str) -> str:
        known = self._known
        if path in known:
            return path
        for ending, others in _TYPED.items():
            if path.endswith(ending):
                for other in others:
                    if path[: -len(ending)] + other in known:
                        return path[: -len(ending)] + other
        for ending in EXTENSIONS:
            if path + ending in known:
                return path + ending
        return self._directory(path)

    def _directory(self, path: str) -> str:
        manifest = join(path, "package.json")
        if manifest in self._known:
            for package in self._packages:
                if package.path == manifest and package.root == path and path:
                    main = package.raw.get("main") or package.raw.get("module")
                    inner = place(path, main) if isinstance(main, str) else ""
                    if inner and inner != path and inner in self._known:
                        return inner
                    if inner and inner != path:
                        for ending in EXTENSIONS:
                            if inner + ending in self._known:
                                return inner + ending
        for ending in EXTENSIONS:
            index = join(path, "index" + ending)
            if index in self._known:
                return index
        return ""

    # ------------------------------------------------------- configured names

    def package(self, folder: str) -> Package | None:
        """The package that a folder belongs to."""
        if folder not in self._folder_package:
            self._folder_package[folder] = next(
                (package for package in self._packages if _within(folder, package.root)), None
            )
        return self._folder_package[folder]

    def _by_config(self, folder: str, spec: str) -> str:
        for config in self._configs:
            if not _within(folder, config.root):
                continue
            found = self._by_paths(config, spec)
            if found:
                return found
        return ""

    def _by_paths(self, config: TsConfig, spec: str) -> str:
        for pattern in self._aliases(config).matching(spec):
            head, star, tail = pattern.partition("*")
            middle = spec[len(head) : len(spec) - len(tail)] if star else ""
            for target in config.paths[pattern]:
                found = self.complete(_clean(target.replace("*", middle)))
                if found:
                    return found
        if config.base_url is not None:
            path = _clean(join(config.base_url, spec))
            found = self.complete(path)  # nobody completes ``tsoa`` to the package's tsoa.json
            return "" if found != path and found.endswith((".json", ".node")) else found
        return ""

    def _aliases(self, config: TsConfig) -> PathPatterns:
        if config.path not in self._patterns:
            self._patterns[config.path] = PathPatterns(config.paths)
        return self._patterns[config.path]

    def _by_package(self, folder: str, spec: str) -> str:
        if spec.startswith("#"):
            return self._internal(folder, spec)
        name, inner = split_package(spec)
        package = self._named.get(name)
        if package is None:
            return ""
        own = self.package(folder)
        if own is not None and own.name == name and "exports" not in package.raw:
            return ""  # a package may name itself only through its exports
        return package_target(package, inner, self._outputs(package), self.complete)

    def _internal(self, folder: str, spec: str) -> str:
        package = self.package(folder)
        if package is None:
            return ""
        for target in internal_targets(package, spec):
            if not target.startswith("."):
                return self._resolve(folder, target)
            found = self.complete(place(package.root, target)) or self._twin(
                package.root, place(package.root, target)
            )
            if found:
                return found
        return ""

    def _outputs(self, package: Package) -> tuple[TsConfig, ...]:
        if package.root not in self._built:
            self._built[package.root] = tuple(
                config
                for config in self._configs
                if config.out_dir and _within(config.root, package.root)
            )
        return self._built[package.root]

    def _by_alias(self, folder: str, spec: str) -> str:
        package = self.package(folder)
        while package is not None:
            for alias, target in self.aliases.get(package.root, ()):
                if spec != alias and not spec.startswith(alias.rstrip("/") + "/"):
                    continue
                rest = spec[len(alias.rstrip("/")) :].strip("/")
                found = self.complete(_clean(join(target, rest)))
                if found:
                    return found
            package = self.package(dirname(package.root)) if package.root else None
        return ""


def split_package(specifier: str) -> tuple[str, str]:
    """A bare specifier's package name and inner path: ``@a/b/c`` -> (``@a/b``, ``c``)."""
    count = 2 if specifier.startswith("@") else 1
    parts = specifier.split("/")
    return "/".join(parts[:count]), "/".join(parts[count:])


def _within(folder: str, root: str) -> bool:
    return not root or folder == root or folder.startswith(root + "/")


def _clean(path: str) -> str:
    path = normpath(path)
    return "" if path == "." else path
