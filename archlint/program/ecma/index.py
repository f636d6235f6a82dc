"""Everything the linker looks up in one file by name, and in each of its functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from archlint.model import ir
from archlint.model.facts import FileFacts, FunctionFacts
from archlint.model.walk import children
from archlint.program.ecma.noted import Noted
from archlint.program.ecma.records import Binding, Bound, MemberAssign, Source
from archlint.program.ecma.walking import FunctionWalk

__all__ = ["Binding", "FileIndex", "FunctionIndex", "added_by", "begins"]


class FunctionIndex:
    """A function and what its own body holds (closures apart)."""

    __slots__ = (
        "bindings",
        "calls",
        "facts",
        "file",
        "index",
        "object",
        "property",
        "prototype",
        "reads",
        "returns",
        "typed",
        "writes",
    )

    def __init__(self, file: FileIndex, facts: FunctionFacts) -> None:
        self.file = file
        self.facts = facts
        self.index = facts.index
        self.bindings: dict[str, list[Binding]] = {}
        self.calls: list[ir.Call] = []
        self.returns: list[ir.Expr] = []
        self.reads: list[ir.Member] = []
        self.writes: list[ir.Member] = []
        self.object: ir.Object | None = None
        self.property: int = -1
        self.prototype: ir.Member | None = None
        self.typed: tuple[FunctionIndex, ir.Type] | None = None

    @property
    def id(self) -> tuple[str, int]:
        """(path, index), the function's identity in the program."""
        return (self.file.path, self.index)

    @property
    def parent(self) -> FunctionIndex | None:
        """The enclosing function."""
        parent = self.facts.parent
        return self.file.functions[parent] if 0 <= parent != self.index else None


class FileIndex:
    """Everything the linker looks up in one file by name."""

    def __init__(self, facts: FileFacts) -> None:
        self.path = facts.path
        self.facts = facts
        self.functions = [FunctionIndex(self, function) for function in facts.functions]
        self.assigns: dict[str, list[Source]] = defaultdict(list)
        self.members: dict[str, list[MemberAssign]] = defaultdict(list)
        self.elements: dict[str, list[MemberAssign]] = defaultdict(list)
        self.grown: dict[str, list[tuple[int, ir.Call]]] = defaultdict(list)
        self.merges: list[tuple[int, ir.Call]] = []
        self.keys: dict[int, str] = {}
        self.providers: list[tuple[int, ir.Object]] = []
        self.registered: list[tuple[int, str, ir.Call]] = []
        self.bound: list[tuple[int, Bound]] = []
        self.inherits: list[tuple[int, ir.Call]] = []
        self.types: dict[str, list[int]] = defaultdict(list)
        self.classes: dict[int, int] = {}
        self.calls_at: dict[int, int] = {}
        self.noted = Noted()
        for kind in facts.types:
            self.types[kind.name].append(kind.index)
        self._declare_imports()
        for function in self.functions:
            FunctionWalk(self, function).run()
        self._walk_classes()
        self.commonjs = not facts.exports or "exports" in self.members
        """Whether exports may be assigned (an ECMAScript module assigns none)."""

    def growth(self, name: str) -> Iterator[tuple[FunctionIndex, ir.Expr, tuple[ir.Expr, ...]]]:
        """Where something is added to a member ``x.name``: (function, ``x``, what is added)."""
        for index, call in self.grown.get(name, ()):
            target = call.callee.object if isinstance(call.callee, ir.Member) else None
            if isinstance(target, ir.Member):
                yield self.functions[index], target.object, added_by(call)
        for record in self.elements.get(name, ()):
            if isinstance(record.object, ir.Member):
                yield self.functions[record.function], record.object.object, (record.value,)

    def _declare_imports(self) -> None:
        if not self.functions:
            return
        top = self.functions[0].bindings
        for item in self.facts.imports:
            for imported, local in item.names:
                binding = Binding(self.path, 0, local, "import", item.at)
                binding.imported = (item, imported)
                top.setdefault(local, []).append(binding)

    def _walk_classes(self) -> None:
        """Field values, decorators and base classes are walked in the function that holds them."""
        for item in self.facts.classes:
            if not 0 <= item.parent < len(self.functions):
                continue
            holder = self.functions[item.parent]
            outside: list[Any] = [item.extends] if item.extends else []
            outside.extend(d.value for d in item.decorators)
            for member in item.members:
                outside.extend(d.value for d in member.decorators)
                if member.value is not None:
                    self._field(item.index, member.value)
                    outside.append(member.value)
            FunctionWalk(self, holder).expressions(outside)

    def _field(self, owner: int, value: ir.Expr) -> None:
        """Arrows in a field's value see the instance as ``this``."""
        stack: list[Any] = [value]
        while stack:
            node = stack.pop()
            if type(node) is ir.FunctionRef:
                self.functions[node.index].property = owner
            stack.extend(children(node))


def added_by(call: ir.Call) -> tuple[ir.Expr, ...]:
    """The arguments that a growing call (``push``, ``add``, ``set``) adds to its receiver."""
    name = call.callee.name if isinstance(call.callee, ir.Member) else ""
    return call.args[1:2] if name == "set" else call.args[2:] if name == "splice" else call.args


def begins(fn: FunctionIndex, text: str) -> bool:
    """Whether a function's body begins with a directive."""
    for statement in (fn.facts.body or ())[:4]:
        value = statement.value if isinstance(statement, ir.ExprStmt) else None
        if isinstance(value, ir.Literal):
            if value.value == text:
                return True
        elif not isinstance(statement, ir.ExprStmt):
            return False
    return False
