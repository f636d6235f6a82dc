"""The verdict: an ordered decision list, and the guard against over-claiming."""

from __future__ import annotations

import msgspec

from archlint.knowledge.suitability import Model, Thresholds
from archlint.model.suitability import Firmness, Verdict, VerdictKind

STRONG: tuple[VerdictKind, ...] = ("mismatch", "extract", "reconsider")
"""Verdicts that ask for a rewrite of something; the guard looks at these."""

ASSESSED = ("service", "worker", "cli", "library")
"""Kinds of component that can have a verdict at all."""


class Case(msgspec.Struct, frozen=True):
    """All that the decision list looks at; shares in [0, 1], None for unknown.

    ``resolved`` is the smallest of the shares of files parsed, imports and calls resolved.
    ``cpu_sure`` is the part of ``cpu_share`` that rests on high-reliability sites.
    ``candidates_cover`` is the share of the CPU demand that the candidates hold.
    ``request_defects`` counts practice defects that a request or background entry point meets.
    ``context_high`` is the context interval's upper bound, None while nothing is answered.
    """

    runtime: str
    kind: str
    lean: float
    coverage: float
    resolved: float
    cpu_share: float | None
    cpu_sure: float = 0.0
    candidate: str = ""
    priority: float = 0.0
    candidates_cover: float = 0.0
    request_defects: int = 0
    context_high: float | None = None
    strong_sites: int = 0
    strong_files: int = 0


Decision = tuple[VerdictKind, int]
"""A verdict and the step of the list that gave it."""


def decide(case: Case, at: Thresholds, withheld: tuple[VerdictKind, ...] = ()) -> Decision:
    """The first verdict of the list that holds and is not withheld."""
    if case.resolved < at.min_resolved or case.coverage < at.min_coverage:
        return "insufficient-evidence", 1
    found = _go_step(case, at, withheld) if case.runtime == "go" else _node_step(case, at, withheld)
    if found is not None:
        return found
    return ("fits-with-changes", 5) if case.request_defects else ("fits", 6)


def _node_step(case: Case, at: Thresholds, withheld: tuple[VerdictKind, ...]) -> Decision | None:
    """Steps 2 to 4; only components that serve others can be held up."""
    cpu = case.cpu_share or 0.0
    if case.kind not in {"service", "worker"} or not (case.cpu_sure or cpu >= at.isolate_share):
        return None
    dominated = cpu >= at.mismatch_cpu and case.lean >= at.band
    if dominated and case.candidates_cover < at.mismatch_candidates and "mismatch" not in withheld:
        return "mismatch", 2
    if case.candidate and case.priority >= at.extract_priority and "extract" not in withheld:
        return "extract", 3
    return "isolate", 4


def _go_step(case: Case, at: Thresholds, withheld: tuple[VerdictKind, ...]) -> Decision | None:
    """Go is reconsidered only when the answered context and the code both lean away from it."""
    if "reconsider" in withheld or case.context_high is None:
        return None
    if case.context_high <= -at.band and case.lean <= -at.band:
        return "reconsider", 2
    return None


def withheld(case: Case, kind: VerdictKind, stability: float, at: Thresholds) -> str:
    """Why the guard withholds a strong verdict, "" when it lets it pass."""
    if kind not in STRONG:
        return ""
    if stability < at.strong_stability:
        return f"only {stability:.0%} of the seeded runs agree (needs {at.strong_stability:.0%})"
    if case.strong_sites < at.strong_sites or case.strong_files < at.strong_files:
        return (
            f"rests on {case.strong_sites} high-reliability sites in {case.strong_files} files "
            f"(needs {at.strong_sites} in {at.strong_files})"
        )
    return ""


def firmness_of(stability: float, at: Thresholds) -> Firmness:
    """The word for a stability."""
    if stability >= at.firm:
        return "firm"
    return "leaning" if stability >= at.leaning else "contested"


def title_of(kind: VerdictKind, case: Case, subject: str, model: Model) -> str:
    """The verdict's headline; in the middle band it says that either runtime would do.

    Not of a command: the band comes from points about load, which do not apply to it.
    """
    texts = model.verdicts[kind]
    template = texts.go if case.runtime == "go" else texts.node
    title = template.replace("{subject}", subject or "the computation")
    if kind.startswith("fits") and case.kind != "cli" and abs(case.lean) < model.thresholds.band:
        title += "; either runtime would do"
    return title


def not_assessed(kind: str, runtime: str, model: Model, reason: str = "") -> Verdict:
    """The verdict of a component that is no back end (or holds no code)."""
    text = model.verdicts["not-assessed"]
    article = "an" if kind[:1] in "aeiou" else "a"
    return Verdict(
        kind="not-assessed",
        title=text.go if runtime == "go" else text.node,
        reason=reason or f"The guide is about back ends; this is {article} {kind} component.",
        step=0,
        firmness="contested",
        stability=0.0,
    )
