"""Where a value that is closed or flushed comes from, and what it writes to."""

from __future__ import annotations

from typing import NamedTuple

from archlint.knowledge.golang.errors import error_table
from archlint.model import ir
from archlint.model.walk import walk
from archlint.program.golang import GoLinker, Type, named
from archlint.program.golang.place import Place
from archlint.program.program import FunctionId


class Origin(NamedTuple):
    """``kind``: writer, transient (a writer into a response, a pipe or something unknown), memory,
    reader or unknown.

    ``by`` is the call or type that shows it (``os.Create``).
    """

    kind: str
    by: str = ""


UNKNOWN = Origin("unknown")
_MEMORY = {"bytes.Buffer", "strings.Builder"}
_ORDER = ("writer", "transient", "memory", "reader", "unknown")


def origin(go: GoLinker, function: FunctionId, receiver: ir.Expr) -> Origin:
    """What is known of a receiver; the weightiest origin wins where several are possible."""
    place = Place(go.unit(function[0]), function[1], receiver)
    type_ = go.type_of(function, receiver)
    base = named(type_)
    kind = base.definition.canonical if base is not None else ""
    table = error_table()
    found = [_made(go, v.place, kind) for v in go.values.of(place) if v.place is not None]
    found = [item for item in found if item.kind != "unknown"]
    if found:
        return min(found, key=lambda item: (_ORDER.index(item.kind), item.by))
    if kind in table.writers:
        return Origin("transient", kind)
    return UNKNOWN


def _made(go: GoLinker, place: Place, kind: str) -> Origin:
    """The origin that the call which made a value shows."""
    call = place.expr
    assert isinstance(call, ir.Call)
    function = (place.unit.facts.path, place.holder)
    canonical = go.callee(function, call).canonical
    table = error_table()
    results = go.call_results(function, call)
    if results and kind and canonical_of(results[0]) not in {kind, ""}:
        return UNKNOWN
    short = ".".join(canonical.rsplit("/", 1)[-1].split(".")[-2:])
    if canonical in table.creators:
        return Origin("writer", short)
    if canonical in table.openers:
        return _opened(go, function, call, short)
    if kind in table.writers and canonical.startswith(kind.rpartition(".")[0] + ".New"):
        for arg in call.args:
            target = _target(go, function, arg)
            if target is not None:
                return Origin(target, short)
        return Origin("writer", short)
    if canonical.startswith("os.Open") or canonical.rpartition(".")[2].startswith("NewReader"):
        return Origin("reader", short)
    return UNKNOWN


def _opened(go: GoLinker, function: FunctionId, call: ir.Call, short: str) -> Origin:
    """``os.OpenFile``: its flags decide; a device loses nothing."""
    table = error_table()
    if call.args and _start(go, function, call.args[0]).startswith(table.devices):
        return Origin("reader", short)
    names = {node.name for node in walk(call.args[1:2]) if isinstance(node, ir.Member)}
    if names & table.write_flags:
        return Origin("writer", short)
    return Origin("reader" if names else "unknown", short)


def _start(go: GoLinker, function: FunctionId, path: ir.Expr, depth: int = 0) -> str:
    """What a path begins with, as far as it is written down, "" when it is not."""
    if isinstance(path, ir.Literal):
        return path.value
    inner: ir.Expr | None = None
    if isinstance(path, ir.Binary):
        inner = path.left
    elif isinstance(path, ir.Call) and path.args:
        named = go.callee(function, path).canonical
        inner = path.args[0] if named in _JOINS else None
    elif isinstance(path, ir.Name):
        bound = go.binding(function, path)
        inner = bound[0].node if bound is not None and bound[0].kind == "value" else None
    return _start(go, function, inner, depth + 1) if inner is not None and depth < 4 else ""


_JOINS = {"fmt.Sprintf", "path/filepath.Join", "path.Join"}


def _target(go: GoLinker, function: FunctionId, arg: ir.Expr) -> str | None:
    """What kind of thing a writer writes to, when losing the rest of it does no harm."""
    name = canonical_of(go.type_of(function, arg))
    if name in _MEMORY:
        return "memory"
    return "transient" if name in error_table().transient else None


def canonical_of(type_: Type | None) -> str:
    """The canonical name of a declared type behind at most one pointer, else ""."""
    base = named(type_)
    return base.definition.canonical if base is not None else ""
