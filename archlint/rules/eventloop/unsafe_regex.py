"""A regular expression whose matching time explodes on text that a client sends.

Why it matters: A backtracking matcher tries every way to read the text before it gives up. With
two ways to read each part, some kilobytes, or some thirty characters, keep the event loop busy for
seconds to years: one request stops the service.
What to do: Make the parts of the expression exclusive (no repeated group that holds a repetition
of the same characters), anchor it, limit the input's length first, or use a linear-time engine.
Guide: The CPU work that a request does must stay small, whatever the client sends (L63).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.program.ecma.values import LiteralValue
from archlint.program.ecma_flow.guards import GATED
from archlint.program.ecma_flow.inputs import from_request
from archlint.program.ecma_flow.paths import way_in
from archlint.program.ecma_flow.places import names_in, place
from archlint.program.ecma_flow.sites import sites
from archlint.program.program import FunctionId, Program
from archlint.regex.risk import NONE, POLYNOMIAL, worst_case
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

if TYPE_CHECKING:
    from archlint.regex.verdict import Verdict

_ON_REGEX = frozenset({"test", "exec"})
_ON_TEXT = frozenset({"match", "matchAll", "replace", "replaceAll", "search", "split"})
_CUT = 500
"""Literals are cut at this length: longer expressions are not known whole."""


class _Use(NamedTuple):
    """A regular expression applied to a text."""

    call: ir.Call
    source: str
    flags: str
    text: ir.Expr


@rule(
    "unsafe-regex",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
)
def unsafe_regex(program: Program) -> Iterator[Report]:
    """Decide about every expression that is applied where requests come by."""
    for function, use in _uses(program):
        worst = worst_case(use.source, use.flags)
        sent = worst != NONE and from_request(program, function, use.text)
        if worst == NONE or (worst == POLYNOMIAL and not sent):
            continue
        verdict = _verdict(use, sent)
        if verdict.kind in {"exponential", "polynomial"}:
            report = _report(program, function, use, verdict)
            if report is not None:
                yield report


def _verdict(use: _Use, sent: bool) -> Verdict:
    from archlint.regex.verdict import analyse  # few repos have an expression that needs it

    return analyse(use.source, use.flags, polynomial=sent)


def _uses(program: Program) -> Iterator[tuple[FunctionId, _Use]]:
    """Expressions applied where requests or messages come by."""
    found = sites(program)
    for fn, call in found.written(_ON_REGEX | _ON_TEXT):
        callee = call.callee
        if not isinstance(callee, ir.Member) or not call.args or fn.file.path not in found.linked:
            continue
        if program.context(fn.id) not in {Context.REQUEST, Context.BACKGROUND}:
            continue
        if callee.name in _ON_REGEX:
            pattern, text = callee.object, call.args[0]
        else:
            pattern, text = call.args[0], callee.object
        regex = _regex(program, fn.id, pattern)
        if regex is not None:
            yield fn.id, _Use(call, *regex, text)


def _regex(program: Program, function: FunctionId, expr: ir.Expr) -> tuple[str, str] | None:
    """Source and flags of the one expression that ``expr`` is; None when it is not known."""
    if isinstance(expr, ir.Literal):
        return _split(expr.value) if expr.kind == "regex" else None
    if isinstance(expr, ir.Call):
        return _constructed(expr)
    if not isinstance(expr, (ir.Name, ir.Member)):
        return None
    values = program.ecma.value_of(function, expr)
    if len(values) == 1 and isinstance(values[0], LiteralValue) and values[0].kind == "regex":
        return _split(values[0].text)
    binding = program.ecma.binding(function, expr) if isinstance(expr, ir.Name) else None
    if binding is not None and len(binding.sources) == 1:
        source = binding.sources[0].expr
        if isinstance(source, ir.Call) and not binding.sources[0].steps:
            return _constructed(source)
    return None


def _split(text: str) -> tuple[str, str] | None:
    """``/source/flags`` apart."""
    source, _, flags = text[1:].rpartition("/")
    return (source, flags) if text.startswith("/") and len(text) < _CUT else None


def _constructed(call: ir.Call) -> tuple[str, str] | None:
    """``new RegExp("source", "flags")`` with literal arguments."""
    if not isinstance(call.callee, ir.Name) or call.callee.id != "RegExp" or not call.args:
        return None
    source, *rest = call.args
    flags = rest[0] if rest else None
    if not isinstance(source, ir.Literal) or len(source.value) >= _CUT:
        return None
    if source.kind == "regex":
        return _split(source.value)
    if source.kind != "string" or (flags is not None and not isinstance(flags, ir.Literal)):
        return None
    return source.value, flags.value if isinstance(flags, ir.Literal) else ""


def _report(program: Program, function: FunctionId, use: _Use, verdict: Verdict) -> Report | None:
    way = way_in(program, function, use.call.at)
    if way.guard == GATED or _limited(program, function, use):
        return None
    sent = from_request(program, function, use.text)
    exponential = verdict.kind == "exponential"
    if not sent and not exponential:
        return None
    message = (
        f"/{_short(use.source)}/ needs {_growth(verdict)} time on a text like {_show(verdict)}"
    )
    phrase = entry_phrase(program, function)
    site = Site(function=function, at=use.call.at, end=use.call.end, label="regular expression")
    extra = Extra(
        cap=_cap(verdict, sent=sent),
        confidence=Confidence.HIGH if sent else Confidence.LOW,
        evidence={
            "kind": verdict.kind,
            "degree": verdict.degree,
            "prefix": verdict.prefix,
            "pump": verdict.pump,
            "suffix": verdict.suffix,
        },
    )
    text = ", ".join(filter(None, (message, phrase)))
    return site_report(program, site, text, use.source[:80], extra)


def _cap(verdict: Verdict, *, sent: bool) -> Severity | None:
    if not sent:
        return Severity.NOTE
    if verdict.kind == "exponential":
        return None
    return Severity.WARNING if verdict.degree > 2 else Severity.NOTE


def _growth(verdict: Verdict) -> str:
    if verdict.kind == "exponential":
        return "exponential"
    return {2: "quadratic", 3: "cubic"}.get(verdict.degree, f"degree {verdict.degree} polynomial")


def _show(verdict: Verdict) -> str:
    """The attack as an expression: ``"a" + "ab".repeat(n) + "!"``."""
    parts = [f"{json.dumps(verdict.pump)}.repeat(n)"]
    if verdict.prefix:
        parts.insert(0, json.dumps(verdict.prefix))
    if verdict.suffix:
        parts.append(json.dumps(verdict.suffix))
    return " + ".join(parts)


def _short(source: str) -> str:
    return source if len(source) <= 60 else source[:57] + "..."


def _limited(program: Program, function: FunctionId, use: _Use) -> bool:
    """Whether a test of the text's length stands before the match."""
    names = set(names_in(use.text))
    for condition in place(program, function, use.call.at).conditions:
        for name in names_in(condition.test):
            owner, _, last = name.rpartition(".")
            if last == "length" and owner in names:
                return True
    return False
