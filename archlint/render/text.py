"""Text for the terminal: code frames, traces, advice, and a summary."""

from __future__ import annotations

import io
import re
from collections import Counter

from rich.console import Console
from rich.style import Style
from rich.text import Text

from archlint.model.finding import Context, Finding, Result, Severity
from archlint.render.document import is_open, summary
from archlint.render.escape import one_line
from archlint.render.frame import frame
from archlint.render.options import RenderOptions, rule_page
from archlint.render.sources import Sources

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_CONTEXTS = {
    Context.REQUEST: "on a request path",
    Context.BACKGROUND: "in background work",
    Context.STARTUP: "at start-up",
    Context.CLI: "in a command",
}
_LINK_ID = re.compile(r"\x1b\]8;id=[0-9-]+;")
"""rich numbers links at random; two runs must be equal."""
_MAX_HOPS = 12
_NO_LIMIT = 100_000


def render(result: Result, sources: Sources, options: RenderOptions) -> str:
    """Errors and warnings in full, gravest first; notes on a line each; then what was fixed."""
    screen = _Screen(options)
    found = sorted(
        (f for f in result.findings if is_open(f)), key=lambda f: (f.severity.rank, f.order)
    )
    if options.quiet:
        found = [f for f in found if f.severity.rank <= options.fail_on.rank]
    for finding in found:
        if finding.severity is Severity.NOTE:
            screen.line(_header(finding), _place(finding, brief=True))
        else:
            _full(screen, finding, sources)
    for finding in result.fixed if not options.quiet else ():
        screen.line(Text("fixed", "green"), _rule(finding), one_line(finding.message))
        screen.line(*_at(finding))
    for move in result.verdicts:
        name = one_line(move.component)
        screen.line(Text("verdict", "magenta"), f"{name}: {move.before}, now {move.after}")
    if options.statistics:
        _statistics(screen, found)
    if not options.quiet:
        _summary(screen, result)
    return screen.text()


class _Screen:
    """Collects lines as the terminal shows them: wrapped to its width, coloured or plain."""

    def __init__(self, options: RenderOptions) -> None:
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=options.width or _NO_LIMIT,
            force_terminal=options.colour,
            color_system="standard" if options.colour else None,
            no_color=not options.colour,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=not options.width,
        )

    def line(self, *parts: str | Text, indent: int = 0) -> None:
        """One line of parts with blanks between; continuation lines are indented."""
        text = Text(" ").join(part if isinstance(part, Text) else Text(part) for part in parts)
        width = self._console.width
        if width >= _NO_LIMIT:
            self._console.print(Text(" " * indent) + text)
            return
        for number, row in enumerate(text.wrap(self._console, max(width - indent - 2, 20))):
            self._console.print(Text(" " * (indent + 2 * (number > 0))) + row)

    def raw(self, text: Text) -> None:
        """A line that is cut, not wrapped (code)."""
        self._console.print(text, overflow="ellipsis", no_wrap=True, crop=True)

    def text(self) -> str:
        """Everything so far, no trailing blanks."""
        shown = _LINK_ID.sub("\x1b]8;;", self._out.getvalue())
        return "".join(line.rstrip() + "\n" for line in shown.splitlines())


def _rule(finding: Finding) -> Text:
    return Text(f"[{finding.rule}]", Style(bold=True, link=rule_page(finding.rule)))


def _header(finding: Finding) -> Text:
    head = (finding.severity.value, _COLOURS[finding.severity])
    return Text.assemble(head, _rule(finding), " " + one_line(finding.message))


def _place(finding: Finding, *, brief: bool = False) -> Text:
    at = finding.location
    text = f"{one_line(at.path)}:{at.line}:{at.column}"
    return Text(f"({text})" if brief else text, "dim" if brief else "blue")


def _at(finding: Finding) -> tuple[Text, ...]:
    about = [finding.component and one_line(finding.component), _CONTEXTS.get(finding.context, "")]
    if finding.confidence.rank:
        about.append(f"{finding.confidence} confidence")
    known = ", ".join(part for part in about if part)
    place = Text.assemble(("  --> ", "blue"), _place(finding))
    return (place, Text(f"({known})", "dim")) if known else (place,)


def _full(screen: _Screen, finding: Finding, sources: Sources) -> None:
    screen.line(_header(finding))
    screen.line(*_at(finding))
    for row in frame(finding.location, sources, _COLOURS[finding.severity]):
        screen.raw(row)
    _trace(screen, finding)
    for related in finding.related:
        at = related.location
        place = f"{one_line(at.path)}:{at.line}:{at.column}"
        screen.line(Text("   = see", "blue"), Text(place, "blue"), one_line(related.message))
    if finding.advice:
        screen.line(Text("   = help:", "green"), one_line(finding.advice))
    screen.line("")


def _trace(screen: _Screen, finding: Finding) -> None:
    """The calls from the entry point; a long trace loses its middle."""
    hops = list(finding.trace)
    left_out = len(hops) - _MAX_HOPS
    for number, hop in enumerate(hops):
        if left_out > 0 and _MAX_HOPS // 2 <= number < _MAX_HOPS // 2 + left_out:
            if number == _MAX_HOPS // 2:
                screen.line(Text(f"          ... {left_out} more calls", "dim"))
            continue
        mark = "   = trace:" if number == 0 else "          ->"
        place = f"{one_line(hop.path)}:{hop.line}"
        screen.line(Text(mark, "blue"), one_line(hop.label), Text(place, "dim"))


def _statistics(screen: _Screen, found: list[Finding]) -> None:
    counts = Counter((f.severity.rank, f.rule) for f in found)
    for (rank, rule), count in sorted(counts.items(), key=lambda i: (i[0][0], -i[1], i[0][1])):
        severity = list(Severity)[rank]
        screen.line(f"{count:>6}", Text(f"{severity:<8}", _COLOURS[severity]), rule)
    if counts:
        screen.line("")


def _summary(screen: _Screen, result: Result) -> None:
    counts = summary(result)
    parts = [
        _count(counts.error, "error"),
        _count(counts.warning, "warning"),
        _count(counts.note, "note"),
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
    files = _count(result.coverage.parsed, "file")
    screen.line(Text(what, style), f"in {files}" + (f" ({known})" if known else ""))
    unread = sum(not s.partial for s in result.skipped)
    half = len(result.skipped) - unread
    if result.skipped:
        partly = f", {half} read in part" if half else ""
        screen.line(f"{_count(unread, 'file')} skipped{partly}: --verbose says why")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
