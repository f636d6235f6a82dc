"""The report as one self-contained HTML page: no network, a strict content policy, rows as JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from archlint.knowledge.suitability import load_guide, load_model
from archlint.model.finding import Context, Severity
from archlint.model.suitability import (
    ChecklistItem,
    Frame,
    Row,
    SuitabilityReport,
    Unit,
)
from archlint.render.escape import printable as plain
from archlint.render.report import picture, wording
from archlint.render.report.highlight import compact, runs
from archlint.render.report.hosting import file_url

_SEVERITIES = [str(s) for s in Severity]
_CONTEXTS = [str(c) for c in Context]


def render_html(report: SuitabilityReport) -> str:
    """The page; equal reports give equal pages."""
    style, script = _asset("report.css"), _asset("report.js")
    units = wording.ordered(report)
    tables = _Tables(report)
    env = _environment()
    env.globals.update(
        file_url=lambda path, line=0: file_url(report.origin, path, line),
        question_text={q.id: q.text for q in report.questions}.get,
        imports_of=tables.imports.get,
        counts=tables.counts,
        band=report.model.thresholds["band"],
    )
    return env.get_template("page.html.j2").render(
        report=report,
        ordered=units,
        slugs=_slugs(units),
        entry_points=sum(unit.counted for unit in report.units),
        selects=tables.selects(),
        data=Markup(tables.data()),
        limits=[limit.text for limit in load_guide().limits] + _general_limits(),
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _general_limits() -> list[str]:
    return [
        "No milliseconds, requests per second, megabytes, money or person-days: code does not hold "
        "them. Names of what to measure stand with each verdict.",
        "Strong verdicts (mismatch, extract, reconsider) need "
        f"{load_model().thresholds.strong_stability:.0%} of the seeded runs and several "
        "high-reliability sites in several files; else they go one step down.",
        "An unknown is shown as ? and widens the interval; it is never counted as zero.",
    ]


@cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("archlint.render.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: plain(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals.update(
        lean_bar=picture.lean_bar,
        small_bar=picture.small_bar,
        outcome_bar=picture.outcome_bar,
        module_map=picture.module_map,
        coloured=_coloured,
        sentence=wording.sentence,
        scenario_words=wording.scenario_words,
        share=wording.share,
        weighed=wording.weighed,
        no_component=wording.NO_COMPONENT,
        outcome_words=wording.outcome_words,
        ratio=wording.ratio,
        lean_number=wording.lean_number,
        lean_words=wording.lean_words,
        value_words=wording.value_words,
        guide_words=wording.guide_words,
        top_evidence=wording.top_evidence,
        runtimes=wording.RUNTIMES,
        kinds=wording.KINDS,
        tones=wording.TONES,
        status=wording.STATUS,
    )
    env.filters["sections"] = _sections
    return env


def _sections(items: tuple[ChecklistItem, ...]) -> list[tuple[str, list[ChecklistItem]]]:
    """Checklist items by section, in the guide's order."""
    groups: dict[str, list[ChecklistItem]] = {}
    for item in items:
        groups.setdefault(item.section, []).append(item)
    return list(groups.items())


def _coloured(line: str) -> Markup:
    """A line of code as spans; every piece is escaped."""
    text = plain(line)
    parts: list[Markup] = []
    at = 0
    for kind, length in runs(text):
        piece = escape(text[at : at + length])
        at += length
        if kind != "p":
            piece = Markup('<span class="t{}">{}</span>').format(kind, piece)
        parts.append(piece)
    return Markup("").join(parts)


def _slugs(units: list[Unit]) -> list[str]:
    """A stable, unique anchor per component."""
    seen: Counter[str] = Counter()
    found = []
    for unit in units:
        slug = "c-" + (re.sub(r"[^a-z0-9]+", "-", unit.component.name.lower()).strip("-") or "root")
        seen[slug] += 1
        found.append(slug if seen[slug] == 1 else f"{slug}-{seen[slug]}")
    return found


class _Tables:
    """The findings as compact rows whose repeated texts are numbers into tables."""

    def __init__(self, report: SuitabilityReport) -> None:
        self._report = report
        used = {row.rule for row in report.findings}
        infos = {info.id: info for info in report.rules}
        self._rules = sorted(used)
        self._rule_rows = [
            {
                "id": name,
                "why": plain(" ".join(infos[name].why.split())) if name in infos else "",
                "remedy": plain(" ".join(infos[name].remedy.split())) if name in infos else "",
            }
            for name in self._rules
        ]
        self._components = sorted({row.component for row in report.findings})
        self._count = Counter((row.component, row.severity) for row in report.findings)
        self.imports: dict[str, list[str]] = {node.id: [] for node in report.module_map.nodes}
        for edge in report.module_map.edges:
            self.imports.setdefault(edge.source, []).append(f"{edge.target} ({edge.count})")

    def counts(self, unit: Unit) -> tuple[int, int]:
        """Errors and warnings of a component."""
        name = unit.component.name
        return self._count[name, "error"], self._count[name, "warning"]

    def selects(self) -> list[tuple[str, str, list[tuple[int, str]]]]:
        """The filters: id, label, and options with how many findings each has."""
        rows = self._report.findings
        by = {
            "severity": ("Severity", _SEVERITIES, Counter(r.severity for r in rows)),
            "rule": ("Rule", self._rules, Counter(r.rule for r in rows)),
            "component": ("Component", self._components, Counter(r.component for r in rows)),
            "context": ("Reached from", _CONTEXTS, Counter(r.context for r in rows)),
        }
        return [
            (
                name,
                label,
                [(i, f"{v or 'whole repo'} ({n[v]})") for i, v in enumerate(values) if n[v]],
            )
            for name, (label, values, n) in by.items()
        ]

    def data(self) -> str:
        """All rows as JSON that is safe inside a script element."""
        value: dict[str, Any] = {
            "blob": self._report.origin.blob,
            "rules": self._rule_rows,
            "components": [plain(name) for name in self._components],
            "contexts": _CONTEXTS,
            "severities": _SEVERITIES,
            "rows": [self._row(row) for row in self._ranked()],
        }
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def _ranked(self) -> list[Row]:
        """The gravest first, then those that most entry points reach."""
        return sorted(
            self._report.findings,
            key=lambda r: (
                _SEVERITIES.index(r.severity),
                -r.entry_points,
                r.path,
                r.line,
                r.column,
            ),
        )

    def _row(self, row: Row) -> list[Any]:
        note = "suppressed" if row.suppressed else ""
        if row.confidence != "high":
            note = ", ".join(part for part in (note, f"{row.confidence} confidence") if part)
        return [
            row.fingerprint,
            _SEVERITIES.index(row.severity),
            self._rules.index(row.rule),
            self._components.index(row.component),
            _CONTEXTS.index(row.context),
            plain(row.message),
            plain(row.path),
            row.line,
            plain(row.advice),
            [[plain(hop.path), hop.line, plain(hop.label)] for hop in row.trace],
            _frame(row.frame),
            [[plain(r.path), r.line, plain(r.message)] for r in row.related],
            row.entry_points,
            note,
        ]


def _frame(frame: Frame | None) -> list[Any] | None:
    if frame is None:
        return None
    lines = [plain(line) for line in frame.lines]
    return [frame.start, frame.mark, lines, compact(lines)]
