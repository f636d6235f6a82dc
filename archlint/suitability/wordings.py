"""The verdict in words: why, what would change it, what to do and what to measure."""

from __future__ import annotations

import msgspec

from archlint.knowledge.suitability import Model
from archlint.model.suitability import Sensitivity, Verdict, VerdictKind
from archlint.suitability.verdict import Case, decide, firmness_of, title_of


class Withheld(msgspec.Struct, frozen=True):
    """What the guard withheld and why, and why signals are unknown."""

    verdicts: tuple[VerdictKind, ...] = ()
    why: str = ""
    unknowns: tuple[str, ...] = ()


_NAMES = {"node": "Node.js", "go": "Go"}


def verdict_of(
    case: Case,
    sensitivity: Sensitivity,
    model: Model,
    notes: Withheld | None = None,
) -> Verdict:
    """The verdict of a case with its texts."""
    notes = notes or Withheld()
    held = notes.verdicts
    kind, step = decide(case, model.thresholds, held)
    subject = case.candidate if kind in {"extract", "isolate"} else ""
    concerned = kind in {"mismatch", "extract", "isolate", "reconsider"}
    lists = model.remedies.go if case.runtime == "go" else model.remedies.node
    measure = model.measure.go if case.runtime == "go" else model.measure.node
    return Verdict(
        kind=kind,
        title=title_of(kind, case, subject, model),
        reason=reason_of(kind, case, model),
        step=step,
        firmness=firmness_of(sensitivity.stability, model.thresholds),
        stability=sensitivity.stability,
        subject=subject,
        stepped_down_from=held[0] if held else "",
        step_down_reason=notes.why,
        remedies=lists if concerned else (),
        measure=measure if concerned or kind == "fits-with-changes" else (),
        changes=_changes(kind, sensitivity, notes.unknowns),
    )


def reason_of(kind: VerdictKind, case: Case, model: Model) -> str:
    """One or two sentences that say which step of the list held, with its numbers."""
    at = model.thresholds
    cpu = "An unknown share" if case.cpu_share is None else f"{case.cpu_share:.0%}"
    runtime = _NAMES[case.runtime]
    if kind == "insufficient-evidence":
        return _thin(case, model)
    if kind == "mismatch":
        return (
            f"{cpu} of the entry points may reach computation on the event loop, the code leans "
            f"to Go ({case.lean:+.2f}), and no separable part holds most of that demand."
        )
    if kind == "extract":
        return (
            f"{cpu} of the entry points may reach computation on the event loop; most of it lies "
            f"in {case.candidate}, which is separable (priority {case.priority:.2f}, from "
            f"{at.extract_priority:.2f} on)."
        )
    if kind == "isolate":
        return (
            f"{cpu} of the entry points may reach computation on the event loop; the rest fits "
            f"{runtime}. Moving that work off the loop is the smaller step."
        )
    if kind == "reconsider":
        return "The answered context and the code both lean to Node.js."
    changes = ""
    if kind == "fits-with-changes":
        n = case.request_defects
        changes = f" {n} fixable defect{'' if n == 1 else 's'} may be met by a request."
    if case.kind == "cli":
        return (
            "A command serves no one else while it works, so the guide's points about load do not "
            f"apply to it.{changes}"
        )
    if abs(case.lean) < at.band:
        return f"Nothing in the shape of the work asks for the other runtime.{changes}"
    towards = "go" if case.lean > 0 else "node"
    if towards == case.runtime:
        return f"The shape of the work is what the guide uses {runtime} for.{changes}"
    return (
        f"The shape of the work would also suit {_NAMES[towards]}, but nothing in it asks for a "
        f"change of runtime.{changes}"
    )


def _thin(case: Case, model: Model) -> str:
    at = model.thresholds
    if case.kind == "library":
        return "A library has no entry points of its own: its workload is that of its callers."
    if case.resolved < at.min_resolved:
        return (
            f"Only {case.resolved:.0%} of files, imports or calls could be read and resolved "
            f"(needs {at.min_resolved:.0%})."
        )
    return (
        f"Only {case.coverage:.0%} of the evidence that the model weighs could be observed "
        f"(needs {at.min_coverage:.0%})."
    )


def _changes(
    kind: VerdictKind, sensitivity: Sensitivity, unknowns: tuple[str, ...]
) -> tuple[str, ...]:
    """What would give another verdict, the nearest first; at most three lines."""
    if kind == "insufficient-evidence" and unknowns:
        return tuple(f"Missing: {why}." for why in unknowns[:3])
    found: list[str] = []
    if sensitivity.fixes:
        fixes = sensitivity.fixes
        found.append(f"{'; '.join(fixes.fixes)}: then {_words(fixes.verdict)}")
    found.extend(
        f"{sweep.question} = {sweep.value}: then {_words(sweep.verdict)}"
        for sweep in sensitivity.sweeps
        if sweep.flips
    )
    found.extend(
        f"{flip.signal}, if observed at {flip.value:.0%}: then {_words(flip.verdict)}"
        for flip in sensitivity.flips
    )
    if not found and kind != "not-assessed":
        found.append("No single fix, answer or unknown would; only other code or other load would.")
    return tuple(found[:3])


def _words(kind: VerdictKind) -> str:
    return kind.replace("-", " ")
