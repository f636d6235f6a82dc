"""What the lowering of one Go file carries from node to node."""

from __future__ import annotations

import re
from typing import Protocol

from tree_sitter import Node

from archlint.extract.golang.kinds import COMMENT, ERROR, EXPR, STMT
from archlint.model.facts import FunctionFacts, ImportFacts, TypeFacts
from archlint.model.ir import Expr, ExprStmt, Opaque, Stmt
from archlint.model.pattern import lazy_regex

_EXTRA = frozenset((COMMENT, ERROR))

MAX_STRING = 500
"""Characters of a literal that are kept."""

_ESCAPE = lazy_regex(rb"\\(?:([abfnrtv\\'\"])|x([0-9A-Fa-f]{2})|([0-7]{3})|u(.{4})|U(.{8}))")
_SIMPLE = dict(zip(b"abfnrtv\\'\"", b"\a\b\f\n\r\t\v\\'\"", strict=True))


class Text(Protocol):
    """The file's characters, sliced by byte offsets."""

    def __getitem__(self, span: slice) -> str: ...


class WideText:
    """The text of a file that is not pure ASCII: slices by bytes, decoded as UTF-8."""

    __slots__ = ("_raw",)

    def __init__(self, data: bytes) -> None:
        self._raw = data.decode("latin-1")

    def __getitem__(self, span: slice) -> str:
        part = self._raw[span]
        return part if part.isascii() else part.encode("latin-1").decode("utf-8", "replace")


def text_of(data: bytes) -> Text:
    """The text of a file; ASCII, the common case, is a plain string."""
    return data.decode("ascii") if data.isascii() else WideText(data)


def unescape(text: str) -> str:
    """The value of an interpreted string or rune literal's inside, cut at 500 characters."""
    if "\\" not in text:
        return text[:MAX_STRING]
    raw = text[: MAX_STRING * 10].encode("utf-8", "replace")
    return _ESCAPE.sub(_escaped, raw).decode("utf-8", "replace")[:MAX_STRING]


def _escaped(match: re.Match[bytes]) -> bytes:
    simple, pair, octal, short, long = match.groups()
    if simple:
        return bytes((_SIMPLE[simple[0]],))
    if pair or octal:
        return bytes((int(pair or octal, 16 if pair else 8) & 0xFF,))
    try:
        return chr(int(short or long, 16)).encode("utf-8", "replace")
    except (ValueError, OverflowError):
        return b"\xef\xbf\xbd"


class Lowering:
    """Mutable state of one file.

    ``bodies`` says whether functions' bodies are wanted; ``current`` is the function being
    lowered; ``queue`` holds the functions whose bodies are still to come (node, index, parent);
    ``pending`` the parts of the current one that were nested too deep.
    ``holes`` says that a comment was met where an expression could stand.
    """

    __slots__ = (
        "bodies",
        "comments",
        "current",
        "functions",
        "holes",
        "imports",
        "package",
        "package_at",
        "pending",
        "queue",
        "text",
        "too_deep_at",
        "types",
    )

    def __init__(self, data: bytes, bodies: bool) -> None:
        self.bodies = bodies
        self.text: Text = text_of(data)
        self.functions: list[FunctionFacts | None] = [None]
        self.types: list[TypeFacts | None] = []
        self.queue: list[tuple[Node, int, int]] = []
        self.pending: list[Node] = []
        self.comments: list[Node] = []
        self.imports: list[ImportFacts] = []
        self.package = ""
        self.package_at = -1
        self.current = 0
        self.holes = False
        self.too_deep_at = -1

    def function(self, node: Node) -> int:
        """Reserve an index for a function whose body is lowered later."""
        index = len(self.functions)
        self.functions.append(None)
        self.queue.append((node, index, self.current))
        return index

    def clean(self, kids: list[Node]) -> list[Node]:
        """Children without comments (recorded) and error nodes (lowered at the function's end)."""
        kept: list[Node] = []
        for kid in kids:
            kind = kid.kind_id
            if kind == COMMENT:
                self.comments.append(kid)
            elif kind == ERROR:
                self.pending.append(kid)
            else:
                kept.append(kid)
        return kept

    def named(self, node: Node) -> list[Node]:
        """Named children without comments and error nodes."""
        kids = node.named_children
        for kid in kids:
            kind = kid.kind_id
            if kind in _EXTRA:
                return self.clean(kids)
        return kids

    def defer(self, node: Node) -> Opaque:
        """Stand-in for a part nested too deep; the part itself follows at the function's end."""
        self.pending.append(node)
        at = node.start_byte
        if self.too_deep_at < 0:
            self.too_deep_at = at
        return Opaque(at, "nested too deep")

    def flush(self, out: list[Stmt]) -> None:
        """Append what was deferred, as statements; each pass takes the next levels."""
        while self.pending:
            nodes, self.pending = self.pending, []
            for node in nodes:
                self._flush(node, out)

    def _flush(self, node: Node, out: list[Stmt]) -> None:
        handler = STMT.get(node.kind_id)
        if handler is not None:
            handler(self, node, 0, out)
            return
        value: Expr | None = EXPR[node.kind_id](self, node, 0)
        if value is not None:
            at = node.start_byte
            reason = "nested too deep"
            out.append(ExprStmt(at, node.end_byte, Opaque(at, reason, (value,))))
