"""Whether one entry point's work may hold up the others."""

from __future__ import annotations

from archlint.knowledge.suitability import load_model
from archlint.model.finding import Context, Finding
from archlint.suitability.evidence import entry_evidence, site_evidence
from archlint.suitability.signals.observed import NO_ENTRIES, Observed, ratio, unknown
from archlint.suitability.signals.workload import clarity, compute_sites
from archlint.suitability.sites import Site
from archlint.suitability.survey import Survey

_GUIDE = {name: spec.guide for name, spec in load_model().signals.items()}


def blocking(survey: Survey) -> Observed:
    """``latency.blocking``: entry points that reach work which would hold up an event loop.

    A synchronous call that has an asynchronous twin is practice and counts nothing here.
    """
    if not survey.n:
        return unknown(NO_ENTRIES)
    sites = [*_held(survey), *compute_sites(survey)]
    value, k, n = ratio(survey.union(sites), survey)
    sure = survey.union(s for s in sites if s.reliability == "high").bit_count()
    return Observed(
        value,
        f"{k} of {n} entry points may hold up others"
        if k
        else f"none of {n} entry points holds up others by its structure",
        k=k,
        n=n,
        reliability=clarity(survey) if not k else "high" if sure * 2 >= k else "medium",
        evidence=site_evidence(survey, "latency.blocking", "go", sites, _GUIDE["latency.blocking"]),
    )


def is_structural(finding: Finding) -> bool:
    """Whether a blocking call has no asynchronous form, so that only a move can help."""
    return finding.rule == "blocking-call" and not finding.evidence.get("twin")


def _held(survey: Survey) -> list[Site]:
    """Blocking calls that have no asynchronous form, as sites."""
    found = []
    for finding in survey.findings("blocking-call"):
        if not is_structural(finding):
            continue
        ident = survey.ground.function_at(finding.location.path, finding.location.line)
        if ident is None or not survey.reached_by(ident):
            continue
        words = "a blocking call without an asynchronous form"
        at = survey.program.files[ident[0]].line_starts[finding.location.line - 1]
        label = finding.trace[-1].label if finding.trace else finding.rule
        found.append(Site(ident, at, at, "blocking", words, label, finding.confidence.value))
    return found


def short(survey: Survey) -> Observed:
    """``latency.short``: request entry points whose handlers have no reason to take long."""
    serving = [(bit, e) for bit, e in survey.entries if e.kind is Context.REQUEST]
    if not serving:
        return unknown("no request entry point was found")
    long = survey.union([*compute_sites(survey), *_held(survey), *survey.sites("loops")])
    k = sum(1 for bit, _ in serving if not long >> bit & 1)
    n = len(serving)
    return Observed(
        k / n,
        f"{k} of {n} request handlers have bounded loops and no heavy work",
        k=k,
        n=n,
        reliability="low" if clarity(survey) == "low" else "medium",
        evidence=entry_evidence(
            survey,
            "latency.short",
            "node",
            f"{k} of {n} request handlers are short",
            lambda bit, entry: entry.kind is Context.REQUEST and not long >> bit & 1,
        ),
    )
