"""``require`` and ``import()``: literal, computed, and whole folders of modules."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from archlint.model import ir
from archlint.program.ecma.index import FunctionIndex
from archlint.program.ecma.values import ExternalValue, LiteralValue, Values, union

if TYPE_CHECKING:
    from archlint.program.ecma.evaluate import Evaluator

_JOINERS = frozenset({"node:path.join", "node:path.resolve", "node:path.posix.join"})
_SOURCE = re.compile(r"\.[cm]?[jt]sx?$")
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
        pattern = self.pattern(fn, arg)
        if not pattern.startswith(("./", "../", "/")):
            known = self._ev.values(fn, arg)
            texts = [v.text for v in known if isinstance(v, LiteralValue) and v.kind == "string"]
            found = [self._ev.resolver.resolve(fn.file.path, text) for text in texts]
            return [target for target in dict.fromkeys(found) if target]
        if "*" not in pattern:
            target = self._ev.resolver.resolve(fn.file.path, pattern)
            return [target] if target else []
        return self.matching(fn.file.path, pattern)

    def started(self, fn: FunctionIndex, arg: ir.Expr) -> list[str]:
        """The files that a path given to a worker or child process means."""
        inner = arg.args[0] if isinstance(arg, ir.Call) and arg.args else arg
        pattern = self.pattern(fn, arg)
        if pattern == "*":
            pattern = self.pattern(fn, inner)
        if not pattern.strip("*./"):
            return []
        if "*" in pattern:
            return self.matching(fn.file.path, pattern) if pattern.startswith(".") else []
        found = self._ev.resolver.resolve(fn.file.path, pattern)
        if found.startswith(("npm:", "node:")) or not found:
            package = self._ev.resolver.package(dirname(fn.file.path))
            found = self._ev.resolver.inside(package, pattern) if package else ""
        return [found] if found else []

    def matching(self, path: str, pattern: str) -> list[str]:
        """Files that a pattern relative to a file matches; itself never, tests never."""
        base = normpath(join(dirname(path), pattern))
        head = base.split("*", 1)[0]
        if base.startswith("..") or ("/" not in head and not dirname(path) and head == ""):
            return []
        parts = [re.escape(part) for part in re.split(r"\*+", base)]
        expression = re.compile("[^/]*".join(parts) + r"(\.[cm]?[jt]sx?|/index\.[cm]?[jt]sx?)?$")
        deep = re.compile(".*".join(parts) + r"(\.[cm]?[jt]sx?)?$") if "**" in base else expression
        found = [
            known
            for known in self._paths
            if known.startswith(head) and known != path and deep.match(known)
        ]
        found = [known for known in found if not known.endswith(".d.ts") and _SOURCE.search(known)]
        return found[:MOST]

    def pattern(self, fn: FunctionIndex, node: ir.Expr, depth: int = 0) -> str:
        """A path expression as text relative to its file, ``*`` for what is unknown."""
        if depth > 12:
            return "*"
        if isinstance(node, ir.Literal):
            return node.value
        if isinstance(node, ir.Template) and node.tag is None:
            return "".join(self.pattern(fn, part, depth + 1) for part in node.parts)
        if isinstance(node, ir.Binary) and node.op == "+":
            left = self.pattern(fn, node.left, depth + 1)
            return left + self.pattern(fn, node.right, depth + 1)
        if isinstance(node, ir.Name):
            return self._named(fn, node, depth)
        if isinstance(node, ir.Member) and node.name == "dirname":
            return "." if "import.meta" in repr(node.object) else "*"
        if isinstance(node, ir.Call):
            return self._called(fn, node, depth)
        return self._known(fn, node)

    def _named(self, fn: FunctionIndex, node: ir.Name, depth: int) -> str:
        if node.id == "__dirname":
            return "."
        binding = self._ev.binding(fn, node)
        if binding is None or binding.parameter >= 0 or len(binding.sources) != 1:
            return self._known(fn, node)
        source = binding.sources[0]
        if source.expr is None or source.steps or binding.kind not in {"const", "let", "var"}:
            return "*"
        return self.pattern(fn.file.functions[source.function], source.expr, depth + 1)

    def _called(self, fn: FunctionIndex, node: ir.Call, depth: int) -> str:
        for value in self._ev.values(fn, node.callee):
            if not isinstance(value, ExternalValue):
                continue
            if value.name in _JOINERS:
                parts = [self.pattern(fn, arg, depth + 1) for arg in node.args]
                joined = "/".join(part.strip("/") or "." for part in parts if part)
                return joined if joined.startswith(("./", "../", "*")) else "./" + joined
            if value.name in {"node:url.fileURLToPath", "global:URL", "node:url.pathToFileURL"}:
                return self.pattern(fn, node.args[0], depth + 1) if node.args else "*"
            if value.name == "node:path.dirname":
                return "."
        return "*"

    def _known(self, fn: FunctionIndex, node: ir.Expr) -> str:
        texts = [v.text for v in self._ev.values(fn, node) if isinstance(v, LiteralValue)]
        return texts[0] if len(texts) == 1 else "*"
