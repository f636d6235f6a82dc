"""tsconfig.json and jsconfig.json, with their ``extends`` chains merged as TypeScript does."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from archlint.discovery.manifests.structured import decode_jsonc, text_list
from archlint.model.errors import ManifestError
from archlint.model.finding import Skip
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import TsConfig

_NAME = lazy_regex(r"^(?:tsconfig|jsconfig)(?:[.\-].*)?\.json$")
_MAX_CHAIN = 20


def is_tsconfig(path: str) -> bool:
    """Whether a file's name is that of a TypeScript or JavaScript project."""
    return _NAME.match(posixpath.basename(path)) is not None


def load_tsconfigs(
    documents: Mapping[str, str], problems: list[Skip] | None = None
) -> tuple[TsConfig, ...]:
    """Every tsconfig among ``documents`` (path -> text), sorted by path.

    A document that cannot be read is added to ``problems`` and leaves the others alone; without
    that list the first one raises ManifestError.
    """
    loader = _Loader(documents)
    found: list[TsConfig] = []
    for path in sorted(documents):
        if not is_tsconfig(path):
            continue
        try:
            found.append(loader.load(path))
        except ManifestError as error:
            if problems is None:
                raise
            problems.append(Skip(path, error.reason))
    return tuple(found)


class _Loader:
    """Reads each document once; options hold folders already relative to the repo root."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._documents = documents
        self._read: dict[str, dict[str, Any]] = {}
        self._merged: dict[str, dict[str, Any]] = {}
        self._roots: dict[str, str] | None = None

    def load(self, path: str) -> TsConfig:
        options = self._options(path, ())
        return TsConfig(
            path=path,
            root=posixpath.dirname(path),
            base_url=options.get("baseUrl"),
            paths=options.get("paths", {}),
            strict=options.get("strict") is True,
            root_dirs=options.get("rootDirs", ()),
            out_dir=options.get("outDir") or "",
            root_dir=options.get("rootDir") or "",
        )

    def _options(self, path: str, chain: tuple[str, ...]) -> dict[str, Any]:
        if path in self._merged:
            return self._merged[path]
        if path in chain or len(chain) > _MAX_CHAIN:
            return {}
        raw = self._json(path)
        merged: dict[str, Any] = {}
        extends = raw.get("extends")
        for name in (extends,) if isinstance(extends, str) else text_list(extends):
            target = self._target(name, posixpath.dirname(path))
            if target:
                merged.update(self._parent(target, (*chain, path)))
        merged.update(self._own(raw, posixpath.dirname(path), merged))
        self._merged[path] = merged
        return merged

    def _parent(self, target: str, chain: tuple[str, ...]) -> dict[str, Any]:
        """A parent that cannot be read contributes nothing: its own entry reports it."""
        try:
            return self._options(target, chain)
        except ManifestError:
            return {}

    def _json(self, path: str) -> dict[str, Any]:
        if path not in self._read:
            raw = decode_jsonc(path, self._documents[path] or "{}")
            if not isinstance(raw, dict):
                raise ManifestError(path, "is not a JSON object")
            self._read[path] = raw
        return self._read[path]

    @staticmethod
    def _own(raw: dict[str, Any], folder: str, inherited: dict[str, Any]) -> dict[str, Any]:
        compiler = raw.get("compilerOptions")
        if not isinstance(compiler, dict):
            return {}
        own: dict[str, Any] = {}
        for key in ("baseUrl", "outDir", "rootDir"):
            if isinstance(compiler.get(key), str):
                own[key] = _join(folder, compiler[key])
        if isinstance(compiler.get("strict"), bool):
            own["strict"] = compiler["strict"]
        own["rootDirs"] = tuple(_join(folder, item) for item in text_list(compiler.get("rootDirs")))
        if not own["rootDirs"]:
            del own["rootDirs"]
        if isinstance(compiler.get("paths"), dict):
            base = own.get("baseUrl", inherited.get("baseUrl"))
            anchor = folder if base is None else base
            own["paths"] = {
                pattern: tuple(_join(anchor, item) for item in text_list(targets))
                for pattern, targets in compiler["paths"].items()
            }
        return own

    def _target(self, name: str, folder: str) -> str:
        """The document that an ``extends`` names, or "" when it lies outside the repo."""
        if name.startswith((".", "/")):
            return self._existing(_join(folder, name))
        while True:
            found = self._existing(_join(folder, f"node_modules/{name}"))
            if found or not folder:
                return found or self._workspace(name)
            folder = posixpath.dirname(folder)

    def _existing(self, base: str) -> str:
        for candidate in (base, f"{base}.json", f"{base}/tsconfig.json".lstrip("/")):
            if candidate in self._documents and candidate.endswith(".json"):
                return candidate
        return ""

    def _workspace(self, name: str) -> str:
        """A package of the same repo, found by the name in its package.json."""
        parts = name.split("/")
        count = 2 if name.startswith("@") else 1
        package, rest = "/".join(parts[:count]), "/".join(parts[count:])
        root = self._package_roots().get(package)
        if root is None:
            return ""
        return self._existing(_join(root, rest) if rest else _join(root, "tsconfig.json"))

    def _package_roots(self) -> dict[str, str]:
        if self._roots is None:
            self._roots = {}
            for path in self._documents:
                if posixpath.basename(path) != "package.json" or "node_modules/" in path:
                    continue
                match = re.search(r'"name"\s*:\s*"([^"\\]+)"', self._documents[path])
                if match:
                    self._roots.setdefault(match[1], posixpath.dirname(path))
        return self._roots


def _join(folder: str, target: str) -> str:
    """``target`` seen from ``folder``, relative to the repo root ("" is the root itself)."""
    relative = target.removeprefix("${configDir}/").replace("\\", "/")
    path = posixpath.normpath(posixpath.join(folder, relative))
    return "" if path == "." else path
