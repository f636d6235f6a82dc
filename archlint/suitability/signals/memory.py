"""What entry points hold in memory: whole payloads, and state that may grow."""

from __future__ import annotations

from archlint.knowledge.suitability import load_model
from archlint.model.suitability import Evidence
from archlint.suitability.evidence import site_evidence
from archlint.suitability.signals.observed import NO_ENTRIES, Observed, ratio, unknown
from archlint.suitability.survey import Survey

_GUIDE = {name: spec.guide for name, spec in load_model().signals.items()}
GROWTH_RULES = ("unbounded-cache", "unbounded-cache-go", "listener-leak")


def whole_payload(survey: Survey) -> Observed:
    """``memory.whole-payload``: entry points that read payloads whole."""
    if not survey.n:
        return unknown(NO_ENTRIES)
    sites = survey.sites("payload")
    value, k, n = ratio(survey.union(sites), survey)
    return Observed(
        value,
        f"{k} of {n} entry points read a payload whole",
        k=k,
        n=n,
        reliability="medium",
        evidence=site_evidence(
            survey, "memory.whole-payload", "go", sites, _GUIDE["memory.whole-payload"]
        ),
    )


def growth(survey: Survey) -> Observed:
    """``memory.growth``: entry points that reach state which may grow without bound."""
    if not survey.n:
        return unknown(NO_ENTRIES)
    if not survey.ground.ran.intersection(GROWTH_RULES):
        return unknown("none of the rules that look for it ran")
    found = survey.findings(*GROWTH_RULES)
    mask = 0
    for finding in found:
        mask |= survey.finding_mask(finding)
    value, k, n = ratio(mask, survey)
    evidence = tuple(
        Evidence(
            signal="memory.growth",
            text=f"Possible growth: {finding.message}",
            path=finding.location.path,
            line=finding.location.line,
            leans="go",
            reliability="low",
            trace=finding.trace,
            guide=_GUIDE["memory.growth"],
            entry_points=survey.finding_mask(finding).bit_count(),
            finding=finding.fingerprint,
        )
        for finding in found[:5]
    )
    return Observed(
        value,
        f"{k} of {n} entry points reach state that may grow",
        k=k,
        n=n,
        reliability="low",
        evidence=evidence,
    )
