"""What the dependency rules share: the manifests they judge and how they report on them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archlint.model.finding import Confidence, Related, Report, Severity
from archlint.model.location import Location
from archlint.model.workspace import Component, GoModule, Package
from archlint.program.program import Program
from archlint.rules.reporting import file_report

MAC_ONLY = frozenset({"fsevents"})
"""Installed on the machines of developers alone."""
SHIPPED = frozenset({"service", "worker", "cli", "library", "frontend"})
"""Kinds of components that leave the repo; tools, examples and tests do not."""
DEPLOYED = frozenset({"service", "worker", "cli"})
"""Kinds whose production dependencies are installed where they run."""


def component_of(program: Program, manifest: str) -> Component | None:
    """The component that a manifest describes; of several the weightiest kind."""
    order = ("service", "worker", "cli", "frontend", "library", "tool", "test")
    found = [c for c in program.workspace.components if c.manifest == manifest]
    return min(found, key=lambda c: (order.index(c.kind), c.name), default=None)


def node_packages(
    program: Program, kinds: frozenset[str] = SHIPPED
) -> Iterator[tuple[Package, Component]]:
    """The package.json files whose component is of one of ``kinds``."""
    for package in sorted(program.workspace.packages, key=lambda item: item.path):
        component = component_of(program, package.path)
        if component is not None and component.kind in kinds:
            yield package, component


def go_modules(program: Program) -> Iterator[GoModule]:
    """The go.mod files that something shipped is built from."""
    for module in sorted(program.workspace.go_modules, key=lambda item: item.path):
        component = component_of(program, module.path)
        if component is not None and component.kind in SHIPPED:
            yield module


def allowed(program: Program, name: str) -> bool:
    """Whether the configuration exempts a package from the dependency rules."""
    return name in program.config.dependencies.allow


class Tone(msgspec.Struct, frozen=True, kw_only=True):
    """How a manifest report differs from its rule's defaults."""

    severity: Severity | None = None
    confidence: Confidence | None = None
    advice: str = ""
    related: tuple[Related, ...] = ()
    evidence: dict[str, str | int | float | bool | None] = {}


def manifest_report(
    program: Program, place: Location, message: str, key: str, tone: Tone | None = None
) -> Report:
    """A report at a place in a manifest, lockfile or image recipe."""
    report = file_report(program, place, message, key)
    component = component_of(program, place.path)
    tone = tone or Tone()
    return msgspec.structs.replace(
        report,
        component=component.name if component else report.component,
        severity=tone.severity,
        confidence=tone.confidence,
        advice=tone.advice,
        related=tone.related,
        evidence=tone.evidence,
    )


def listing(items: list[str], limit: int = 4) -> str:
    """``a, b and 3 more``."""
    if len(items) <= limit:
        return " and ".join(filter(None, (", ".join(items[:-1]), items[-1] if items else "")))
    return f"{', '.join(items[:limit])} and {len(items) - limit} more"
