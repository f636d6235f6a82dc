"""Fixable defects as k of n in order; they never move the lean."""

from __future__ import annotations

from collections.abc import Callable

from archlint.knowledge.suitability import Model, PracticeSpec, load_effects
from archlint.model import ir
from archlint.model.finding import Confidence, Context, Finding, Severity
from archlint.model.suitability import Evidence, Practice
from archlint.program.dependencies import component_figures
from archlint.suitability.lean import smoothed
from archlint.suitability.signals.latency import is_structural
from archlint.suitability.signals.workload import imported
from archlint.suitability.survey import SERVING, Survey

Count = Callable[[Survey, list[Finding]], "tuple[int, int] | str"]
"""k in order of n, or why that cannot be counted."""


def practice_of(survey: Survey, model: Model) -> tuple[Practice, ...]:
    """Every ratio that applies to the component, in the model's order."""
    return tuple(
        _practice(name, spec, survey)
        for name, spec in model.practice.items()
        if survey.runtime in spec.runtimes
    )


def request_defects(practice: tuple[Practice, ...]) -> int:
    """Defects of any kind that a request or a job can meet."""
    return sum(item.on_request_path for item in practice)


def _practice(name: str, spec: PracticeSpec, survey: Survey) -> Practice:
    rules = spec.rules(survey.runtime)
    defects = [f for f in survey.findings(*rules) if not is_structural(f)]
    asked = not rules or survey.ground.ran.intersection(rules)
    counted = _COUNTS[name](survey, defects) if asked else "none of its rules ran"
    k, n = counted if isinstance(counted, tuple) else (None, None)
    met = [f for f in defects if is_met(f) and survey.meets(f)]
    shown = sorted(defects, key=lambda f: (f.severity.rank, -f.entry_points, f.order))
    return Practice(
        id=name,
        dimension=spec.dimension,
        says=spec.go_says if survey.runtime == "go" else spec.node_says,
        k=k,
        n=n,
        smoothed=smoothed(k, n) if k is not None and n is not None else None,
        defects=len(defects),
        on_request_path=len(met),
        why_unknown=counted if isinstance(counted, str) else "",
        guide=spec.guide,
        rules=tuple(sorted({f.rule for f in defects})),
        met_rules=tuple(sorted({f.rule for f in met})),
        evidence=tuple(_evidence(name, f, spec.guide) for f in shown[:5]),
    )


def is_met(finding: Finding) -> bool:
    """Whether a request or a job may run into it: on its path, grave, and hardly in doubt."""
    return (
        finding.context in {Context.REQUEST, Context.BACKGROUND}
        and finding.severity is Severity.ERROR
        and finding.confidence is not Confidence.LOW
        and not finding.suppressed
    )


def _evidence(name: str, finding: Finding, guide: tuple[int, ...]) -> Evidence:
    return Evidence(
        signal=name,
        text=finding.message,
        path=finding.location.path,
        line=finding.location.line,
        reliability=finding.confidence.value,
        trace=finding.trace,
        guide=guide,
        entry_points=finding.entry_points,
        finding=finding.fingerprint,
    )


# ------------------------------------------------------------------ what is counted


def _handled(survey: Survey, defects: list[Finding]) -> tuple[int, int] | str:
    n = _error_calls(survey) if survey.runtime == "go" else _promise_calls(survey)
    if not n:
        return "no call that can fail was resolved"
    return max(0, n - len(defects)), max(n, len(defects))


def _error_calls(survey: Survey) -> int:
    """Calls in its files whose results hold an error."""
    golang, n = survey.program.golang, 0
    for path in survey.paths:
        for function in survey.program.files[path].functions:
            if function.body is None:
                continue
            ident = (path, function.index)
            for call in golang.body(ident).calls:
                results = golang.call_results(ident, call) or ()
                n += any(golang.implements_error(result) for result in results)
    return n


def _promise_calls(survey: Survey) -> int:
    """Calls in its files that are awaited, chained with then/catch, or reach async functions."""
    ecma, program, n = survey.program.ecma, survey.program, 0
    for path in survey.paths:
        for function in program.files[path].functions:
            ident = (path, function.index)
            awaited = _awaited(function.body or ())
            for call in ecma.calls(ident):
                if id(call) in awaited:
                    n += 1
                    continue
                reached = ecma.resolve_call(ident, call)
                n += any(program.function(target).is_async for target in reached.targets)
    return n


