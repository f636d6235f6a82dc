"""What the entry points do: compute, wait, or work through batches."""

from __future__ import annotations

from archlint.knowledge.suitability import load_effects, load_model
from archlint.model.finding import Context, EntryPoint
from archlint.suitability.evidence import entry_evidence, site_evidence
from archlint.suitability.signals.observed import NO_ENTRIES, Observed, ratio, unknown
from archlint.suitability.sites import Site
from archlint.suitability.survey import Survey

STRAY = 3
"""From so many heavy places on that nothing is seen to reach, the share is unknown."""
_TIMERS = ("every ", "after ", "setinterval", "settimeout", "timer", "ticker", "time.")
PURE = ("db", "http", "cache", "queue", "mail", "file", "net")
"""Effects that are waiting for someone else and nothing besides."""
WAITING = (*PURE, "payload", "stream", "connection")
_GUIDE = {name: spec.guide for name, spec in load_model().signals.items()}


def compute_sites(survey: Survey) -> list[Site]:
    """Reached sites of heavy work on the calling thread, findings of unbounded work included."""
    found = [s for s in survey.sites("cpu") if s.where == "loop" and s.reliability != "low"]
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
    stray = [s for s in survey.stray_sites("cpu") if s.where == "loop"]
    if len(stray) >= STRAY and len(stray) > len(sites):
        return unknown(
            f"heavy work in {len(stray)} places that no entry point was seen to reach: "
            + ", ".join(sorted({site.words for site in stray}))
        )
    value, k, n = ratio(survey.union(sites), survey)
    sure = survey.union(s for s in sites if s.reliability == "high").bit_count()
    words = sorted({site.words for site in sites})
    says = f"{k} of {n} entry points reach heavy work"
    return Observed(
        value,
        f"{says}: {', '.join(words)}" if words else f"none of {n} entry points reaches heavy work",
        k=k,
        n=n,
        reliability=clarity(survey) if not k else "high" if sure * 2 >= k else "medium",
        evidence=site_evidence(survey, "workload.cpu", "go", sites, _GUIDE["workload.cpu"]),
    )


def io(survey: Survey) -> Observed:
    """``workload.io``: of the entry points whose effects are known, those that only wait.

    An entry point of which nothing is known is no evidence either way; many of them make the signal
    less reliable.
    """
    if not survey.n:
        return unknown(NO_ENTRIES)
    waiting = survey.sites(*WAITING)
    heavy = survey.union(compute_sites(survey))
    known = _known(survey).bit_count()
    if not known:
        return unknown(
            "no entry point was seen to reach a database, a service, files or computation"
        )
    mask = survey.union(waiting) & ~heavy
    k = mask.bit_count()
    shown = [s for s in survey.sites(*PURE) if survey.reached_by(s.function) & mask]
    open_ = f", of {survey.n - known} nothing is known" if known < survey.n else ""
    return Observed(
        k / known,
        f"{k} of {known} entry points mostly wait for others{open_}",
        k=k,
        n=known,
        reliability=clarity(survey),
        evidence=site_evidence(survey, "workload.io", "node", shown, _GUIDE["workload.io"]),
    )


def _known(survey: Survey) -> int:
    """The entry points (a mask) of which some effect is known."""
    return survey.union(survey.sites(*WAITING, *_OTHER)) | survey.union(compute_sites(survey))


def clarity(survey: Survey) -> str:
    """How sure a "none of them" is: by the share of entry points of which some effect is known."""
    seen = _known(survey).bit_count() / survey.n
    return "high" if seen >= 0.5 else "medium" if seen >= 0.2 else "low"


_OTHER = ("hash", "parallel", "fan-out")


def batch(survey: Survey) -> Observed:
    """``workload.batch``: the share of entry points that are consumers or scheduled jobs.

    A goroutine that runs for as long as the process counts half: it may be a worker or a watcher.
    """
    if not survey.n:
        return unknown(NO_ENTRIES)
    jobs = sum(1 for bit, entry in survey.entries if _is_job(bit, entry))
    loops = sum(1 for _, e in survey.entries if e.label.startswith("goroutine "))
    used = _libraries(survey)
    if used and not jobs:
        says = f"imports {', '.join(used)}, but no consumer was found"
        return Observed(loops / 2 / survey.n, says, k=loops, n=survey.n, reliability="low")
    says = f"{jobs} of {survey.n} entry points are consumers or scheduled jobs"
    if loops:
        says += f", {loops} long-running goroutines"
    shown = "1 consumer or scheduled job" if jobs == 1 else f"{jobs} consumers or scheduled jobs"
    return Observed(
        round((jobs + loops / 2) / survey.n, 4),
        says,
        k=jobs,
        n=survey.n,
        reliability="medium" if jobs or not loops else "low",
        evidence=entry_evidence(survey, "workload.batch", "go", shown, _is_job),
    )


def _is_job(_bit: int, entry: EntryPoint) -> bool:
    """Whether the entry point consumes a queue or runs on a schedule; plain timers do not."""
    timed = entry.label.lower().startswith((*_TIMERS, "goroutine "))
    return entry.kind is Context.BACKGROUND and not timed


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
