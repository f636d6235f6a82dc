"""Static types of expressions, from annotations and declarations; no flow, no generics solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.model import ir
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma.records import Binding
from archlint.program.ecma_promises.call_types import CallTypes
from archlint.program.ecma_promises.kinds import (
    ClassKind,
    FunctionId,
    FunctionKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.type_members import Types

DEPTH = 40


class Typing(CallTypes):
    """Types of expressions by (function, expression), memoised."""

    def __init__(self, ecma: EcmaLinker) -> None:
        super().__init__(ecma)
        self._memo: dict[int, Types] = {}
        self._bindings: dict[int, Types] = {}
        self._depth = 0
        self._handlers: dict[type, Callable[[FunctionId, Any], Types]] = {
            ir.Name: self._name,
            ir.Member: lambda f, n: self.member(self.of(f, n.object), n.name),
            ir.Index: lambda f, n: self.elements(self.of(f, n.object)),
            ir.Call: self._call,
            ir.Await: lambda f, n: self.awaited(self.of(f, n.value)),
            ir.Cast: self._cast,
            ir.Conditional: lambda f, n: (*self.of(f, n.then), *self.of(f, n.other)),
            ir.Binary: self._binary,
            ir.Sequence: lambda f, n: self.of(f, n.items[-1]) if n.items else (),
            ir.Assign: lambda f, n: self.of(f, n.values[0]) if n.values else (),
            ir.Template: lambda f, n: self.returned(self.of(f, n.tag)) if n.tag else (),
            ir.FunctionRef: lambda f, n: (Typed(f, FunctionKind(f[0], n.index)),),
            ir.ClassRef: lambda f, n: (Typed(f, ClassKind(f[0], n.index, True)),),
            ir.Object: lambda f, n: (Typed(f, LiteralKind(f, n)),),
            ir.Array: lambda f, n: (Typed(f, LiteralKind(f, n)),),
        }

    def of(self, function: FunctionId, node: ir.Expr | None) -> Types:
        """The constituents of an expression's static type; () when nothing is declared."""
        known = self._memo.get(id(node))
        if known is not None:
            return known
        handler = self._handlers.get(type(node))
        if handler is None or self._depth > DEPTH:
            return ()
        self._memo[id(node)] = ()
        self._depth += 1
        found = handler(function, node)
        self._depth -= 1
        if found:
            found = self._memo[id(node)] = self.expanded(found)
        return found

    # ------------------------------------------------------------------ names

    def _name(self, function: FunctionId, node: ir.Name) -> Types:
        if node.id == "this":
            return self._this(function)
        binding = self.binding(function, node)
        if binding is None:
            return ()
        found = self._bindings.get(id(binding))
        if found is None:
            self._bindings[id(binding)] = ()
            found = self._bindings[id(binding)] = self.expanded(self._declared(binding))
        return found

    def _declared(self, binding: Binding) -> Types:
        """The type of a declared name: its annotation, else that of what it is set to."""
        if binding.imported is not None:
            item, imported = binding.imported
            target = self._ecma.resolve_module(binding.path, item.specifier or "")
            return self._exported(target, imported, 0)
        if binding.type is not None:
            return (Typed((binding.path, binding.function), binding.type),)
        found: Types = ()
        for source in binding.sources:
            inner = (binding.path, source.function)
            types = self._parameter(inner, binding.parameter, source.expr)
            found += self._steps(types, source.steps) if source.steps else types
            if source.default is not None:
                found += self.of(inner, source.default)
        return found

    def _parameter(self, scope: FunctionId, position: int, expr: ir.Expr | None) -> Types:
        """The type of a whole parameter, or of an initial value."""
        if expr is not None:
            return self.of(scope, expr)
        facts = self._ecma.facts[scope[0]].functions[scope[1]]
        if 0 <= position < len(facts.params):
            declared = facts.params[position].type
            if declared is not None:
                return self.expanded((Typed(scope, declared),))
        return ()

    def _steps(self, types: Types, steps: tuple[tuple[str, Any], ...]) -> Types:
        for step, key in steps:
            if not types:
                break
            if step == "prop":
                types = self.member(types, str(key))
            elif step in {"item", "each"}:
                types = self.elements(types, key if step == "item" else None)
            elif step == "key":
                types = ()
        return types

    def _this(self, function: FunctionId) -> Types:
        facts = self._ecma.facts[function[0]]
        index = function[1]
        while index > 0:
            found = facts.functions[index]
            if found.owner >= 0:
                return (Typed(function, ClassKind(function[0], found.owner, found.static)),)
            if found.kind != "arrow":
                break
            index = found.parent
        return ()

    def _exported(self, path: str, name: str, depth: int) -> Types:
        facts = self._ecma.facts.get(path)
        if facts is None or depth > 8:
            return ()
        for item in facts.exports:
            if item.name != name:
                continue
            if item.specifier is None:
                return self.of((path, 0), item.value)
            target = self._ecma.resolve_module(path, item.specifier)
            return self._exported(target, item.source_name or name, depth + 1)
        for item in facts.exports:
            if item.name == "*" and item.specifier is not None:
                target = self._ecma.resolve_module(path, item.specifier)
                found = self._exported(target, name, depth + 1)
                if found:
                    return found
        return ()

    # ----------------------------------------------------------------- others

    def _cast(self, function: FunctionId, node: ir.Cast) -> Types:
        return self.of(function, node.value) if node.type is None else (Typed(function, node.type),)

    def _binary(self, function: FunctionId, node: ir.Binary) -> Types:
        if node.op == "&&":
            return self.of(function, node.right)
        if node.op in {"||", "??"}:
            return (*self.of(function, node.left), *self.of(function, node.right))
        return ()
