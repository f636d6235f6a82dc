"""From a linked program and its findings to the whole report."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from archlint.knowledge.suitability import load_effects, load_guide, load_model
from archlint.model.finding import Finding, Result
from archlint.model.history import History
from archlint.model.suitability import (
    Answer,
    Origin,
    Row,
    RowRelated,
    SuitabilityReport,
    Tool,
)
from archlint.program.program import Program
from archlint.suitability.assess import Brief, assess
from archlint.suitability.cadence import cadence_of
from archlint.suitability.context import questions
from archlint.suitability.frames import Frames
from archlint.suitability.ground import Ground
from archlint.suitability.hints import hints_of
from archlint.suitability.modulemap import module_map
from archlint.suitability.parameters import parameters
from archlint.suitability.sites import collect_sites
from archlint.suitability.survey import Survey

SCHEMA_VERSION = 1
_NO_HISTORY = History()


def _no_lines(_path: str) -> list[str]:
    return []


class Material(msgspec.Struct, frozen=True):
    """What the report needs beside the program: result, answers, origin, source, history."""

    result: Result
    answers: Mapping[str, Answer] = msgspec.field(default_factory=dict)
    origin: Origin = msgspec.field(default_factory=lambda: Origin(name=""))
    lines: Callable[[str], list[str]] = _no_lines
    history: History = _NO_HISTORY


def build_report(program: Program, material: Material) -> SuitabilityReport:
    """The suitability report; equal input gives equal output."""
    model, guide = load_model(), load_guide()
    result = material.result
    cadence = cadence_of(material.history)
    hints = hints_of(program, cadence)
    frames = Frames(material.lines, around=3)
    brief = Brief(model, guide, material.answers, hints, frames, cadence)
    sites = collect_sites(program, load_effects())
    ground = Ground(program, sites, result.findings, frozenset(r.id for r in result.rules))
    infos = {info.name: info for info in result.components}
    components = [c for c in program.workspace.components if c.name in infos]
    short = Frames(material.lines)
    return SuitabilityReport(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="archlint", version=result.version),
        origin=material.origin,
        model=parameters(model, material.answers),
        coverage=result.coverage,
        components=result.components,
        units=tuple(assess(Survey(ground, c), infos[c.name], brief) for c in components),
        findings=tuple(_row(finding, short) for finding in result.findings),
        skipped=result.skipped,
        questions=questions(model, material.answers, hints),
        module_map=module_map(
            program,
            result.findings,
            [s.function[0] for s in sites if s.kind == "cpu" and s.where == "loop"],
        ),
        rules=result.rules,
        cadence=cadence,
    )


def _row(finding: Finding, frames: Frames) -> Row:
    at = finding.location
    return Row(
        rule=finding.rule,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        message=finding.message,
        path=at.path,
        line=at.line,
        column=at.column,
        end_line=at.end_line,
        end_column=at.end_column,
        component=finding.component,
        context=finding.context.value,
        trace=finding.trace,
        related=tuple(
            RowRelated(path=r.location.path, line=r.location.line, message=r.message)
            for r in finding.related
        ),
        fingerprint=finding.fingerprint,
        suppressed=finding.suppressed,
        advice=finding.advice,
        entry_points=finding.entry_points,
        frame=frames.at(at.path, at.line),
    )
