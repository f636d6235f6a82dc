"""Static types of calls: declared and evident results, promise statics, methods of lists."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.model import ir
from archlint.program.ecma import EcmaLinker
from archlint.program.ecma_promises.kinds import (
    PROMISE,
    VOID,
    ClassKind,
    FunctionId,
    FunctionKind,
    ListKind,
    LiteralKind,
    Typed,
)
from archlint.program.ecma_promises.type_members import LISTS, TypeMembers, Types

_SAME_LIST = frozenset(
    {"filter", "slice", "concat", "reverse", "sort", "toSorted", "toReversed", "values", "splice"}
)
_ONE_ITEM = frozenset({"find", "pop", "shift", "at", "findLast"})
LIST_METHODS = _SAME_LIST | _ONE_ITEM | {"map", "flatMap"}
"""Methods that give a list, or an element of one."""
_PROMISE_STATICS = frozenset({"all", "allSettled", "any", "race", "resolve", "reject", "try"})
_CHAIN = frozenset({"then", "catch", "finally"})
_LISTS = frozenset({ir.TSlice, ir.TTuple, ListKind})


def is_promise_name(kind: object) -> bool:
    """Whether a type is ``Promise`` as written."""
    return type(kind) is ir.TName and kind.name == "Promise"


class CallTypes(TypeMembers):
    """The part of ``Typing`` that says what calls give."""

    def __init__(self, ecma: EcmaLinker) -> None:
        super().__init__(ecma)
        self._results: dict[FunctionId, Types] = {}
        self._called: dict[tuple[FunctionId, int], Types] = {}
        self._made: list[ir.TName] = []
        """Types that no file holds: kept, since what is known of a type goes by its identity."""

    def _call(self, function: FunctionId, node: ir.Call) -> Types:
        callee = node.callee
        if node.new:
            return self._constructed(function, node)
        if isinstance(callee, ir.Name):
            if callee.id == "import":
                return (Typed(function, PROMISE),)
        elif isinstance(callee, ir.Member):
            special = self._method(function, node, callee)
            if special is not None:
                return special
        types = self.of(function, callee)
        if len(types) == 1:
            return self.called(types[0])
        return tuple([result for typed in types for result in self.called(typed)])

    def _constructed(self, function: FunctionId, node: ir.Call) -> Types:
        callee = node.callee
        found: list[Typed] = []
        if isinstance(callee, ir.Name) and self.binding(function, callee) is None:
            self._made.append(ir.TName(callee.id, node.types))
            found.append(Typed(function, self._made[-1]))
        for typed in self.of(function, callee):
            if isinstance(typed.kind, ClassKind) and typed.kind.static:
                found.append(Typed(typed.scope, ClassKind(typed.kind.path, typed.kind.index)))
            elif isinstance(typed.kind, ir.TStruct | ir.TInterface):
                for field in self._field(typed, typed.kind, "new", 0):
                    found.extend(self.called(field))
                embeds = typed.kind.embeds if isinstance(typed.kind, ir.TInterface) else ()
                if any(isinstance(e, ir.TName) and e.name == "PromiseConstructor" for e in embeds):
                    found.append(Typed(function, PROMISE))
        return tuple(found)

    def _method(self, function: FunctionId, node: ir.Call, callee: ir.Member) -> Types | None:
        """Promise statics and chains, list methods; None for every other method."""
        target, name = callee.object, callee.name
        if (
            isinstance(target, ir.Name)
            and target.id == "Promise"
            and name in _PROMISE_STATICS
            and self.binding(function, target) is None
        ):
            return (Typed(function, PROMISE),)
        receiver = self.of(function, target)
        if not receiver:
            return None
        if name in _CHAIN and any(is_promise_name(typed.kind) for typed in receiver):
            return (Typed(function, PROMISE),)
        if any(self.is_list(typed) for typed in receiver):
            return self._of_list(function, node, name, receiver)
        return None

    def _of_list(
        self, function: FunctionId, node: ir.Call, name: str, receiver: Types
    ) -> Types | None:
        if name in {"map", "flatMap"} and node.args:
            return (Typed(function, ListKind(self.returned(self.of(function, node.args[0])))),)
        if name in _SAME_LIST:
            return receiver
        if name in _ONE_ITEM:
            return self.elements(receiver)
        return (Typed(function, VOID),) if name == "forEach" else None

    def is_list(self, typed: Typed) -> bool:
        """Whether a type is an array, tuple or the like."""
        kind = typed.kind
        if isinstance(kind, LiteralKind):
            return isinstance(kind.node, ir.Array)
        if isinstance(kind, ir.TName):
            return kind.name in LISTS
        return type(kind) in _LISTS

    def called(self, typed: Typed) -> Types:
        """What calling something of a type gives; () where a type meets itself."""
        kind = typed.kind
        if type(kind) is FunctionKind:
            return self.results_of((kind.path, kind.index))
        key = (typed.scope, id(kind))
        found = self._called.get(key)
        if found is None:
            self._called[key] = ()
            found = self._called[key] = self._result(typed)
        return found

    def _result(self, typed: Typed) -> Types:
        kind = typed.kind
        if isinstance(kind, ir.TFunc):
            return self.expanded(
                Typed(typed.scope, field.type) for field in kind.results if field.type is not None
            )
        if isinstance(kind, ir.TStruct | ir.TInterface):
            found = self._field(typed, kind, "()", 0)
            return self.expanded(
                r for field in found for r in self.called(field) if field.kind is not kind
            )
        if isinstance(kind, ir.TUnion):
            parts = (p for m in kind.members for p in self.scopes.expand(Typed(typed.scope, m)))
            return self.expanded(r for part in parts for r in self.called(part))
        return ()

    def returned(self, types: Iterable[Typed]) -> Types:
        """What calling any of the types gives."""
        return self.expanded([r for typed in types for r in self.called(typed)])

    def results_of(self, function: FunctionId) -> Types:
        """The declared or evident result types of a function of the repo."""
        known = self._results.get(function)
        if known is not None:
            return known
        self._results[function] = ()
        facts = self._ecma.facts[function[0]].functions[function[1]]
        if facts.results and facts.results[0].type is not None:
            found = self.expanded((Typed(function, facts.results[0].type),))
        elif facts.is_async and not facts.generator:
            found = (Typed(function, PROMISE),)
        elif facts.generator or facts.body is None:
            found = ()
        else:
            found = self._inferred(function)
        self._results[function] = found
        return found

    def _inferred(self, function: FunctionId) -> Types:
        index = self.function(function)
        returns = index.returns if index is not None else []
        if not returns:
            return (Typed(function, VOID),)
        return self.expanded([t for expr in returns for t in self.of(function, expr)])

    def awaited(self, types: Types) -> Types:
        """What ``await`` makes of types."""
        found: list[Typed] = []
        for typed in types:
            if isinstance(typed.kind, ir.TName) and typed.kind.name in {"Promise", "PromiseLike"}:
                found.extend(Typed(typed.scope, arg) for arg in typed.kind.args[:1])
            else:
                found.append(typed)
        return self.expanded(found)
