"""Suggested answers that the code gives; never applied by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.knowledge.suitability import load_effects
from archlint.model.suitability import Evidence, Hint, Signal
from archlint.program.program import Program


def hints_of(program: Program) -> dict[str, Hint]:
    """Suggestions by question; empty where the code says nothing."""
    names = set(load_effects().interface)
    found = [
        (package.path, name)
        for package in program.workspace.packages
        for name in sorted({*package.dependencies, *package.dev_dependencies} & names)
    ]
    typed = sum(1 for f in program.files.values() if f.language in {"typescript", "tsx"})
    if not found:
        return {}
    path, name = min(found)
    kind = "TypeScript" if typed else "JavaScript"
    text = f"a {name} front end in {kind} lies in the same repo"
    evidence = Evidence(
        signal="team.shared-types", text=text, path=path, line=1, leans="node", guide=(14, 111, 154)
    )
    return {
        "team.main_language": Hint(
            question="team.main_language", value="js-ts", text=text, evidence=(evidence,)
        )
    }


def hint_signals(hints: Mapping[str, Hint]) -> dict[str, Signal]:
    """Hints as signals without weight, for the statements that they can illustrate."""
    hint = hints.get("team.main_language")
    if hint is None:
        return {}
    return {
        "team.shared-types": Signal(
            id="team.shared-types",
            dimension="",
            direction="node",
            weight=0,
            reliability=0,
            value=0.3,
            says=hint.text,
            guide=(14, 111, 154),
            evidence=hint.evidence,
        )
    }
