"""How much a dropped error matters: the tier, and the words that say why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from archlint.knowledge.golang.errors import error_table, matcher
from archlint.knowledge.golang.platforms import never_built
from archlint.model import ir
from archlint.model.finding import Severity
from archlint.program.golang import Callee, GoLinker
from archlint.program.program import FunctionId, Program
from archlint.rules.goerrors._origins import Origin, canonical_of, origin
from archlint.rules.goerrors._paths import checked_calls, on_error_path, removed, text_of, uses


def is_ours(program: Program, path: str) -> bool:
    """Whether a file is production code: no test, example, generated or never-built file."""
    facts = program.files[path]
    if facts.generated or never_built(facts.constraint):
        return False
    return program.roles.get(path) not in _NOT_OURS


def our_functions(program: Program) -> Iterator[FunctionId]:
    """Every function with a body in production code, by path and index."""
    for path, facts in sorted(program.golang.files.items()):
        if is_ours(program, path):
            for function in facts.functions:
                if function.body is not None:
                    yield path, function.index


class Tier(NamedTuple):
    """``severity`` None is conventional noise (low confidence); ``why`` is a clause."""

    severity: Severity | None
    why: str = ""


class Dropped(NamedTuple):
    """A call whose error nobody takes; ``stmt`` is its ExprStmt, Defer, Spawn or Assign."""

    function: FunctionId
    call: ir.Call
    stmt: ir.Stmt


_NOT_OURS = frozenset({"test", "vendored", "generated", "build", "example"})
CONVENTION = 10
"""Calls from which dropping an error nearly everywhere is taken for the repo's convention."""
_STREAMS = {"os.Stderr", "os.Stdout"}
_HIDDEN = Tier(None)
_NOTE = Tier(Severity.NOTE)
_CLOSES = frozenset(
    {"Close", "Name", "Stat", "Fd", "Chmod", "Chown", "Truncate", "Seek", "Read", "ReadAt"}
)
"""Methods of a file after which nothing waits to be written."""


@cache
def _matchers() -> dict[str, object]:
    table = error_table()
    return {
        "excluded": frozenset(table.excluded),
        "hidden": matcher(table.hidden),
        "note": matcher(table.note),
        "commit": matcher(table.commits),
    }


def _matches(which: str, name: str) -> bool:
    test = _matchers()[which]
    return bool(test(name)) if callable(test) else False


def excluded(go: GoLinker, dropped: Dropped, callee: Callee) -> bool:
    """errcheck's default excludes: what cannot fail, or has nowhere to report to."""
    table = error_table()
    names = {callee.canonical}
    if callee.kind == "dynamic" and isinstance(dropped.call.callee, ir.Member):
        names.add(f"{canonical_of(callee.receiver)}.{dropped.call.callee.name}")
    if names & _matchers()["excluded"]:  # type: ignore[operator]
        return True
    if callee.canonical not in table.print_functions or not dropped.call.args:
        return False
    writer = dropped.call.args[0]
    if isinstance(writer, ir.Member) and writer.name == "Stderr":
        return go.callee(dropped.function, dropped.call).canonical in table.print_functions and (
            text_of(writer) == "os.Stderr"
        )
    return canonical_of(go.type_of(dropped.function, writer)) in table.print_buffers


def tier(go: GoLinker, dropped: Dropped, callee: Callee) -> Tier:
    """The tier of a dropped error that is not excluded."""
    name = callee.canonical
    method = name.rpartition(".")[2]
    if _matches("hidden", name) or never_fails(go, dropped, callee) or _hashes(go, method, callee):
        return _HIDDEN
    if isinstance(dropped.stmt, ir.Spawn):
        return _spawned(dropped)
    if _matches("commit", name):
        if on_error_path(go, dropped.function, dropped.stmt):
            return _HIDDEN
        return Tier(Severity.ERROR, "the transaction may not have been committed")
    if _matches("note", name) or name in error_table().print_functions:
        return _NOTE
    if isinstance(dropped.call.callee, ir.Member):
        if text_of(dropped.call.callee.object) in _STREAMS:
            return _NOTE
        if method in error_table().finishers:
            return _finished(go, dropped, dropped.call.callee, method)
    if writes_response(go, dropped.function, dropped.call):
        return Tier(Severity.NOTE, "the client has gone away then")
    if on_error_path(go, dropped.function, dropped.stmt):
        return _NOTE
    if name and is_convention(go, name):
        return _HIDDEN
    return Tier(Severity.WARNING, "a failure goes unnoticed")


