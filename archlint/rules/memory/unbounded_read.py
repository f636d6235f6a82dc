"""A request's body is read into memory whole, whatever its size.

Why it matters: One client that sends gigabytes takes the memory of the whole service.
What to do: Wrap the body in http.MaxBytesReader (or limit it in a middleware) before reading it.
Guide: Stable memory under sustained load is what Go services are chosen for (L43, L101).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.knowledge.golang.calls import last_parts, names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.program.golang_flow.shapes import source_of, type_name
from archlint.program.golang_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ON_REQUEST_PATH, Extra, Site, entry_phrase, site_report

_SCALE = {
    **ON_REQUEST_PATH,
    Context.REQUEST: Severity.WARNING,
    Context.BACKGROUND: Severity.WARNING,
}


_LIMITS = lazy_regex(r"limit|max", re.IGNORECASE)
_CALLERS = 20
"""Callers of a function that are asked where its request comes from."""


@rule("unbounded-read", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def unbounded_read(program: Program) -> Iterator[Report]:
    """Reads of ``Request.Body`` to the end without a limit."""
    found = sites(program)
    limited = _limited(program)
    for ident, call, callee in found.calls(last_parts("reads_all")):
        whole = callee.canonical in names("reads_all") and call.args
        if whole and _is_request_body(program, ident, call.args[0]):
            yield from _report(program, (ident, call), callee.canonical, limited)
    for ident, call, callee in found.calls(("Copy", "ReadFrom")):
        source = _source(call, callee.canonical)
        if source is None or not _is_request_body(program, ident, source):
            continue
        if callee.canonical == "bytes.Buffer.ReadFrom" or _into_memory(program, ident, call):
            yield from _report(program, (ident, call), callee.canonical, limited)


def _source(call: ir.Call, canonical: str) -> ir.Expr | None:
    """What ``io.Copy(dst, src)`` and ``buffer.ReadFrom(src)`` read from."""
    if canonical == "io.Copy" and len(call.args) == 2:
        return call.args[1]
    return call.args[0] if canonical == "bytes.Buffer.ReadFrom" and call.args else None


def _into_memory(program: Program, ident: FunctionId, call: ir.Call) -> bool:
    target = call.args[0]
    if isinstance(target, ir.Unary):
        target = target.value
    return type_name(program, ident, target) in {"bytes.Buffer", "strings.Builder"}


def _is_request_body(program: Program, ident: FunctionId, expr: ir.Expr) -> bool:
    """``r.Body`` of a server's request, straight or through one local variable."""
    if isinstance(expr, ir.Name):
        local = program.golang.binding(ident, expr)
        node = local[0].node if local is not None and local[0].kind == "value" else None
        expr = node if isinstance(node, ir.Member) else expr
    if not isinstance(expr, ir.Member) or expr.name != "Body":
        return False
    if type_name(program, ident, expr.object) != "net/http.Request":
        return False
    return not _made_here(program, ident, expr.object) and not _rewrapped(program, ident, expr)


def _made_here(program: Program, ident: FunctionId, request: ir.Expr) -> bool:
    """Whether the request is one that the repo sends: made here, or by who calls the function."""
    if not isinstance(request, ir.Name):
        return False
    local = program.golang.binding(ident, request)
    if local is None or local[0].kind != "param":
        return local is not None and local[0].kind == "value"
    for place in program.golang.index.callers.get(local[1], ())[:_CALLERS]:
        args = place.expr.args if isinstance(place.expr, ir.Call) else ()
        arg = args[local[0].index] if local[0].index < len(args) else None
        caller = (place.unit.facts.path, place.holder)
        source = source_of(program, caller, arg) if isinstance(arg, ir.Name) else None
        if isinstance(source, ir.Call):
            canonical = program.golang.callee(caller, source).canonical
            if canonical.startswith("net/http.NewRequest"):
                return True
    return False


def _rewrapped(program: Program, ident: FunctionId, body: ir.Member) -> bool:
    """Whether the function replaces the body first (``r.Body = http.MaxBytesReader(...)``)."""
    return any(
        isinstance(target, ir.Member) and target.name == "Body" and assign.at < body.at
        for assign in program.golang.body(ident).assigns
        for target in assign.targets
    )


def _limited(program: Program) -> set[str]:
    """Components in which something bounds bodies: a middleware may do it for every handler."""
    found: set[str] = set()
    for ident, _, callee in sites(program).calls(last_parts("bounds_body")):
        if callee.canonical in names("bounds_body") and callee.canonical != "io.LimitReader":
            component = program.component(ident[0])
            found.add(component.name if component else "")
    for ident, _ in sites(program).functions:
        for assign in program.golang.body(ident).assigns:
            if _bounds(program, ident, assign):
                component = program.component(ident[0])
                found.add(component.name if component else "")
    return found


def _bounds(program: Program, ident: FunctionId, assign: ir.Assign) -> bool:
    """``r.Body = limit(r.Body, n)``, whoever limits."""
    target = assign.targets[0] if len(assign.targets) == 1 else None
    value = assign.values[0] if len(assign.values) == 1 else None
    if not isinstance(target, ir.Member) or target.name != "Body" or not isinstance(value, ir.Call):
        return False
    callee = value.callee
    name = callee.name if isinstance(callee, ir.Member) else getattr(callee, "id", "")
    limits = _LIMITS.search(str(name)) is not None
    return limits and type_name(program, ident, target.object) == "net/http.Request"


def _report(
    program: Program, place: tuple[FunctionId, ir.Call], canonical: str, limited: set[str]
) -> Iterator[Report]:
    ident, call = place
    component = program.component(ident[0])
    somewhere = (component.name if component else "") in limited
    name = canonical.rpartition("/")[2]
    way = entry_phrase(program, ident)
    message = f"{name} reads a request's body of any size" + (f" ({way})" if way else "")
    extra = Extra(
        scale=_SCALE,
        cap=Severity.NOTE if somewhere else None,
        advice="a limit exists elsewhere in this component; see that it covers this handler"
        if somewhere
        else "",
    )
    site = Site(function=ident, at=call.at, end=call.end, label=name)
    report = site_report(program, site, message, canonical, extra)
    if report is not None:
        yield report
