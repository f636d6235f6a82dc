"""The report as plain text for the terminal: the verdicts and what they rest on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from archlint.model.suitability import Evidence, Lean, SuitabilityReport, Unit
from archlint.render.escape import printable as plain
from archlint.render.report import wording

_WIDTH = 96
_BAR = 41


def render_text(report: SuitabilityReport) -> str:
    """The report without colour; fits 96 columns where the texts allow."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: SuitabilityReport) -> Iterator[str]:
    c = report.coverage
    yield f"Runtime suitability: {plain(report.origin.name)}"
    yield (
        f"parsed {c.parsed}/{c.files} files, resolved {c.imports_resolved}/{c.imports} imports and "
        f"{c.calls_resolved}/{c.calls} calls, skipped {len(report.skipped)}"
    )
    units = wording.ordered(report)
    for unit in units:
        if unit.verdict.kind != "not-assessed":
            yield ""
            yield from _unit(unit)
    others = [unit for unit in units if unit.verdict.kind == "not-assessed"]
    if others:
        yield ""
        yield "Not assessed: " + ", ".join(plain(unit.component.name) for unit in others)
    if not units:
        yield ""
        yield wording.NO_COMPONENT
    still_open = [question.id for question in report.questions if question.answer is None]
    if still_open:
        yield ""
        yield from _wrapped("Open questions (archlint report --ask): " + ", ".join(still_open), "")
    for question in report.questions:
        if question.hint:
            words = f"{question.hint.value} ({plain(question.hint.text)})"
            yield from _wrapped(f"- suggested for {question.id}, not applied: {words}", "  ")
    yield ""
    yield f"model {report.model.version} of {report.model.date}; ? is unknown, never zero"


def _unit(unit: Unit) -> Iterator[str]:
    c, v = unit.component, unit.verdict
    where = f" in {c.root}" if c.root else ""
    yield f"{plain(c.name)} ({wording.RUNTIMES[c.runtime]} {c.kind}{plain(where)})"
    firm = f"  [{v.firmness}, {wording.share(v.stability)} of runs]" if wording.weighed(v) else ""
    yield f"  {plain(v.title)}{firm}"
    yield from _wrapped(plain(v.reason), "  ")
    if v.step_down_reason:
        stronger = wording.KINDS.get(v.stepped_down_from, v.stepped_down_from)
        yield from _wrapped(f"{stronger} is withheld: {v.step_down_reason}", "  ")
    if unit.lean:
        yield f"  Node.js {_bar(unit.lean)} Go"
        yield from _wrapped(wording.lean_words(unit.lean, c.kind), "  ")
    for part in unit.dimensions:
        for practice in part.practice:
            yield f"  {wording.ratio(practice):>12}  {plain(practice.says)}"
    yield from _evidence("for staying", unit.staying)
    yield from _evidence("for moving", unit.moving)
    for candidate in unit.candidates[:3]:
        yield (
            f"  candidate {plain(candidate.name)}: priority {candidate.priority:.2f}, "
            f"{wording.share(candidate.demand_share)} of the demand, effort {candidate.effort}"
        )
    for change in v.changes:
        yield from _wrapped(f"would change it: {plain(change)}", "  ")


def _evidence(title: str, items: tuple[Evidence, ...]) -> Iterator[str]:
    if items:
        yield f"  {title}:"
    for item in items[:4]:
        guide = f" ({wording.guide_words(item.guide)})" if item.guide else ""
        yield from _wrapped(f"- {plain(item.text)}{guide}", "    ")
        if item.path:
            yield f"      {plain(wording.place(item))}"
        if len(item.trace) > 1:
            yield from _wrapped(" > ".join(plain(hop.label) for hop in item.trace), "      ")


def _wrapped(text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + ("  " if text.startswith("- ") else ""),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _bar(lean: Lean) -> str:
    """The lean as characters: ``o`` the value, ``=`` the interval, ``|`` the middle."""

    def at(value: float) -> int:
        return round((value + 1) / 2 * (_BAR - 1))

    cells = ["-"] * _BAR
    for index in range(at(lean.low), at(lean.high) + 1):
        cells[index] = "="
    cells[_BAR // 2] = "|"
    cells[at(lean.value)] = "o"
    return "[" + "".join(cells) + "]"
