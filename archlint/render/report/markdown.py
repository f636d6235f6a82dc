"""The report as Markdown, for pull requests, wikis and reading in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.knowledge.suitability import load_guide
from archlint.model.suitability import Evidence, SuitabilityReport, Unit
from archlint.render.escape import code_span
from archlint.render.escape import markdown as markdown_text
from archlint.render.report import wording
from archlint.render.report.hosting import file_url

SHOWN = 50
"""Findings that the Markdown form lists; the JSON form has all."""


def render_markdown(report: SuitabilityReport) -> str:
    """The whole report; every text from the repo is escaped or in a code span."""
    return "\n".join(_Page(report).lines()) + "\n"


class _Page:
    def __init__(self, report: SuitabilityReport) -> None:
        self._report = report

    def lines(self) -> Iterator[str]:
        """All lines of the page."""
        yield f"# Runtime suitability: {markdown_text(self._report.origin.name)}"
        yield ""
        yield from self._coverage()
        units = wording.ordered(self._report)
        if units:
            yield from self._overview(units)
        else:
            yield from (wording.NO_COMPONENT, "")
        for unit in units:
            if unit.verdict.kind != "not-assessed":
                yield from self._unit(unit)
        yield from self._findings()
        yield from self._questions()
        yield from self._method()

    def _place(self, path: str, line: int) -> str:
        shown = code_span(f"{path}:{line}" if line else path)
        url = file_url(self._report.origin, path, line)
        return f"[{shown}]({url})" if url else shown

    def _coverage(self) -> Iterator[str]:
        c = self._report.coverage
        yield (
            f"Rests on {c.parsed} of {c.files} files parsed, {c.imports_resolved} of {c.imports} "
            f"imports and {c.calls_resolved} of {c.calls} calls resolved, "
            f"{c.dynamic_imports} imports computed at run time, "
            f"{len(self._report.skipped)} files skipped or half read."
        )
        yield ""

    def _overview(self, units: list[Unit]) -> Iterator[str]:
        yield "| Component | Runtime | Verdict | Firmness | Lean (−1 to +1) | Entry points |"
        yield "| --- | --- | --- | --- | --- | ---: |"
        for unit in units:
            lean = "–" if unit.lean is None else "?"
            if unit.lean and unit.verdict.kind != "insufficient-evidence":
                low, high = (wording.lean_number(n) for n in (unit.lean.low, unit.lean.high))
                lean = f"{wording.lean_number(unit.lean.value)} ({low} to {high})"
            firm = unit.verdict.firmness if wording.weighed(unit.verdict) else "–"
            cells = (
                markdown_text(unit.component.name),
                f"{wording.RUNTIMES[unit.component.runtime]} {unit.component.kind}",
                f"{wording.KINDS[unit.verdict.kind]} {markdown_text(unit.verdict.subject)}".strip(),
                firm,
                lean,
                str(unit.counted) if unit.verdict.kind != "not-assessed" else "–",
            )
            yield f"| {' | '.join(cells)} |"
        yield ""

    def _unit(self, unit: Unit) -> Iterator[str]:
        verdict = unit.verdict
        yield f"## {markdown_text(unit.component.name)}: {markdown_text(verdict.title)}"
        yield ""
        firm = (
            f" *{verdict.firmness}: {wording.share(verdict.stability)} of the seeded runs agree.*"
            if wording.weighed(verdict)
            else ""
        )
        yield f"{markdown_text(verdict.reason)}{firm}"
        if verdict.step_down_reason:
            stronger = wording.KINDS.get(verdict.stepped_down_from, verdict.stepped_down_from)
            yield f"The stronger verdict “{stronger}” is withheld: {verdict.step_down_reason}."
        yield ""
        if unit.lean:
            yield wording.sentence(wording.lean_words(unit.lean, unit.component.kind)) + "."
        if unit.context_lean:
            yield f"Context as answered: {wording.lean_words(unit.context_lean)}."
        yield ""
        yield from _bullets("What would change it", map(markdown_text, verdict.changes))
        yield from _bullets("Measure before deciding", map(markdown_text, verdict.measure))
        yield from self._dimensions(unit)
        runtime = unit.component.runtime
        other = "go" if runtime == "node" else "node"
        yield from self._evidence(f"For staying with {wording.RUNTIMES[runtime]}", unit.staying)
        yield from self._evidence(f"For moving towards {wording.RUNTIMES[other]}", unit.moving)
        yield from self._candidates(unit)
        yield from self._checklist(unit)

    def _dimensions(self, unit: Unit) -> Iterator[str]:
        yield "| Dimension | Lean | Seen | Practice: in order |"
        yield "| --- | ---: | ---: | --- |"
        for part in unit.dimensions:
            lean = wording.lean_number(part.lean if part.coverage else None) if part.weight else "–"
            seen = wording.share(part.coverage) if part.weight else "–"
            said = "; ".join(f"{wording.ratio(p)} {p.says}" for p in part.practice) or "–"
            yield f"| {part.title} | {lean} | {seen} | {markdown_text(said)} |"
        yield ""

    def _evidence(self, title: str, items: tuple[Evidence, ...]) -> Iterator[str]:
        yield f"### {title}"
        yield ""
        if not items:
            yield "Nothing in the code speaks for it in particular."
        for item in items[:8]:
            where = f" {self._place(item.path, item.line)}" if item.path else ""
            guide = f" ({wording.guide_words(item.guide)})" if item.guide else ""
            yield f"- {markdown_text(item.text)}{where}{guide}"
            if len(item.trace) > 1:
                steps = " → ".join(code_span(hop.label) for hop in item.trace)
                yield f"  - {steps}"
        yield ""

    def _candidates(self, unit: Unit) -> Iterator[str]:
        if not unit.candidates:
            return
        yield "### Parts that could be taken out"
        yield ""
        yield "| Part | Priority | Demand | Separability | Lines | Effort |"
        yield "| --- | ---: | ---: | ---: | ---: | --- |"
        for part in unit.candidates:
            yield (
                f"| {code_span(part.name)} | {part.priority:.2f} | "
                f"{wording.share(part.demand_share)} | {part.separability:.2f} | {part.lines} | "
                f"{part.effort} |"
            )
        yield ""
        if unit.verdict.remedies:
            yield "In this order: " + " ".join(unit.verdict.remedies)
            yield ""

    def _checklist(self, unit: Unit) -> Iterator[str]:
        yield "<details><summary>The guide's checklist and scenarios, filled in</summary>"
        yield ""
        yield "| Statement | Guide | Status | Because |"
        yield "| --- | --- | --- | --- |"
        for item in unit.checklist:
            because = item.note or (f"question {item.question}" if item.question else "")
            yield (
                f"| {markdown_text(item.statement)} | L{item.line} | "
                f"{wording.STATUS[item.status]} | {markdown_text(because)} |"
            )
        yield ""
        for scenario in unit.scenarios:
            chosen = " (chosen)" if scenario.chosen else ""
            lines = f"L{scenario.lines[0]}–L{scenario.lines[1]}"
            yield f"- {scenario.title}{chosen}, {lines}: {wording.scenario_words(scenario)}"
        yield ""
        yield "</details>"
        yield ""

    def _findings(self) -> Iterator[str]:
        rows = self._report.findings
        yield f"## Findings ({len(rows)})"
        yield ""
        rank = {"error": 0, "warning": 1, "note": 2}
        ranked = sorted(rows, key=lambda r: (rank[r.severity], -r.entry_points, r.path, r.line))
        for row in ranked[:SHOWN]:
            yield (
                f"- **{row.severity}** {markdown_text(row.rule)} "
                f"{self._place(row.path, row.line)}: "
                f"{markdown_text(row.message)}"
            )
        if len(rows) > SHOWN:
            yield f"- {len(rows) - SHOWN} more in the JSON form."
        yield ""

    def _questions(self) -> Iterator[str]:
        open_ones = [q for q in self._report.questions if q.answer is None]
        if not open_ones:
            return
        yield "## What code cannot tell"
        yield ""
        for question in open_ones:
            hint = ""
            if question.hint:
                text = markdown_text(question.hint.text)
                hint = f" The repo suggests {question.hint.value} (not applied): {text}."
            yield f"- {question.text} `{question.id}` = {' | '.join(question.values)}.{hint}"
        yield ""

    def _method(self) -> Iterator[str]:
        model = self._report.model
        yield f"Model {model.version} of {model.date}, archlint {self._report.tool.version}."
        yield ""
        for limit in load_guide().limits:
            yield f"- {markdown_text(limit.text)}"


def _bullets(title: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield f"**{title}**"
        yield ""
        yield from lines
        yield ""
