"""An error that a call returns is dropped.

Why it matters: A failed write, commit or state change that nobody looks at is reported as a
success; the data is gone and nothing says so.
What to do: Return the error or log it with what it concerns. For a deferred close of a writer,
close explicitly on the success path and return that error, or join it in the deferred function.
Guide: Go is chosen for predictable services under load; a failure must be seen where it happens
(L18).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model import ir
from archlint.model.finding import Confidence, Context, Report, Severity
from archlint.model.location import line_of
from archlint.program.golang import Callee
from archlint.program.program import FunctionId, Program
from archlint.rules.goerrors._paths import text_of
from archlint.rules.goerrors._tiers import Dropped, Tier, excluded, our_functions, tier
from archlint.rules.registry import rule
from archlint.rules.reporting import Extra, Site, entry_phrase, site_report

_SCALES: dict[Severity, dict[Context, Severity | None]] = {
    Severity.ERROR: {**dict.fromkeys(Context, Severity.ERROR)},
    Severity.WARNING: {
        **dict.fromkeys(Context, Severity.WARNING),
        Context.STARTUP: Severity.NOTE,
        Context.CLI: Severity.NOTE,
    },
    Severity.NOTE: {**dict.fromkeys(Context, Severity.NOTE)},
}
_WAY_IN = {Context.REQUEST, Context.BACKGROUND}
_FORMS = {ir.Defer: "deferred ", ir.Spawn: "spawned "}


@rule(
    "unchecked-error",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("go",),
)
def unchecked_error(program: Program) -> Iterator[Report]:
    """Every dropped error, as grave as what is lost."""
    go = program.golang
    for function in our_functions(program):
        for call, stmt in go.body(function).dropped:
            report = _report(program, Dropped(function, call, stmt))
            if report is not None:
                yield report
        drained = [(received, False) for received, _ in go.body(function).drained]
        awaited = [(received, True) for received in go.body(function).awaited]
        for received, known in (*drained, *awaited):
            if go.implements_error(go.type_of(function, received)):
                report = _drained(program, function, received, known=known)
                if report is not None:
                    yield report


def _drained(
    program: Program, function: FunctionId, received: ir.Unary, *, known: bool
) -> Report | None:
    """An error that came over a channel; a comment, or a ``select``'s branch, is a reason."""
    facts = program.files[function[0]]
    name = text_of(received.value) or "the channel"
    known = known or line_of(facts, received.at) in facts.comment_lines
    extra = Extra(
        scale=_SCALES[Severity.NOTE],
        confidence=Confidence.LOW if known else Confidence.MEDIUM,
        evidence={"callee": "", "tier": "note"},
    )
    site = Site(function=function, at=received.at, end=received.at + 2, label=name)
    return site_report(program, site, f"the error received from `{name}` is dropped", name, extra)


def _report(program: Program, dropped: Dropped) -> Report | None:
    go = program.golang
    positions, source = go.error_results(dropped.function, dropped.call)
    callee = go.callee(dropped.function, dropped.call)
    if callee.kind == "builtin" and callee.canonical == "recover":
        found = Tier(Severity.NOTE, "what the panic said is lost")
        return _site(program, dropped, callee, found, Confidence.MEDIUM)
    if not positions:
        return _guess(program, dropped, callee) if not source else None
    if excluded(go, dropped, callee):
        return None
    found = tier(go, dropped, callee)
    confidence = Confidence.HIGH if source == "signature" else Confidence.MEDIUM
    return _site(program, dropped, callee, found, confidence)


def _guess(program: Program, dropped: Dropped, callee: Callee) -> Report | None:
    """``x.Close()`` of something unknown: mostly an error is lost, though nobody can be sure."""
    name = dropped.call.callee
    if callee.kind != "unknown" or not isinstance(name, ir.Member) or name.name != "Close":
        return None
    if dropped.call.args:
        return None
    return _site(program, dropped, callee, Tier(Severity.NOTE), Confidence.LOW)


def _site(
    program: Program, dropped: Dropped, callee: Callee, found: Tier, confidence: Confidence
) -> Report | None:
    call = dropped.call
    name = text_of(call.callee) or callee.canonical or "the call"
    form = _FORMS.get(type(dropped.stmt), "")
    why = f": {found.why}" if found.why else ""
    severity = found.severity or Severity.NOTE
    context = program.context(dropped.function)
    phrase = ""
    if severity is not Severity.NOTE and context in _WAY_IN:
        phrase = entry_phrase(program, dropped.function)
    message = f"error of {form}`{name}()` is dropped{why}{f' ({phrase})' if phrase else ''}"
    extra = Extra(
        scale=_SCALES[severity],
        confidence=Confidence.LOW if found.severity is None else confidence,
        evidence={"callee": callee.canonical, "tier": _tier_name(found)},
    )
    site = Site(function=dropped.function, at=call.paren, end=call.end, label=name)
    return site_report(program, site, message, callee.canonical or name, extra)


def _tier_name(found: Tier) -> str:
    return found.severity.value if found.severity is not None else "hidden"
