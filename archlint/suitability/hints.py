"""Suggested answers that the repo gives; never applied by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.knowledge.suitability import load_effects
from archlint.model.suitability import Cadence, Evidence, Hint, Signal
from archlint.program.program import Program
from archlint.suitability.cadence import cadence_hint, cadence_words

_ILLUSTRATES = 0.3
"""A value that neither supports a statement nor contradicts it."""


def hints_of(program: Program, cadence: Cadence) -> dict[str, Hint]:
    """Suggestions by question; empty where neither the code nor its history says anything."""
    found = (_shared_types(program), cadence_hint(cadence))
    return {hint.question: hint for hint in found if hint is not None}


def _shared_types(program: Program) -> Hint | None:
    """One language for both ends, where a front end lies beside the code."""
    names = set(load_effects().interface)
    found = [
        (package.path, name)
        for package in program.workspace.packages
        for name in sorted({*package.dependencies, *package.dev_dependencies} & names)
    ]
    typed = sum(1 for f in program.files.values() if f.language in {"typescript", "tsx"})
    if not found:
        return None
    path, name = min(found)
    kind = "TypeScript" if typed else "JavaScript"
    text = f"a {name} front end in {kind} lies in the same repo"
    evidence = Evidence(
        signal="team.shared-types", text=text, path=path, line=1, leans="node", guide=(14, 111, 154)
    )
    return Hint(question="team.main_language", value="js-ts", text=text, evidence=(evidence,))


def hint_signals(hints: Mapping[str, Hint], cadence: Cadence) -> dict[str, Signal]:
    """What hints rest on as signals without weight, for the statements that they illustrate."""
    known = cadence.commits is not None
    says = cadence_words(cadence)
    signals = {
        "growth.cadence": Signal(
            id="growth.cadence",
            dimension="",
            direction="node",
            weight=0,
            reliability=0,
            value=_ILLUSTRATES if known else None,
            says=says if known else "",
            why_unknown="" if known else says,
            guide=(16, 160),
            evidence=hints["growth.pattern"].evidence if "growth.pattern" in hints else (),
        )
    }
    hint = hints.get("team.main_language")
    if hint is not None:
        signals["team.shared-types"] = Signal(
            id="team.shared-types",
            dimension="",
            direction="node",
            weight=0,
            reliability=0,
            value=_ILLUSTRATES,
            says=hint.text,
            guide=(14, 111, 154),
            evidence=hint.evidence,
        )
    return signals