def is_convention(go: GoLinker, canonical: str) -> bool:
    """Whether the repo drops this callee's error practically everywhere."""
    dropped, calls = go.dropped_of(canonical)
    return dropped >= CONVENTION and dropped >= 0.9 * calls


def _spawned(dropped: Dropped) -> Tier:
    if any(text_of(arg) in {"io.Discard", "ioutil.Discard"} for arg in dropped.call.args):
        return _HIDDEN
    return Tier(Severity.WARNING, "the goroutine's failure goes unnoticed")


def _finished(go: GoLinker, dropped: Dropped, callee: ir.Member, method: str) -> Tier:
    """Close, Flush or Sync: what the receiver was opened as decides."""
    found = origin(go, dropped.function, callee.object)
    if found.kind in {"reader", "unknown"}:
        return Tier(Severity.NOTE) if method == "Close" else Tier(Severity.WARNING, _LOST)
    if found.kind == "memory":
        return _NOTE
    receiver = text_of(callee.object)
    if on_error_path(go, dropped.function, dropped.stmt):
        return _HIDDEN
    checked = checked_calls(go, dropped.function, receiver) if receiver else set()
    if method in checked or "Commit" in checked or "Close" in checked:
        return _HIDDEN
    if removed(go, dropped.function, receiver):
        return _NOTE
    if checked & {"Sync", "Flush", "Finish"} or not uses(
        go, dropped.function, receiver, _CLOSES | error_table().finishers
    ):
        return _NOTE
    return _lost(found)


_LOST = "what was written may be lost"


def _lost(found: Origin) -> Tier:
    if found.kind == "transient":
        return Tier(Severity.WARNING, "the rest of the output may be lost")
    return Tier(Severity.ERROR, f"opened for writing by {found.by}: {_LOST}")


def never_fails(go: GoLinker, dropped: Dropped, callee: Callee) -> bool:
    """Whether the callee is the repo's own and every return of it gives nil for the errors."""
    positions, _ = go.error_results(dropped.function, dropped.call)
    bodies = [go.body(function) for function in callee.functions]
    return bool(bodies) and all(
        body.returns and all(_is_nil(stmt.values, positions) for stmt in body.returns)
        for body in bodies
    )


def _hashes(go: GoLinker, method: str, callee: Callee) -> bool:
    """Whether a checksum is written to: no hash refuses what it is given."""
    return method in {"Write", "WriteString"} and any(
        go.select(callee.receiver, name) is not None for name in ("Sum64", "Sum32", "BlockSize")
    )


def _is_nil(values: tuple[ir.Expr, ...], positions: tuple[int, ...]) -> bool:
    """Whether the values at the positions are written down as nil."""
    if not positions or max(positions) >= len(values):
        return False
    given = [values[position] for position in positions]
    return all(isinstance(value, ir.Literal) and value.kind == "null" for value in given)


def writes_response(go: GoLinker, function: FunctionId, call: ir.Call) -> bool:
    """Whether the call writes to an HTTP response, directly or through an encoder made for it."""
    responses = error_table().responses
    values = [*call.args]
    if isinstance(call.callee, ir.Member):
        values.append(call.callee.object)
        if isinstance(call.callee.object, ir.Call):
            values += call.callee.object.args
    return any(canonical_of(go.type_of(function, value)) in responses for value in values)