def _awaited(body: tuple[ir.Stmt, ...]) -> set[int]:
    from archlint.model.walk import walk

    found: set[int] = set()
    for node in walk(body):
        if isinstance(node, ir.Await) and isinstance(node.value, ir.Call):
            found.add(id(node.value))
    return found


def _observed(survey: Survey, defects: list[Finding]) -> tuple[int, int]:
    effects = load_effects()
    loggers = imported(survey, effects.loggers[survey.runtime])
    monitors = imported(survey, effects.monitors[survey.runtime])
    return bool(loggers) + bool(monitors), 2


def _spawns(survey: Survey, defects: list[Finding]) -> tuple[int, int] | str:
    n = len(survey.own_sites("spawn", "fan-out"))
    return (max(0, n - len(defects)), max(n, len(defects))) if n else "it starts no goroutine"


def _joins(survey: Survey, defects: list[Finding]) -> tuple[int, int] | str:
    n = len(survey.own_sites("join"))
    return (max(0, n - len(defects)), max(n, len(defects))) if n else "it joins no promises"


def _entries(survey: Survey, defects: list[Finding]) -> tuple[int, int] | str:
    serving = [(bit, entry) for bit, entry in survey.entries if entry.kind in SERVING]
    if not serving:
        return "no entry point was found"
    mask = 0
    for finding in defects:
        mask |= survey.finding_mask(finding)
    return sum(1 for bit, _ in serving if not mask >> bit & 1), len(serving)


def _bounds(survey: Survey, defects: list[Finding]) -> tuple[int, int] | str:
    if survey.runtime == "node":
        return _entries(survey, defects)
    missing = sum(1 for finding in defects if finding.rule == "missing-timeout")
    n = sum(
        1
        for path in survey.paths
        for function in survey.program.files[path].functions
        if function.body is not None
        for composite in survey.program.golang.body((path, function.index)).composites
        if isinstance(composite.type, ir.TName) and composite.type.name in _TIMED
    )
    n = max(n, missing)
    return (n - missing, n) if n else "it makes no HTTP server or client of its own"


_TIMED = {"http.Server", "http.Client"}


def _hygiene(survey: Survey, defects: list[Finding]) -> tuple[int, int] | str:
    figures = component_figures(survey.program, survey.component)
    if figures is None or not figures.direct:
        return "no direct dependency is declared"
    flagged = len({(f.location.path, f.location.line) for f in defects})
    return max(0, figures.direct - flagged), figures.direct


def _images(survey: Survey, defects: list[Finding]) -> tuple[int, int] | str:
    if not survey.component.dockerfile:
        return "no Dockerfile was found for it"
    mine = [f for f in defects if f.location.path == survey.component.dockerfile]
    return (0 if mine else 1), 1


_LINTERS = ("eslint.config.", ".eslintrc", "biome.json", ".oxlintrc", "tslint.json", ".golangci.")


def _consistency(survey: Survey, defects: list[Finding]) -> tuple[int, int]:
    """Tests, a linter's configuration and, for Node.js, strict types: what there is of them."""
    workspace, root = survey.program.workspace, survey.component.root
    homes = {root, ""}
    tests = any(
        file.role == "test" and (not root or file.path.startswith(f"{root}/"))
        for file in workspace.files
    )
    linted = any(
        path.rpartition("/")[0] in homes and path.rpartition("/")[2].startswith(_LINTERS)
        for path in workspace.tree
    )
    if survey.runtime == "go":
        return tests + linted, 2
    strict = any(config.strict and config.root in homes for config in workspace.tsconfigs)
    return tests + linted + strict, 3


_COUNTS: dict[str, Count] = {
    "errors.handled": _handled,
    "errors.observed": _observed,
    "concurrency.goroutines": _spawns,
    "concurrency.bounded": _joins,
    "latency.blocking-twin": _entries,
    "latency.bounds": _bounds,
    "memory.bounds": _entries,
    "dependencies.hygiene": _hygiene,
    "artefact.image": _images,
    "team.consistency": _consistency,
}
