"""What ships, and where it runs."""

from __future__ import annotations

from archlint.discovery.docker import Dockerfile, Image, parse_dockerfile, parse_image
from archlint.knowledge.suitability import load_effects, load_model
from archlint.model.errors import ManifestError
from archlint.model.suitability import Evidence
from archlint.suitability.signals.observed import Observed, unknown
from archlint.suitability.survey import Survey

_GUIDE = {name: spec.guide for name, spec in load_model().signals.items()}


def size(survey: Survey) -> Observed:
    """``artefact.size``: what the final image carries beside the application.

    On Node.js the runtime and its tree ship in any case; on Go the smaller the base, the more it
    bears out what the guide says of Go.
    """
    recipe = _recipe(survey)
    if recipe is None:
        return unknown("no Dockerfile was found for it")
    final = recipe.lineage(recipe.stages[-1])[-1]
    image = parse_image(final.base)
    staged = len(recipe.stages) > 1
    name = final.base or "an unnamed base"
    if survey.runtime == "go":
        value, says = _go_image(image, name)
    else:
        value = 0.5 if image.is_slim else 0.75
        value += 0.0 if staged else 0.25
        says = f"ships the runtime on {name}, {'in several stages' if staged else 'one stage'}"
    evidence = Evidence(
        signal="artefact.size",
        text=says[:1].upper() + says[1:],
        path=recipe.path,
        line=final.line,
        leans="go",
        guide=_GUIDE["artefact.size"],
    )
    return Observed(value, says, evidence=(evidence,))


def _go_image(image: Image, name: str) -> tuple[float, str]:
    if image.is_static:
        return 1.0, f"a static binary on {name}"
    if image.is_golang:
        return 0.0, f"ships the Go toolchain with {name}"
    return (0.75 if image.is_slim else 0.25), f"a binary on {name}"


def _recipe(survey: Survey) -> Dockerfile | None:
    path = survey.component.dockerfile
    text = survey.program.workspace.documents.get(path)
    if not path or text is None:
        return None
    try:
        return parse_dockerfile(path, text)
    except ManifestError:
        return None


def managed(survey: Survey) -> Observed:
    """``artefact.managed``: files of a platform that already provides the runtime."""
    names = set(load_effects().managed)
    root = survey.component.root
    found = sorted(
        path
        for path in survey.program.workspace.documents
        if path.rpartition("/")[2] in names and path.rpartition("/")[0] == root
    )
    if not found:
        return Observed(0.0, "no managed platform's file", reliability="low")
    evidence = Evidence(
        signal="artefact.managed",
        text=f"Runs on a managed platform: {', '.join(found)}",
        path=found[0],
        line=1,
        leans="node",
        reliability="low",
        guide=_GUIDE["artefact.managed"],
    )
    return Observed(
        1.0, f"managed platform: {', '.join(found)}", reliability="low", evidence=(evidence,)
    )
