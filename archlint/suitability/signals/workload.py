"""What the entry points do: compute, wait, or work through batches."""

from __future__ import annotations

from archlint.knowledge.suitability import load_effects, load_model
from archlint.model.finding import Context, EntryPoint
from archlint.suitability.signals.observed import NO_ENTRIES, Observed, ratio, unknown
from archlint.suitability.sites import Site
from archlint.suitability.survey import Survey

_TIMERS = ("every ", "after ", "setinterval", "settimeout", "timer", "ticker", "time.")
WAITING = ("db", "http", "cache", "queue", "mail", "file", "net")
_GUIDE = {name: spec.guide for name, spec in load_model().signals.items()}


def compute_sites(survey: Survey) -> list[Site]:
    """Reached sites of heavy work on the calling thread, findings of unbounded work included."""
    found = [site for site in survey.sites("cpu") if site.where == "loop"]
    for finding in survey.findings("cpu-bound-handler"):
        ident = survey.ground.function_at(finding.location.path, finding.location.line)
        if ident is None or not survey.reached_by(ident):
            continue
        at = survey.program.files[ident[0]].line_starts[finding.location.line - 1]
        found.append(
            Site(ident, at, at, "cpu", "unbounded computation", _callee(finding.trace), "medium")
        )
    return found


def _callee(trace: tuple[object, ...]) -> str:
    return str(getattr(trace[-1], "label", "")) if trace else "computation"


def cpu(survey: Survey) -> Observed:
    """``workload.cpu``: entry points that reach heavy work which is not moved elsewhere."""
    if not survey.n:
        return unknown(NO_ENTRIES)
    sites = compute_sites(survey)
    value, k, n = ratio(survey.union(sites), survey)
    sure = survey.union(s for s in sites if s.reliability == "high").bit_count()
    words = sorted({site.words for site in sites})
    says = f"{k} of {n} entry points reach heavy work"
    return Observed(
        value,
        f"{says}: {', '.join(words)}" if words else f"none of {n} entry points reaches heavy work",
        k=k,
        n=n,
        reliability="high" if sure * 2 >= k else "medium",
        evidence=survey.evidence("workload.cpu", "go", sites, _GUIDE["workload.cpu"]),
    )


def io(survey: Survey) -> Observed:
    """``workload.io``: entry points whose effects are waiting for others, without heavy work."""
    if not survey.n:
        return unknown(NO_ENTRIES)
    waiting = survey.sites(*WAITING)
    mask = survey.union(waiting) & ~survey.union(compute_sites(survey))
    value, k, n = ratio(mask, survey)
    shown = [site for site in waiting if survey.reached_by(site.function) & mask]
    return Observed(
        value,
        f"{k} of {n} entry points mostly wait for others",
        k=k,
        n=n,
        evidence=survey.evidence("workload.io", "node", shown, _GUIDE["workload.io"]),
    )


def batch(survey: Survey) -> Observed:
    """``workload.batch``: the share of entry points that are consumers or scheduled jobs."""
    if not survey.n:
        return unknown(NO_ENTRIES)

    def is_batch(_bit: int, entry: EntryPoint) -> bool:
        return entry.kind is Context.BACKGROUND and not is_timer(entry)

    k = sum(1 for bit, entry in survey.entries if is_batch(bit, entry))
    used = _libraries(survey)
    value = k / survey.n
    if used and not k:
        says = f"imports {', '.join(used)}, but no consumer was found"
        return Observed(0.0, says, k=0, n=survey.n, reliability="low")
    return Observed(
        value,
        f"{k} of {survey.n} entry points are consumers or scheduled jobs",
        k=k,
        n=survey.n,
        reliability="medium",
        evidence=survey.entry_evidence(
            "workload.batch", "go", f"{k} consumers or scheduled jobs", is_batch
        ),
    )


def is_timer(entry: EntryPoint) -> bool:
    """Whether the entry point is a plain timer, no job."""
    return entry.label.lower().startswith(_TIMERS)


def _libraries(survey: Survey) -> list[str]:
    names = load_effects().batch[survey.runtime]
    return imported(survey, names)


def imported(survey: Survey, names: tuple[str, ...]) -> list[str]:
    """Which of these packages the component's production files import at run time."""
    prefix = "go:" if survey.runtime == "go" else "npm:"
    found: set[str] = set()
    for linked in survey.program.linked:
        for edge in linked.modules:
            if edge.type_only or not edge.target.startswith((prefix, "node:")):
                continue
            if not belongs(survey, edge.source):
                continue
            module = edge.target.split(":", 1)[1]
            found.update(
                name
                for name in names
                if module == name or module.startswith((f"{name}/", f"{name}."))
            )
    return sorted(found)


def belongs(survey: Survey, source: str) -> bool:
    """Whether an import's source (a file, or a Go package folder) is the component's."""
    return source in survey.path_set or (survey.runtime == "go" and source in survey.folders)
