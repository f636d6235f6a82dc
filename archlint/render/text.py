"""Text for the terminal: code frames, traces, advice, and a summary."""

from __future__ import annotations

from collections import Counter

from archlint.model.finding import Context, Finding, Result, Severity
from archlint.render.document import is_open, summary
from archlint.render.escape import count, one_line
from archlint.render.frame import frame
from archlint.render.options import RenderOptions, rule_page
from archlint.render.screen import Part, Screen, Span, screen
from archlint.render.sources import Sources

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_CONTEXTS = {
    Context.REQUEST: "on a request path",
    Context.BACKGROUND: "in background work",
    Context.STARTUP: "at start-up",
    Context.CLI: "in a command",
}
_MAX_HOPS = 12


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """Errors and warnings in full, gravest first; notes on a line each; then what was fixed."""
    out = screen(options)
    found = sorted(
        (f for f in result.findings if is_open(f)), key=lambda f: (f.severity.rank, f.order)
    )
    if options.quiet:
        found = [f for f in found if f.severity.rank <= options.fail_on.rank]
    for finding in found:
        if finding.severity is Severity.NOTE:
            out.line(_header(finding), _place(finding, brief=True))
        else:
            _full(out, finding, sources)
    for finding in result.fixed if not options.quiet else ():
        out.line(Span("fixed", "green"), _rule(finding), one_line(finding.message))
        out.line(*_at(finding))
    for move in result.verdicts:
        name = one_line(move.component)
        out.line(Span("verdict", "magenta"), f"{name}: {move.before}, now {move.after}")
    if options.statistics:
        _statistics(out, found)
    if not options.quiet:
        _summary(out, result)
    return out.text()


def _rule(finding: Finding) -> Span:
    return Span(f"[{finding.rule}]", "bold", rule_page(finding.rule))


def _header(finding: Finding) -> tuple[Span, ...]:
    head = Span(finding.severity.value, _COLOURS[finding.severity])
    return (head, _rule(finding), Span(" " + one_line(finding.message)))


def _place(finding: Finding, *, brief: bool = False) -> Span:
    at = finding.location
    text = f"{one_line(at.path)}:{at.line}:{at.column}"
    return Span(f"({text})" if brief else text, "dim" if brief else "blue")


def _at(finding: Finding) -> tuple[Part, ...]:
    about = [finding.component and one_line(finding.component), _CONTEXTS.get(finding.context, "")]
    if finding.confidence.rank:
        about.append(f"{finding.confidence} confidence")
    known = ", ".join(part for part in about if part)
    place = (Span("  --> ", "blue"), _place(finding))
    return (place, Span(f"({known})", "dim")) if known else (place,)


def _full(out: Screen, finding: Finding, sources: Sources) -> None:
    out.line(_header(finding))
    out.line(*_at(finding))
    for row in frame(finding.location, sources, _COLOURS[finding.severity]):
        out.raw(*row)
    _trace(out, finding)
    for related in finding.related:
        at = related.location
        place = f"{one_line(at.path)}:{at.line}:{at.column}"
        out.line(Span("   = see", "blue"), Span(place, "blue"), one_line(related.message))
    if finding.advice:
        out.line(Span("   = help:", "green"), one_line(finding.advice))
    out.line("")


def _trace(out: Screen, finding: Finding) -> None:
    """The calls from the entry point; a long trace loses its middle."""
    hops = list(finding.trace)
    left_out = len(hops) - _MAX_HOPS
    for number, hop in enumerate(hops):
        if left_out > 0 and _MAX_HOPS // 2 <= number < _MAX_HOPS // 2 + left_out:
            if number == _MAX_HOPS // 2:
                out.line(Span(f"          ... {left_out} more calls", "dim"))
            continue
        mark = "   = trace:" if number == 0 else "          ->"
        place = f"{one_line(hop.path)}:{hop.line}"
        out.line(Span(mark, "blue"), one_line(hop.label), Span(place, "dim"))


def _statistics(out: Screen, found: list[Finding]) -> None:
    counts = Counter((f.severity.rank, f.rule) for f in found)
    for (rank, rule), number in sorted(counts.items(), key=lambda i: (i[0][0], -i[1], i[0][1])):
        severity = list(Severity)[rank]
        out.line(f"{number:>6}", Span(f"{severity:<8}", _COLOURS[severity]), rule)
    if counts:
        out.line("")


def _summary(out: Screen, result: Result) -> None:
    counts = summary(result)
    parts = [
        count(counts.error, "error"),
        count(counts.warning, "warning"),
        count(counts.note, "note"),
    ]
    total = counts.error + counts.warning + counts.note
    what = ", ".join(parts) if total else "No findings"
    if result.since:
        what += f" introduced since {one_line(result.since)}, {counts.fixed} fixed"
    aside = [
        f"{counts.suppressed} suppressed" if counts.suppressed else "",
        f"{counts.baselined} in the baseline" if counts.baselined else "",
        f"{counts.hidden} below the least confidence" if counts.hidden else "",
    ]
    known = ", ".join(part for part in aside if part)
    style = "bold red" if counts.error else "bold green" if not total else "bold"
    read = result.coverage
    files = count(read.parsed, "file") if read.depth != "manifests" else "manifests"
    if result.notice and not total and not result.since:
        out.line(Span(one_line(result.notice), "bold"))
    else:
        out.line(Span(what, style), f"in {files}" + (f" ({known})" if known else ""))
    unread = sum(not s.partial for s in result.skipped)
    half = len(result.skipped) - unread
    if result.skipped:
        partly = f", {half} read in part" if half else ""
        out.line(f"{count(unread, 'file')} skipped{partly}: --verbose says why")
