"""Go: from a syntax tree to facts.

``kinds`` has the dispatch tables, ``state`` what a file's lowering carries; ``types``,
``expressions``, ``literals``, ``statements``, ``control``, ``declarations`` and ``functions`` have
the language, ``broken`` what is none, ``comments`` what comments say, ``constraints`` under
which conditions a file is built and ``unread`` what of it is not worth parsing.
"""

from __future__ import annotations

import re
from bisect import bisect_right

import msgspec
from tree_sitter import Node, Tree

from archlint.extract.golang import broken, control, literals  # noqa: F401  they register handlers
from archlint.extract.golang.comments import comment_lines, directives, has_directives, is_generated
from archlint.extract.golang.constraints import constraint
from archlint.extract.golang.functions import function
from archlint.extract.golang.kinds import ERROR, STMT
from archlint.extract.golang.state import Lowering
from archlint.extract.golang.unread import TEST, without_unread
from archlint.extract.source import line_starts, wide_lines
from archlint.model.facts import FileFacts, FunctionFacts
from archlint.model.ir import Stmt
from archlint.model.pattern import lazy_regex

__all__ = ["head", "lower", "lower_part", "outline", "without_unread"]

broken.register()

_BODY = lazy_regex(rb"^(?:func|type|var|const)\b", re.MULTILINE)


def lower(path: str, language: str, data: bytes, tree: Tree, *, bodies: bool = True) -> FileFacts:
    """The facts of a Go file; never raises on what the file says.

    Without ``bodies`` every function's body is ``()``. So it is in tests, into which nobody looks,
    unless comments speak of findings there (see ``unread``).
    """
    lo = Lowering(data, bodies and not (path.endswith(TEST) and not has_directives(data)))
    root = tree.root_node
    starts = line_starts(data)
    _lower_all(lo, root)
    header = data[: max(lo.package_at, 0)]
    return FileFacts(
        path,
        language,
        len(data),
        starts,
        tuple(f for f in lo.functions if f is not None),
        types=tuple(t for t in lo.types if t is not None),
        imports=tuple(lo.imports),
        directives=directives(lo.comments, data, starts),
        comment_lines=comment_lines(lo.comments, starts),
        wide=wide_lines(data, starts),
        package=lo.package,
        constraint=constraint(path, header),
        generated=is_generated(header),
        cgo=any(found.specifier == "C" for found in lo.imports),
        problem=_problem(lo, root, starts),
        lines=len(starts) - (starts[-1] == len(data)),
    )


def lower_part(path: str, data: bytes, tree: Tree) -> FileFacts:
    """The declarations of a part of a Go file, without lines, comments and functions' bodies."""
    lo = Lowering(data, bodies=False)
    _lower_all(lo, tree.root_node)
    functions = tuple([f for f in lo.functions if f is not None])
    types = tuple([t for t in lo.types if t is not None])
    return FileFacts(path, "go", len(data), (0,), functions, types=types)


def head(data: bytes) -> bytes:
    """The package clause and the imports: up to the first line that declares something else."""
    found = _BODY.search(data)
    return data[: found.start()] if found else data


def outline(path: str, language: str, data: bytes, tree: Tree) -> FileFacts:
    """The facts of a file without its declarations; ``tree`` is that of its ``head`` or more."""
    facts = lower(path, language, data[: tree.root_node.end_byte], tree, bodies=False)
    starts = line_starts(data)
    return msgspec.structs.replace(
        facts,
        size=len(data),
        line_starts=starts,
        functions=facts.functions[:1],
        types=(),
        wide=wide_lines(data, starts),
        lines=len(starts) - (starts[-1] == len(data)),
        outline=True,
    )


def _lower_all(lo: Lowering, root: Node) -> None:
    """The package level first, then every function in the order in which it was met."""
    body: list[Stmt] = []
    for kid in root.named_children:
        handler = STMT.get(kid.kind_id)
        if handler is not None:
            handler(lo, kid, 0, body)
    lo.flush(body)
    lo.functions[0] = FunctionFacts(0, "", "module", 0, root.end_byte, body=tuple(body))
    for node, index, parent in lo.queue:
        lo.functions[index] = function(lo, node, index, parent)


def _problem(lo: Lowering, root: Node, starts: tuple[int, ...]) -> str:
    if root.has_error:
        return f"syntax error at line {bisect_right(starts, _first_error(root))}"
    if lo.too_deep_at >= 0:
        return f"nested too deep at line {bisect_right(starts, lo.too_deep_at)}"
    return ""


def _first_error(node: Node) -> int:
    """Byte offset of the first error or missing node."""
    while not (node.kind_id == ERROR or node.is_missing):
        broken = next((kid for kid in node.children if kid.has_error or kid.is_missing), None)
        if broken is None:
            break
        node = broken
    return node.start_byte
