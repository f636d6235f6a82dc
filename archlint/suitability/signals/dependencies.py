"""What the component depends on: the size of the tree, and ties to the runtime's frameworks."""

from __future__ import annotations

from archlint.knowledge.suitability import load_effects, load_model
from archlint.model.suitability import Evidence
from archlint.program.dependencies import Figures, component_figures
from archlint.suitability.signals.observed import Observed, unknown
from archlint.suitability.signals.workload import belongs
from archlint.suitability.survey import Survey

_GUIDE = {name: spec.guide for name, spec in load_model().signals.items()}


def tree(survey: Survey) -> Observed:
    """``dependencies.tree``: how near the tree comes to what the model calls large.

    A large tree speaks for Go on Node.js; on Go a small one does.
    """
    figures = component_figures(survey.program, survey.component)
    if figures is None or figures.transitive is None:
        return unknown("no lockfile says what production installs")
    at = load_model().scales[f"tree.{survey.runtime}"]
    size = min(1.0, max(0.0, (figures.transitive - at.low) / (at.high - at.low)))
    value = size if survey.runtime == "node" else 1.0 - size
    says = _figures(figures)
    return Observed(
        round(value, 4),
        says,
        evidence=(
            Evidence(
                signal="dependencies.tree",
                text=says[:1].upper() + says[1:],
                path=figures.lockfile or figures.manifest,
                line=0,
                leans="go" if value >= 0.5 else "",
                guide=_GUIDE["dependencies.tree"],
            ),
        ),
    )


def _figures(figures: Figures) -> str:
    parts = [f"{figures.direct} direct and {figures.transitive} installed dependencies"]
    if figures.depth:
        parts.append(f"{figures.depth} deep")
    if figures.duplicates:
        parts.append(f"{len(figures.duplicates)} in several versions")
    if figures.native_addons:
        parts.append(f"{len(figures.native_addons)} native add-ons")
    return ", ".join(parts)


def lock_in(survey: Survey) -> Observed:
    """``dependencies.lock-in``: the share of files that a framework or mapper runs through.

    It speaks for the runtime that the component already has: this is what porting would touch.
    """
    names = load_effects().frameworks[survey.runtime]
    touched = _files(survey, names)
    units = len({path.rpartition("/")[0] for path in survey.paths})
    n = units if survey.runtime == "go" else len(survey.paths)
    if not n:
        return unknown("no source file belongs to it")
    k = len({path for files in touched.values() for path in files})
    top = sorted(touched, key=lambda name: (-len(touched[name]), name))[:4]
    what = "packages" if survey.runtime == "go" else "files"
    says = (
        f"{k} of {n} {what} build on {', '.join(top)}"
        if top
        else f"no framework or mapper runs through its {n} {what}"
    )
    evidence: tuple[Evidence, ...] = ()
    if top:
        first = min(touched[top[0]]) if survey.runtime == "node" else ""
        evidence = (
            Evidence(
                signal="dependencies.lock-in",
                text=f"What porting would touch: {says}",
                path=first,
                line=1 if first else 0,
                leans=survey.runtime,
                reliability="medium",
                guide=_GUIDE["dependencies.lock-in"],
            ),
        )
    return Observed(
        round(min(1.0, k / n), 4),
        says,
        k=k,
        n=n,
        reliability="medium",
        direction="go" if survey.runtime == "go" else "node",
        evidence=evidence,
    )


def _files(survey: Survey, names: tuple[str, ...]) -> dict[str, set[str]]:
    prefix = "go:" if survey.runtime == "go" else "npm:"
    found: dict[str, set[str]] = {}
    for linked in survey.program.linked:
        for edge in linked.modules:
            if edge.type_only or not edge.target.startswith(prefix):
                continue
            module = edge.target[len(prefix) :]
            for name in names:
                if module == name or module.startswith((f"{name}/", f"{name}.")):
                    if belongs(survey, edge.source):
                        found.setdefault(name, set()).add(edge.source)
                    break
    return found
