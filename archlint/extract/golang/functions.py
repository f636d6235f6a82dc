"""Go's functions, methods and closures, and a file's other top-level declarations."""

from __future__ import annotations

from tree_sitter import Node

from archlint.extract.golang.kinds import BLOCK, ids, stmt
from archlint.extract.golang.state import Lowering
from archlint.extract.golang.statements import body_of
from archlint.extract.golang.types import (
    parameters,
    results_of,
    string_value,
    type_parameters,
)
from archlint.model.facts import FunctionFacts, ImportFacts, Param
from archlint.model.ir import Name, Stmt, TField

_METHOD = ids("method_declaration")[0]
_LITERAL = ids("func_literal")[0]
_TYPE_PARAMETERS = ids("type_parameter_list")[0]
_IMPORT_LIST = ids("import_spec_list")[0]


class _Head:
    """The parts of a function before its body."""

    __slots__ = ("body", "name", "params", "receiver", "results", "type_params")

    def __init__(self, lo: Lowering, node: Node) -> None:
        self.name: Node | None = None
        self.params: tuple[Param, ...] = ()
        self.results: tuple[TField, ...] = ()
        self.receiver: TField | None = None
        self.type_params: tuple[TField, ...] = ()
        self.body: Node | None = None
        kids = lo.named(node)
        kind = node.kind_id
        if kind == _METHOD:
            receiver = parameters(lo, kids.pop(0), 0)
            if receiver:
                first = receiver[0]
                name = first.name.id if isinstance(first.name, Name) else ""
                self.receiver = TField(name, first.type)
        if kind != _LITERAL:
            self.name = kids.pop(0)
        self._rest(lo, kids)

    def _rest(self, lo: Lowering, kids: list[Node]) -> None:
        if kids and kids[-1].kind_id == BLOCK:
            self.body = kids.pop()
        if kids and kids[0].kind_id == _TYPE_PARAMETERS:
            self.type_params = type_parameters(lo, kids.pop(0), 0)
        if kids:
            self.params = parameters(lo, kids[0], 0)
        if len(kids) > 1:
            self.results = results_of(lo, kids[1], 0)


def function(lo: Lowering, node: Node, index: int, parent: int) -> FunctionFacts:
    """A function with its body (None for one written in assembly)."""
    lo.current = index
    head = _Head(lo, node)
    body: list[Stmt] = []
    if lo.bodies and head.body is not None:
        body.extend(body_of(lo, head.body, 0))
    lo.flush(body)
    at = node.start_byte
    name, name_at = "", at
    if head.name is not None:
        name_at = head.name.start_byte
        name = lo.text[name_at : head.name.end_byte]
    kind = node.kind_id
    return FunctionFacts(
        index,
        name,
        "method" if kind == _METHOD else "closure" if kind == _LITERAL else "function",
        at,
        node.end_byte,
        head.params,
        tuple(body) if head.body is not None else None,
        results=head.results,
        receiver=head.receiver,
        type_params=head.type_params,
        parent=parent,
        name_at=name_at,
    )


@stmt("function_declaration", "method_declaration")
def _declared(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    lo.function(node)


@stmt("package_clause")
def _package(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    for kid in lo.named(node):
        lo.package = lo.package or lo.text[kid.start_byte : kid.end_byte]
        lo.package_at = node.start_byte


@stmt("import_declaration")
def _imports(lo: Lowering, node: Node, depth: int, out: list[Stmt]) -> None:
    for kid in lo.named(node):
        for spec in lo.named(kid) if kid.kind_id == _IMPORT_LIST else [kid]:
            *alias, path = lo.named(spec)
            names = tuple(("*", lo.text[n.start_byte : n.end_byte]) for n in alias)
            specifier = string_value(lo.text[path.start_byte : path.end_byte])
            found = ImportFacts(spec.start_byte, spec.end_byte, "go", specifier, names)
            lo.imports.append(found)
