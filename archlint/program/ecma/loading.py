"""``require`` and ``import()``: literal, computed and of whole folders; path arithmetic."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.model.pattern import lazy_regex
from archlint.program.ecma.folders import spellings
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import (
    FolderValue,
    LiteralValue,
    ObjectValue,
    Values,
    union,
)

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_JOIN = frozenset({"node:path.join", "node:path.resolve", "node:path.posix.join", "npm:upath.join"})
_SAME = frozenset({"node:url.fileURLToPath", "node:url.pathToFileURL", "node:path.normalize",
    "node:fs.realpathSync", "node:url.URL"})  # fmt: skip
_SOURCE = lazy_regex(r"\.[cm]?[jt]sx?$")
MOST = 200
"""A computed import leads to no more modules than this."""


class Loading:
    """Modules by path patterns; ``*`` stands for what is computed."""

    def __init__(self, evaluator: Evaluator, paths: list[str]) -> None:
        self._ev = evaluator
        self._paths = sorted(paths)

    def required(self, fn: FunctionIndex, call: ir.Call) -> Values:
        """What ``require(...)`` gives."""
        return union(*(self._ev.exports.required(t) for t in self.targets(fn, call)))

    def namespace(self, fn: FunctionIndex, call: ir.Call) -> Values:
        """What ``import(...)`` resolves to."""
        return union(*(self._ev.exports.from_target(t, "*") for t in self.targets(fn, call)))

    def targets(self, fn: FunctionIndex, call: ir.Call) -> list[str]:
        """The modules that a loading call may load."""
        if not call.args:
            return []
        arg = call.args[0]
        if isinstance(arg, ir.Literal):
            target = self._ev.resolver.resolve(fn.file.path, arg.value)
            return [target] if target else []
        return self.computed(fn, arg)

    def computed(self, fn: FunctionIndex, arg: ir.Expr) -> list[str]:
        """The modules that a computed path may mean."""
        texts = [self._ev.text(fn, arg)]
        if texts == ["*"]:
            values = self._ev.values(fn, arg)
            texts = [v.text for v in values if isinstance(v, LiteralValue)]
        found: dict[str, None] = {}
        for text in texts:
            found.update(dict.fromkeys(self._spelled(fn.file.path, text)))
        return list(found)[:MOST]

    def _spelled(self, path: str, text: str) -> list[str]:
        """The modules that a text means in a file."""
        if text.startswith("/"):
            base = text.lstrip("/")
        elif text.startswith(("./", "../")):
            base = normpath(join(dirname(path), text))
        else:
            target = "" if "*" in text else self._ev.resolver.resolve(path, text)
            return [target] if target else []
        if "*" in base:
            return self.matching(path, base)
        target = self._ev.resolver.complete(base)
        return [target] if target else []

    def started(self, fn: FunctionIndex, arg: ir.Expr) -> list[str]:
        """The files that a path given to a worker or child process means."""
        text = self._ev.text(fn, arg)
        if text == "*" and isinstance(arg, ir.Call) and arg.args:
            text = self._ev.text(fn, arg.args[0])
        if not text.strip("*./"):
            return []
        found = [t for t in self._spelled(fn.file.path, text) if ":" not in t]
        if not found and not text.startswith("/"):
            package = self._ev.resolver.package(dirname(fn.file.path))
            inner = self._ev.resolver.inside(package, text) if package else ""
            found = [inner] if inner else []
        return found

    def matching(self, path: str, base: str) -> list[str]:
        """Files that a pattern (from the repo's root) matches; the asking file itself never."""
        head = base.split("*", 1)[0]
        if base.startswith("..") or (not head and dirname(path)):
            return []
        folders, _, name = base.rpartition("/")
        if "*" in folders and "*" in name:
            return []  # neither the folder nor the file is known
        parts = [re.escape(part) for part in re.split(r"\*+", base)]
        middle = ".*" if "**" in base else "[^/]*"
        ending = r"(\.[cm]?[jt]sx?|/index\.[cm]?[jt]sx?)?$"
        pattern = re.compile(middle.join(parts) + ending)
        return [
            known
            for known in self._paths
            if known.startswith(head)
            and known != path
            and pattern.match(known)
            and not known.endswith(".d.ts")
            and _SOURCE.search(known)
        ][:MOST]

    # ------------------------------------------------------------------ paths

    def directory(self, fn: FunctionIndex) -> Values:
        """``__dirname``."""
        return (LiteralValue("path", "/" + dirname(fn.file.path)),)

    def path(self, fn: FunctionIndex, args: tuple[ir.Expr, ...], name: str) -> Values:
        """What a function about paths gives, when its first part is known; else ()."""
        if name == "global:process.cwd":
            package = self._ev.resolver.package(dirname(fn.file.path))
            return (LiteralValue("path", "/" + (package.root if package else "")),)
        if not args:
            return ()
        if name == "global:URL" or (name == "node:url.URL" and len(args) > 1):
            base = self._ev.text(fn, args[1]) if len(args) > 1 else ""
            text = self._ev.text(fn, args[0])
            return self._absolute([dirname(base), text]) if base.startswith("/") else ()
        if name == "node:path.dirname":
            text = self._ev.text(fn, args[0])
            return self._absolute([dirname(text)]) if text.startswith("/") else ()
        if name in _SAME:
            return self._absolute([self._ev.text(fn, args[0])])
        if name == "npm:desm.join" and len(args) > 1:
            texts = [self._ev.text(fn, arg) for arg in args[1:]]
            return self._absolute(["/" + dirname(fn.file.path), *texts])
        if name in _JOIN:
            return self._absolute([self._ev.text(fn, arg) for arg in args])
        return ()

    def _absolute(self, parts: list[str]) -> Values:
        if not parts or not parts[0].startswith("/"):
            return ()
        inner = [part.lstrip("/") for part in parts[1:]]
        return (LiteralValue("path", normpath("/".join([parts[0], *inner])).replace("//", "/")),)

    # ---------------------------------------------------------------- folders

    def folder(self, fn: FunctionIndex, args: tuple[ir.Expr, ...]) -> Values:
        """What a directory loader gives for its argument (a path, or an object's ``dirname``)."""
        if not args:
            return (FolderValue(dirname(fn.file.path)),)
        values = self._ev.values(fn, args[0])
        for value in values:
            if isinstance(value, ObjectValue):
                values = self._ev.members.one(value, "dirname")
        for value in values:
            if isinstance(value, LiteralValue) and "*" not in value.text:
                inner = value.text.lstrip("/")
                if value.kind != "path":
                    inner = normpath(join(dirname(fn.file.path), value.text))
                return (FolderValue(inner),)
        return ()

    def inside(self, value: FolderValue, name: str) -> Values:
        """The module (or folder) of a name in a folder."""
        hung = value.instances or value.member
        for spelled in spellings(name) if hung else (name,):
            target = self._ev.resolver.complete(join(value.path, spelled))
            if target and self._ev.file(target) is not None:
                if not hung:
                    return self._ev.exports.module(target)
                return self._ev.folders.meant(
                    value, self._ev.exports.from_target(target, "default")
                )
            below = join(value.path, spelled) + "/"
            if any(path.startswith(below) for path in self._paths):
                return (FolderValue(join(value.path, spelled), value.instances, value.member),)
        return ()

    def everything(self, value: FolderValue) -> Values:
        """All modules of a folder."""
        return union(*(self._ev.exports.module(path) for path in self.below(value.path)))

    def below(self, folder: str) -> list[str]:
        """The modules in a folder, at any depth."""
        prefix = folder + "/"
        paths = [p for p in self._paths if p.startswith(prefix) and _SOURCE.search(p)]
        return [path for path in paths if not path.endswith(".d.ts")][:MOST]
