"""One component, from its survey to its unit of the report."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from archlint.knowledge.suitability import Guide, Model
from archlint.model.finding import ComponentInfo, Coverage
from archlint.model.suitability import (
    Answer,
    Cadence,
    Candidate,
    Dimension,
    Evidence,
    Hint,
    Practice,
    Signal,
    Unit,
    VerdictKind,
)
from archlint.suitability.candidates import candidates_of
from archlint.suitability.checklist import Filler, fill_checklist, fill_scenarios
from archlint.suitability.context import context_lean, dimension_weights
from archlint.suitability.frames import Frames
from archlint.suitability.hints import hint_signals
from archlint.suitability.lean import by_dimension, combine
from archlint.suitability.practice import practice_of, request_defects
from archlint.suitability.sensitivity import Setting, case_in, examine
from archlint.suitability.signals import readings_of, signals_of
from archlint.suitability.signals.workload import compute_sites
from archlint.suitability.survey import Survey
from archlint.suitability.verdict import ASSESSED, Case, decide, not_assessed, withheld
from archlint.suitability.wordings import Withheld, verdict_of

_RANK = {"high": 0, "medium": 1, "low": 2}


class Brief(msgspec.Struct, frozen=True):
    """What every component is assessed with."""

    model: Model
    guide: Guide
    answers: Mapping[str, Answer]
    hints: Mapping[str, Hint]
    frames: Frames
    cadence: Cadence


def assess(survey: Survey, info: ComponentInfo, brief: Brief) -> Unit:
    """The unit of one component; a front end, tool or test is listed and not assessed."""
    coverage = coverage_of(survey)
    if info.kind not in ASSESSED or not survey.paths:
        reason = "" if info.kind not in ASSESSED else "It holds no source that archlint reads."
        verdict = not_assessed(info.kind, info.runtime, brief.model, reason)
        return Unit(component=info, coverage=coverage, verdict=verdict)
    info = msgspec.structs.replace(info, kind=survey.kind)
    signals = signals_of(survey, brief.model)
    practice = practice_of(survey, brief.model)
    served = info.runtime == "node" and survey.kind in {"service", "worker"}
    candidates = candidates_of(survey, compute_sites(survey)) if served else ()
    case = _case(survey, coverage, signals, practice, candidates)
    setting = Setting(readings_of(signals), case, brief.answers, _sureness(signals))
    case = case_in(setting, brief.model)
    held, why = _held(setting, case, brief.model)
    repairs = _repairs(case, signals, practice)
    sensitivity = examine(setting, brief.model, held, repairs)
    staying, moving = _columns(signals, info.runtime)
    weights = dimension_weights(brief.model, brief.answers)
    parts = by_dimension(setting.readings)
    filler = Filler(
        {s.id: s for s in signals} | hint_signals(brief.hints, brief.cadence),
        brief.answers,
        brief.hints,
    )
    return Unit(
        component=info,
        coverage=coverage,
        counted=survey.n,
        verdict=verdict_of(case, sensitivity, brief.model, Withheld(held, why, _unknowns(signals))),
        lean=combine(parts, weights, brief.model.thresholds.band),
        context_lean=context_lean(brief.model, brief.answers),
        dimensions=tuple(
            Dimension(
                id=name,
                title=spec.title,
                weight=weights.get(name, 0.0),
                lean=parts[name].lean if name in parts else None,
                coverage=parts[name].coverage if name in parts else 0.0,
                signals=tuple(
                    msgspec.structs.replace(s, evidence=()) for s in signals if s.dimension == name
                ),
                practice=tuple(_framed(p, brief.frames) for p in practice if p.dimension == name),
            )
            for name, spec in brief.model.dimensions.items()
        ),
        staying=with_frames(staying, brief.frames),
        moving=with_frames(moving, brief.frames),
        candidates=candidates,
        sensitivity=sensitivity,
        checklist=fill_checklist(brief.guide, filler),
        scenarios=fill_scenarios(brief.guide, filler, brief.answers),
    )


def coverage_of(survey: Survey) -> Coverage:
    """The component's files, and the resolution of its language over the whole program."""
    program = survey.program
    part = program.linked[1 if survey.runtime == "go" else 0]
    paths = [file.path for file in program.workspace.files if file.role == "production"]
    mine = [p for p in paths if (c := program.component(p)) and c.name == survey.component.name]
    imports = [edge for edge in part.modules if edge.source in survey.path_set | survey.folders]
    return Coverage(
        files=len(mine),
        parsed=sum(1 for path in mine if path in program.files),
        lines=sum(program.files[p].lines for p in mine if p in program.files),
        imports=len(imports),
        imports_resolved=sum(1 for edge in imports if edge.target),
        dynamic_imports=sum(1 for edge in imports if edge.kind in {"dynamic", "computed"}),
        calls=part.calls,
        calls_resolved=part.calls_resolved,
        calls_external=part.calls_external,
    )


