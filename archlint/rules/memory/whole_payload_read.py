"""A request's path holds a whole file or body in memory where a stream would do.

Why it matters: Memory per request grows with what is sent or stored. A few large uploads or
downloads at once exhaust the heap, and the copy has to be complete before the first byte moves.
What to do: Pipe the stream (`pipeline(fs.createReadStream(path), res)`), and give every body,
upload and parser a size limit.
Guide: Services that process large data have to manage their memory (L41).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.model.walk import walk
from archlint.program.ecma.values import ExternalValue
from archlint.program.ecma_flow.inputs import REQUEST
from archlint.program.ecma_flow.paths import way_in
from archlint.program.ecma_flow.sites import OuterCall, sites
from archlint.program.program import FunctionId, Program
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_READS = frozenset(
    {"node:fs.readFileSync", "node:fs/promises.readFile", "node:fs.promises.readFile"}
    | {"npm:fs-extra.readFile", "npm:fs-extra.readFileSync"}
)
_SENDS = lazy_regex(
    r"(?:Response|ServerResponse|FastifyReply|Reply)\(\)(?:\.\w+\(\))*\.(?:send|end|write)$"
)
_METHODS = ("on", "send", "end", "write")
"""Members of requests and responses that are looked at."""
_ACCUMULATES = frozenset({"push", "concat"})
_STOPS = frozenset({"destroy", "pause", "abort", "unpipe", "byteLength", "length"})
_SIZE = lazy_regex(r"^\s*(\d+(?:\.\d+)?)\s*(kb|mb|gb|b)?\s*$", re.IGNORECASE)
_LARGE = 50_000_000
_UPLOADS = frozenset({"npm:multer", "npm:multer.default"})
_PARSERS = frozenset(
    f"npm:{package}.{kind}"
    for package in ("express", "body-parser")
    for kind in ("json", "urlencoded", "raw", "text")
)


@rule(
    "whole-payload-read",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def whole_payload_read(program: Program) -> Iterator[Report]:
    """Files sent from memory, bodies gathered without a limit, uploads and parsers without one."""
    every = sites(program)
    names = {*_UPLOADS, *_PARSERS, *every.ending(_METHODS)}
    for outer in every.named(names):
        for check in (_sent_file, _gathered_body, _memory_upload, _large_parser):
            report = check(program, outer)
            if report is not None:
                yield report
                break


def _sent_file(program: Program, outer: OuterCall) -> Report | None:
    """``res.send(await readFile(...))``, also through a variable."""
    if not outer.call.args or not any(_SENDS.search(name) for name in outer.names):
        return None
    read = _read_of(program, outer.function, outer.call.args[0])
    if read is None:
        return None
    message = "a whole file is read into memory and then sent"
    advice = "Use pipeline(fs.createReadStream(path), res), or the framework's sendFile."
    return _report(program, outer, message, advice)


def _read_of(program: Program, function: FunctionId, expr: ir.Expr) -> ir.Call | None:
    """The call that read the file whose content an expression is."""
    while isinstance(expr, (ir.Await, ir.Cast)):
        expr = expr.value
    if isinstance(expr, ir.Call):
        names = program.ecma.resolve_call(function, expr).externals
        return expr if _READS.intersection(names) else None
    if isinstance(expr, ir.Name):
        binding = program.ecma.binding(function, expr)
        if binding is not None and binding.function == function[1] and len(binding.sources) == 1:
            source = binding.sources[0]
            if (
                source.expr is not None
                and not source.steps
                and not isinstance(source.expr, ir.Name)
            ):
                return _read_of(program, function, source.expr)
    return None


def _gathered_body(program: Program, outer: OuterCall) -> Report | None:
    """``req.on("data", chunk => body += chunk)`` without a look at the size."""
    call = outer.call
    callee = call.callee
    if not isinstance(callee, ir.Member) or callee.name != "on" or len(call.args) < 2:
        return None
    event, listener = call.args[0], call.args[1]
    if not isinstance(event, ir.Literal) or event.value != "data":
        return None
    if not isinstance(listener, ir.FunctionRef) or not _is_request(program, outer):
        return None
    body = program.function((outer.function[0], listener.index)).body or ()
    nodes = list(walk(body))
    if any(isinstance(n, ir.Member) and n.name in _STOPS for n in nodes):
        return None
    if not any(_gathers(node) for node in nodes):
        return None
    message = "the request's body is gathered in memory without a limit"
    return _report(program, outer, message, "Count the bytes and end the request beyond a limit.")


def _is_request(program: Program, outer: OuterCall) -> bool:
    callee = outer.call.callee
    assert isinstance(callee, ir.Member)
    values = program.ecma.value_of(outer.function, callee.object)
    return any(
        isinstance(v, ExternalValue) and REQUEST.search(v.name) and v.name.endswith(("()", ".req"))
        for v in values
    )


def _gathers(node: ir.AnyNode) -> bool:
    if isinstance(node, ir.Assign):
        return node.op == "+="
    return (
        isinstance(node, ir.Call)
        and isinstance(node.callee, ir.Member)
        and node.callee.name in _ACCUMULATES
    )


def _memory_upload(program: Program, outer: OuterCall) -> Report | None:
    """``multer({storage: multer.memoryStorage()})`` without limits."""
    if not _UPLOADS.intersection(outer.names):
        return None
    options = outer.call.args[0] if outer.call.args else None
    if not isinstance(options, ir.Object):
        return None
    fields = {entry.key: entry.value for entry in options.entries}
    if None in fields or "limits" in fields or "storage" not in fields:
        return None
    made = program.ecma.value_of(outer.function, fields["storage"])
    if not any(isinstance(v, ExternalValue) and "memoryStorage()" in v.name for v in made):
        return None
    message = "uploads are kept in memory without a limit"
    return _report(program, outer, message, "Set limits.fileSize, or store uploads on disk.")


def _large_parser(program: Program, outer: OuterCall) -> Report | None:
    """A body parser whose limit is no limit."""
    if not _PARSERS.intersection(outer.names) or not outer.call.args:
        return None
    options = outer.call.args[0]
    for entry in options.entries if isinstance(options, ir.Object) else ():
        if entry.key == "limit" and isinstance(entry.value, ir.Literal):
            size = _bytes(entry.value.value)
            if size > _LARGE:
                message = f"bodies of up to {entry.value.value} are parsed in memory"
                return _report(program, outer, message, "Lower the limit; stream large uploads.")
    return None


def _bytes(text: str) -> float:
    match = _SIZE.match(text)
    if match is None:
        return 0
    unit = (match.group(2) or "b").lower()
    return float(match.group(1)) * {"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9}[unit]


_EVERYWHERE = {
    Context.REQUEST: Severity.WARNING,
    Context.STARTUP: Severity.WARNING,
    Context.UNKNOWN: Severity.WARNING,
}


def _report(program: Program, outer: OuterCall, message: str, advice: str) -> Report | None:
    if way_in(program, outer.function, outer.call.at).guard:
        return None
    phrase = entry_phrase(program, outer.function)
    site = Site(function=outer.function, at=outer.call.at, end=outer.call.end, label="payload")
    text = ", ".join(filter(None, (message, phrase)))
    return site_report(program, site, text, message, Extra(scale=_EVERYWHERE, advice=advice))
