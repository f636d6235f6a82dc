"""Numbers of the Go grammar's node kinds, and the tables that dispatch on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import tree_sitter_go
from tree_sitter import Language, Node

from archlint.model.ir import Stmt, Type

if TYPE_CHECKING:
    from archlint.extract.golang.state import Lowering

CAP = 200
"""Levels of nesting that are lowered in place; deeper parts follow at the function's end.

Types, composite literals and cases count double or more: the interpreter's stack is what it guards,
at no more than 500 frames.
"""

ERROR = 0xFFFF
"""The kind of tree-sitter's error nodes."""

_LANGUAGE = Language(tree_sitter_go.language())
_KINDS: dict[tuple[str, bool], list[int]] = {}
for _id in range(_LANGUAGE.node_kind_count):
    if _LANGUAGE.node_kind_is_visible(_id):
        _name = _LANGUAGE.node_kind_for_id(_id) or ""
        _KINDS.setdefault((_name, _LANGUAGE.node_kind_is_named(_id)), []).append(_id)
ALL: tuple[int, ...] = (*(i for ids in _KINDS.values() for i in ids), ERROR)

# A result of None says: no expression (punctuation, a comment).
ExprHandler = Callable[["Lowering", Node, int], Any]
StmtHandler = Callable[["Lowering", Node, int, list[Stmt]], None]
TypeHandler = Callable[["Lowering", Node, int], Type]

EXPR: dict[int, ExprHandler] = {}
"""Kind -> what makes an ``Expr`` of it."""
STMT: dict[int, StmtHandler] = {}
"""Kind -> what appends its ``Stmt`` to a list."""
TYPE: dict[int, TypeHandler] = {}
"""Kind -> what makes a ``Type`` of it."""


def ids(name: str, named: bool = True) -> list[int]:
    """Every number of a kind (a kind that is also an alias has several)."""
    return _KINDS[name, named]


def token(text: str) -> int:
    """The number of a token; tokens of one text that differ are told apart nowhere."""
    return _KINDS[text, False][0]


def expr(*names: str) -> Callable[[ExprHandler], ExprHandler]:
    """Register a handler for expressions of these kinds."""
    return _register(EXPR, names)


def stmt(*names: str) -> Callable[[StmtHandler], StmtHandler]:
    """Register a handler for statements of these kinds."""
    return _register(STMT, names)


def type_(*names: str) -> Callable[[TypeHandler], TypeHandler]:
    """Register a handler for types of these kinds."""
    return _register(TYPE, names)


def _register(table: dict[int, Any], names: tuple[str, ...]) -> Callable[[Any], Any]:
    def add(handler: Any) -> Any:
        for name in names:
            for number in ids(name):
                table[number] = handler
        return handler

    return add


OPERATORS: dict[int, str] = {
    number: text for (text, named), numbers in _KINDS.items() if not named for number in numbers
}
"""Token number -> its text."""

IDENTIFIER = ids("identifier")[0]
COMMENT = ids("comment")[0]
EXPRESSION_LIST = ids("expression_list")[0]
STATEMENT_LIST = ids("statement_list")[0]
BLOCK = ids("block")[0]
BINARY = ids("binary_expression")[0]