def _resolved(coverage: Coverage) -> float:
    shares = [
        k / n
        for k, n in (
            (coverage.parsed, coverage.files),
            (coverage.imports_resolved, coverage.imports),
            (coverage.calls_resolved, coverage.calls),
        )
        if n
    ]
    return round(min(shares, default=0.0), 4)


def _case(
    survey: Survey,
    coverage: Coverage,
    signals: tuple[Signal, ...],
    practice: tuple[Practice, ...],
    candidates: tuple[Candidate, ...],
) -> Case:
    cpu = next(s for s in signals if s.id == "workload.cpu")
    sure = [s for s in compute_sites(survey) if s.reliability == "high"]
    best = candidates[0] if candidates else None
    return Case(
        runtime=survey.runtime,
        kind=survey.kind,
        lean=0.0,
        coverage=0.0,
        resolved=_resolved(coverage),
        cpu_share=cpu.value,
        cpu_sure=survey.union(sure).bit_count() / survey.n if survey.n else 0.0,
        candidate=best.name if best else "",
        priority=best.priority if best else 0.0,
        candidates_cover=min(1.0, sum(c.demand_share for c in candidates if c.separability >= 0.5)),
        request_defects=request_defects(practice),
        strong_sites=len({(s.function[0], s.at) for s in sure}),
        strong_files=len({s.function[0] for s in sure}),
    )


def _unknowns(signals: tuple[Signal, ...]) -> tuple[str, ...]:
    """Why signals are unknown, those of the greatest weight first, each reason once."""
    open_ = [s for s in signals if s.applicable and s.value is None and s.why_unknown]
    open_.sort(key=lambda s: (-s.weight, s.id))
    return tuple(dict.fromkeys(s.why_unknown for s in open_))


def _sureness(signals: tuple[Signal, ...]) -> float:
    return next((s.reliability for s in signals if s.id == "workload.cpu"), 1.0)


def _held(setting: Setting, case: Case, model: Model) -> tuple[tuple[VerdictKind, ...], str]:
    """Strong verdicts that the guard withholds, one step at a time, and why the first one was."""
    held: tuple[VerdictKind, ...] = ()
    first = ""
    while True:
        kind = decide(case, model.thresholds, held)[0]
        stability = examine(setting, model, held).stability
        why = withheld(case, kind, stability, model.thresholds)
        if not why:
            return held, first
        held, first = (*held, kind), first or why


def _repairs(
    case: Case, signals: tuple[Signal, ...], practice: tuple[Practice, ...]
) -> list[tuple[str, Case]]:
    """Fixes in the order of the remedies, each with the case once it and all before it are done."""
    found: list[tuple[str, Case]] = []
    cpu = next(s for s in signals if s.id == "workload.cpu")
    if cpu.value and case.runtime == "node":
        case = replace(case, cpu_share=0.0, cpu_sure=0.0, candidate="", priority=0.0)
        words = cpu.says.partition(": ")[2] or "the heavy work"
        found.append((f"move {words} off the calling thread", case))
    for item in sorted(practice, key=lambda p: (p.on_request_path, p.id)):
        if not item.on_request_path:
            continue
        left = case.request_defects - item.on_request_path
        case = replace(case, request_defects=left)
        n = item.on_request_path
        defects = "defect" if n == 1 else "defects"
        found.append((f"fix {n} {' and '.join(item.met_rules)} {defects} on a request path", case))
    return found


def _columns(
    signals: tuple[Signal, ...], runtime: str
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """Evidence for staying and for moving, by what each piece leans to; the weightiest first."""
    weight = {s.id: abs(s.contribution) for s in signals}
    pieces = [item for signal in signals for item in signal.evidence if item.leans]
    pieces.sort(
        key=lambda e: (
            _RANK[e.reliability],
            -weight[e.signal],
            -e.entry_points,
            e.path,
            e.line,
            e.text,
        )
    )
    pieces = _merged(pieces)
    staying = tuple(e for e in pieces if e.leans == runtime)
    return staying, tuple(e for e in pieces if e.leans != runtime)


def _merged(pieces: list[Evidence]) -> list[Evidence]:
    """The same place said for two signals is shown once, with both signals' lines of the guide."""
    found: dict[tuple[str, str, int, str], Evidence] = {}
    for item in pieces:
        key = (item.text, item.path, item.line, item.leans)
        first = found.get(key)
        if first is None:
            found[key] = item
        else:
            lines = tuple(sorted({*first.guide, *item.guide}))
            found[key] = msgspec.structs.replace(first, guide=lines)
    return list(found.values())


def with_frames(items: tuple[Evidence, ...], frames: Frames) -> tuple[Evidence, ...]:
    """The same evidence with its piece of source."""
    return tuple(msgspec.structs.replace(e, frame=frames.at(e.path, e.line)) for e in items)


def _framed(practice: Practice, frames: Frames) -> Practice:
    return msgspec.structs.replace(practice, evidence=with_frames(practice.evidence, frames))
