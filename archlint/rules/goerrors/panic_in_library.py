"""A function panics with an error that it could have returned.

Why it matters: The caller cannot handle it: a request dies with a stack trace, and in a goroutine
the whole process does.
What to do: Return the error; keep panics for broken invariants and Must functions.
Guide: Go makes errors values that callers see and decide about (L48, L49, L116).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.walk import nodes_of
from archlint.program.golang_flow.shapes import has_comment, source_of
from archlint.program.golang_flow.sites import Sites, sites, statements
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, Extra, Site, site_report

_SCALE = {
    **ANYWHERE,
    Context.STARTUP: None,
    Context.CLI: None,
    Context.UNKNOWN: Severity.NOTE,
}
_GOROUTINE = {**ANYWHERE, Context.STARTUP: Severity.NOTE}
_SAFE = {
    "crypto/aes.NewCipher",
    "crypto/cipher.NewGCM",
    "crypto/rand.Read",
    "encoding/json.Marshal",
    "encoding/json.MarshalIndent",
    "io.ReadFull",
    "io/fs.Sub",
}
_LOUD = ("must", "init", "panic", "assert", "check")
"""What the names of functions begin with that are meant to panic."""


@rule("panic-in-library", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def panic_in_library(program: Program) -> Iterator[Report]:
    """``panic(err)`` where no recover, no Must and no main function explains it."""
    found = sites(program)
    recovering = {program.files[ident[0]].path for ident, _ in found.named("recover")}
    for ident, call in found.named("panic"):
        if not call.args or not _is_error(program, ident, call.args[0]):
            continue
        outer = program.function(found.outermost(ident))
        if outer.index == 0 or outer.name.lower().startswith(_LOUD) or outer.name == "main":
            continue
        if program.files[ident[0]].package == "main" and not _serves(program, ident):
            continue
        quiet = (
            ident[0] in recovering
            or _cannot_fail(program, ident, call.args[0])
            or has_comment(program, ident, call.at, 2)
        )
        confidence = Confidence.LOW if quiet else None
        yield from _report(program, found, (ident, call), confidence)


def _serves(program: Program, ident: FunctionId) -> bool:
    return program.context(ident) in {Context.REQUEST, Context.BACKGROUND}


def _is_error(program: Program, ident: FunctionId, arg: ir.Expr) -> bool:
    """An error value, or a message built from one."""
    if isinstance(arg, ir.Call) and program.golang.callee(ident, arg).canonical.startswith("fmt."):
        return any(_is_error(program, ident, part) for part in arg.args)
    if isinstance(arg, ir.Member) and arg.name == "ErrAbortHandler":
        return False  # how net/http wants a response to be cut off
    return program.golang.implements_error(program.golang.type_of(ident, arg))


def _cannot_fail(program: Program, ident: FunctionId, arg: ir.Expr) -> bool:
    """Whether the error comes from a call that fails only when the program itself is wrong."""
    if isinstance(arg, ir.Call):
        return any(_cannot_fail(program, ident, part) for part in arg.args)
    source = source_of(program, ident, arg) if isinstance(arg, ir.Name) else None
    if not isinstance(source, ir.Call):
        return False
    canonical = program.golang.callee(ident, source).canonical
    return canonical in _SAFE or _is_validated(program, ident, source)


def _is_validated(program: Program, ident: FunctionId, source: ir.Call) -> bool:
    """Whether a condition around asked first: ``if IsValid(s) { x, err := Parse(s) ...``."""
    given = {arg.id for arg in source.args if isinstance(arg, ir.Name)}
    return any(
        isinstance(stmt, ir.If)
        and stmt.at < source.at < stmt.end
        and any(_asks_whether_valid(test, given) for test in nodes_of(ir.Call, (stmt.test,)))
        for stmt in statements(program.function(ident).body or ())
    )


def _asks_whether_valid(test: ir.Call, given: set[str]) -> bool:
    name = getattr(test.callee, "name", "") or getattr(test.callee, "id", "")
    about = {arg.id for arg in test.args if isinstance(arg, ir.Name)}
    return "valid" in str(name).lower() and bool(about & given)


def _report(
    program: Program,
    found: Sites,
    place: tuple[FunctionId, ir.Call],
    confidence: Confidence | None,
) -> Iterator[Report]:
    ident, call = place
    outer = program.function(found.outermost(ident))
    results = program.function(ident).results  # a closure's own: nothing else can it return
    returns = any(r.type == ir.TName("error") for r in results)
    use = found.given.get(ident)
    alone = use is not None and use[2] == "spawn"
    if alone:
        message = "panic with an error in a goroutine ends the whole process"
    elif returns:
        message = f"{outer.name} panics with an error although it can return one"
    else:
        message = f"{outer.name} panics with an error instead of returning it"
    site = Site(function=ident, at=call.at, end=call.end, label="panic")
    cap = None if alone or returns else Severity.NOTE  # a server survives a request's panic
    extra = Extra(scale=_GOROUTINE if alone else _SCALE, cap=cap, confidence=confidence)
    report = site_report(program, site, message, "panic", extra)
    if report is not None:
        yield report
