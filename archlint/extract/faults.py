"""Where the parser lost its way: ERROR and MISSING nodes."""

from __future__ import annotations

from functools import cache

from tree_sitter import Node, Query, QueryCursor, Tree

from archlint.extract.grammars import language

_MAX_NODES = 20_000


@cache
def _query(grammar: str) -> Query:
    return Query(language(grammar), "(ERROR) @fault (MISSING) @fault")


def first_fault(grammar: str, tree: Tree) -> str:
    """What is wrong with a tree, in words: the first line that could not be read."""
    cursor = QueryCursor(_query(grammar), match_limit=_MAX_NODES)
    faults = cursor.captures(tree.root_node).get("fault", [])
    if not faults:
        return "syntax error"
    line = min(node.start_point.row for node in faults) + 1
    return f"syntax error in line {line}"


def fault_size(tree: Tree) -> int:
    """Bytes inside ERROR nodes, plus one for each missing token; a measure to compare trees by."""
    size = 0
    stack: list[Node] = [tree.root_node]
    seen = 0
    while stack and seen < _MAX_NODES:
        node = stack.pop()
        seen += 1
        if node.is_error:
            size += node.end_byte - node.start_byte
        elif node.is_missing:
            size += 1
        elif node.has_error:
            stack.extend(kid for kid in node.children if kid.has_error or kid.is_missing)
    return size
