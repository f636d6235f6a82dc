"""A server, client or connection that waits without a limit.

Why it matters: One slow or silent peer holds a goroutine, a connection and its memory for ever;
enough of them stop the service (the slowloris attack needs nothing else).
What to do: Set ReadHeaderTimeout on http.Server, Timeout on http.Client, and dial with a deadline.
Guide: Go services are expected to keep latency stable under sustained traffic (L79, L95).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import dirname

from archlint.knowledge.golang.calls import last_parts, names
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.program.golang.calls import Callee
from archlint.program.golang_flow.shapes import type_name
from archlint.program.golang_flow.sites import Sites, sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import ANYWHERE, ON_REQUEST_PATH, Extra, Site, site_report

_SERVER = {**ANYWHERE, Context.STARTUP: Severity.WARNING}
_SERVING = {**_SERVER, Context.CLI: Severity.WARNING}
_CLIENT = {**ON_REQUEST_PATH, Context.REQUEST: Severity.WARNING}
_READ_LIMITS = {"ReadHeaderTimeout", "ReadTimeout"}
_LOCAL = ("localhost:", "127.0.0.1:", "[::1]:")


@rule("missing-timeout", severity=Severity.WARNING, confidence=Confidence.HIGH, languages=("go",))
def missing_timeout(program: Program) -> Iterator[Report]:
    """Servers and clients made without timeouts, and calls that cannot have one."""
    found = sites(program)
    later = _set_later(program, found)
    for ident, _ in found.functions:
        for composite in program.golang.body(ident).composites:
            yield from _literal(program, ident, composite, later)
    yield from _calls(program, found)


def _set_later(program: Program, found: Sites) -> set[tuple[str, str]]:
    """(folder, field) of timeouts that some function assigns after the literal."""
    return {
        (dirname(ident[0]), target.name)
        for ident, _ in found.functions
        for assign in program.golang.body(ident).assigns
        for target in assign.targets
        if isinstance(target, ir.Member)
        and (target.name in _READ_LIMITS or target.name == "Timeout")
    }


def _literal(
    program: Program, ident: FunctionId, literal: ir.Composite, later: set[tuple[str, str]]
) -> Iterator[Report]:
    written = literal.type.name if isinstance(literal.type, ir.TName) else ""
    if not written.endswith(("Server", "Client")):
        return
    kind = type_name(program, ident, literal)
    fields = {entry.key for entry in literal.entries}
    folder = dirname(ident[0])
    at = literal.at
    site = Site(function=ident, at=at, end=at + len(written), label=written)
    if kind == "net/http.Server":
        given = fields & _READ_LIMITS or any((folder, name) in later for name in _READ_LIMITS)
        if not given:
            message = (
                "http.Server without ReadHeaderTimeout: a client may send its headers for ever"
            )
            extra = Extra(scale=_scale(program, ident))
            yield from _made(site_report(program, site, message, kind, extra))
    elif kind == "net/http.Client" and "Timeout" not in fields and (folder, "Timeout") not in later:
        cap = Severity.NOTE if "Transport" in fields else None
        message = "http.Client without Timeout waits for ever unless each request brings a deadline"
        extra = Extra(scale=_CLIENT, cap=cap)
        yield from _made(site_report(program, site, message, kind, extra))


def _scale(program: Program, ident: FunctionId) -> Mapping[Context, Severity | None]:
    """A command that starts what mostly serves requests counts as its start-up."""
    if program.context(ident) is not Context.CLI:
        return _SERVER
    component = program.component(ident[0])
    kinds = [e.kind for e in program.entry_points if component and e.component == component.name]
    return _SERVING if kinds.count(Context.REQUEST) > kinds.count(Context.CLI) else _SERVER


def _calls(program: Program, found: Sites) -> Iterator[Report]:
    for ident, call, callee in found.calls(last_parts("serves_without_timeout")):
        if callee.canonical in names("serves_without_timeout"):
            what = "serves HTTP without any timeout; use an http.Server with ReadHeaderTimeout"
            cap = Severity.NOTE if _is_local(call) else None
            extra = Extra(scale=_scale(program, ident), cap=cap)
            yield from _call(program, (ident, call, callee), what, extra)
    for ident, call, callee in found.calls(last_parts("default_client")):
        if callee.canonical in names("default_client"):
            what = "uses http.DefaultClient, which has no timeout"
            yield from _call(program, (ident, call, callee), what, Extra())
    for ident, call, callee in found.calls(last_parts("dials_without_timeout")):
        if callee.canonical in names("dials_without_timeout") and _is_remote(call):
            what = "connects without a deadline"
            yield from _call(program, (ident, call, callee), what, Extra(scale=_CLIENT))


def _call(
    program: Program, place: tuple[FunctionId, ir.Call, Callee], what: str, extra: Extra
) -> Iterator[Report]:
    ident, call, callee = place
    name = callee.canonical.rpartition("/")[2]
    site = Site(function=ident, at=call.at, end=call.end, label=name)
    yield from _made(site_report(program, site, f"{name} {what}", callee.canonical, extra))


def _made(report: Report | None) -> Iterator[Report]:
    if report is not None:
        yield report


def _is_local(call: ir.Call) -> bool:
    """Whether a server listens on the machine itself only (profiling, mostly)."""
    first = call.args[0] if call.args else None
    return isinstance(first, ir.Literal) and first.value.startswith(_LOCAL)


def _is_remote(call: ir.Call) -> bool:
    """Whether a dialled address may be on another machine; sockets of the system are not."""
    first = call.args[0] if call.args else None
    return not (isinstance(first, ir.Literal) and first.value.startswith(("unix", "udp")))
