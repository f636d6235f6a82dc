"""The state of lowering one file: its text, what was found so far, and the bodies still to do."""

from __future__ import annotations

from typing import Protocol

import msgspec
from tree_sitter import Node

from archlint.extract.ecma.grammar import Grammar
from archlint.model.facts import (
    ClassFacts,
    Decorator,
    ExportFacts,
    FunctionFacts,
    ImportFacts,
    TypeFacts,
)
from archlint.model.ir import ClassRef, Expr, FunctionRef, Opaque, Stmt

DEPTH = 200
"""Levels of nesting, within a body and of bodies, that are lowered; deeper is ``Opaque``."""

MARGIN = 24
"""Levels that are kept for what hangs on a long chain."""

SPINE = DEPTH - MARGIN
"""Beyond this level a chain of calls, operators or branches is flattened instead of nested."""


def is_short(node: Node, spine: frozenset[int]) -> bool:
    """Whether a chain that goes down by first children soon ends."""
    for _ in range(MARGIN // 3):
        if node.kind_id not in spine:
            return True
        node = node.children[0]
    return False


class Source(Protocol):
    """Text that is sliced by byte offsets."""

    def __getitem__(self, part: slice, /) -> str:
        """The text between two byte offsets."""
        ...


class WideSource:
    """Source with multi-byte characters; bytes that are no UTF-8 read as U+FFFD."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __getitem__(self, part: slice, /) -> str:
        return self._data[part].decode("utf-8", "replace")


class Body(msgspec.Struct):
    """A function, class or namespace whose body waits to be lowered.

    ``sort`` is function, class or namespace; ``index`` its place in the functions (or classes);
    ``parent`` the function around it; ``level`` how many functions and classes are. ``signatures``
    are a function's overloads, or the export statement around a class.
    """

    sort: str
    index: int
    node: Node
    name: str
    name_at: int
    parent: int
    level: int
    owner: int = -1
    signatures: tuple[Node, ...] = ()
    decorators: tuple[Decorator, ...] = ()
    ambient: bool = False


class Lowering:
    """Mutable state; the handlers of the sibling modules take it as their first argument."""

    __slots__ = (
        "ambient",
        "classes",
        "comments",
        "exports",
        "expr",
        "flat",
        "function",
        "functions",
        "grammar",
        "guards",
        "imports",
        "level",
        "problem_at",
        "queue",
        "signatures",
        "src",
        "stmt",
        "strings",
        "types",
        "types_found",
    )

    def __init__(self, grammar: Grammar, data: bytes) -> None:
        self.grammar = grammar
        self.expr = grammar.expr
        self.stmt = grammar.stmt
        self.types = grammar.types
        self.src: Source = data.decode("ascii") if data.isascii() else WideSource(data)
        self.functions: list[FunctionFacts | None] = []
        self.classes: list[ClassFacts | None] = []
        self.types_found: list[TypeFacts] = []
        self.imports: list[ImportFacts] = []
        self.exports: list[ExportFacts] = []
        self.comments: list[tuple[int, int]] = []
        self.queue: list[Body | None] = []
        self.signatures: dict[str, list[Node]] = {}
        self.strings: set[str] = set()
        self.function = 0
        self.level = 0
        self.guards = 0
        self.flat = False
        self.ambient = False
        self.problem_at = -1

    def text(self, node: Node) -> str:
        """The node's text; only for small nodes."""
        return self.src[node.start_byte : node.end_byte]

    def too_deep(self, node: Node) -> Opaque:
        """What stands for a node that is nested too deep; the file counts as half-read."""
        at = node.start_byte
        if self.problem_at < 0 or at < self.problem_at:
            self.problem_at = at
        return Opaque(at, "nested too deep")

    def function_ref(
        self, node: Node, name: str = "", name_at: int = 0, owner: int = -1
    ) -> FunctionRef | Opaque:
        """Register a function whose body is lowered later; ``name`` comes from its context."""
        if self.level >= DEPTH:
            return self.too_deep(node)
        index = len(self.functions)
        self.functions.append(None)
        self.queue.append(
            Body("function", index, node, name, name_at, self.function, self.level + 1, owner)
        )
        return FunctionRef(node.start_byte, index)

    def class_ref(self, node: Node, name: str = "", outer: Node | None = None) -> ClassRef | Opaque:
        """Register a class; ``outer`` is the export statement that holds its decorators."""
        if self.level >= DEPTH:
            return self.too_deep(node)
        index = len(self.classes)
        self.classes.append(None)
        level = self.level + 1
        signatures = () if outer is None else (outer,)
        body = Body("class", index, node, name, 0, self.function, level, -1, signatures)
        body.ambient = self.ambient
        self.queue.append(body)
        return ClassRef(node.start_byte, index)

    def value(self, node: Node, d: int, name: str, name_at: int) -> Expr:
        """Lower a value that its context names: ``const name = <function>``."""
        kind = node.kind_id
        if kind in self.grammar.named_values:
            if kind in self.grammar.functions:
                return self.function_ref(node, name, name_at)
            return self.class_ref(node, name)
        handle = self.expr[kind]
        return handle(self, node, d) if handle else Opaque(node.start_byte, "no expression")

    def one(self, node: Node | None, d: int, at: int = 0) -> Expr:
        """Lower an expression that may be missing or a token."""
        if node is None:
            return Opaque(at, "missing")
        handle = self.expr[node.kind_id]
        return handle(self, node, d) if handle else Opaque(node.start_byte, "missing")

    def many(self, node: Node, d: int) -> tuple[Expr, ...]:
        """Lower each child that is an expression: arguments, parts, patterns."""
        found: list[Expr] = []
        expr = self.expr
        for kid in node.children:
            handle = expr[kid.kind_id]
            if handle is not None:
                found.append(handle(self, kid, d))
        return tuple(found)

    def body(self, node: Node, d: int) -> tuple[Stmt, ...]:
        """Lower the statements below a block, body or the like."""
        found: list[Stmt] = []
        table = self.stmt
        for kid in node.children:
            handle = table[kid.kind_id]
            if handle is not None:
                handle(self, kid, d, found)
        return tuple(found)
