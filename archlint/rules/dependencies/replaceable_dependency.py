"""A direct dependency does what the platform or a few lines of code do by now.

Why it matters: it is one more package to trust, update and load, for nothing that the engines in
use lack.
What to do: use the replacement that the message names. `[dependencies] replace` adds a team's own
rules, `allow` exempts packages.
Guide: a standard library that covers common needs keeps dependency trees small (L121, L122).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.config import Denied
from archlint.knowledge.dependencies import (
    Replacement,
    go_replacements,
    replacement_gaps,
    replacements,
)
from archlint.model.finding import Confidence, Report, Severity
from archlint.model.pattern import lazy_regex
from archlint.model.workspace import GoModule, Package
from archlint.program.dependencies import dependency_place, line_place
from archlint.program.dependencies.gomodules import go_version
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    Tone,
    allowed,
    go_modules,
    listing,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

OLDEST_SUPPORTED = (20, 0)
"""Node.js that is assumed where `engines` says nothing."""
_LOWEST = lazy_regex(r"(\d+)(?:\.(\d+|x|\*))?")


@rule(
    "replaceable-dependency",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript", "go"),
    needs="modules",
)
def replaceable_dependency(program: Program) -> Iterator[Report]:
    """Denied modules and native replacements are warnings; what replaces in part only is a note."""
    own = {item.module: item for item in program.config.dependencies.replace}
    denied = {item.module: item for item in program.config.dependencies.deny}
    for package, _ in node_packages(program):
        for name in sorted({**package.optional_dependencies, **package.dependencies}):
            if allowed(program, name):
                continue
            key = f"npm:{name}"
            verdict = _configured(denied.get(key), own.get(key)) or _known(package, name)
            if verdict:
                place = dependency_place(program, package.path, name)
                yield manifest_report(program, place, f"{name} {verdict[0]}", name, verdict[1])
    for module in go_modules(program):
        yield from _go(program, module, denied, own)


def _configured(denied: Denied | None, own: Denied | None) -> tuple[str, Tone] | None:
    if denied is not None:
        return _phrase("must not be used", denied), Tone(severity=Severity.ERROR)
    if own is not None:
        return _phrase("should be replaced", own), Tone(severity=Severity.WARNING)
    return None


def _phrase(verb: str, item: Denied) -> str:
    use = f": use {listing(list(item.use))}" if item.use else ""
    return f"{verb}{use}{f' ({item.reason})' if item.reason else ''}"


def _known(package: Package, name: str) -> tuple[str, Tone] | None:
    table = replacements()
    lowest = engine(package)
    native = table.native.get(name)
    if native is not None and native.node and _version(native.node) <= lowest:
        since = f"Node.js since {native.node}"
        lacks = replacement_gaps().get(name)
        if lacks:
            message = f"does in part what {since} does: {native.use} ({lacks})"
            return message, _tone(native, Severity.NOTE)
        return f"is part of {since}: use {native.use}", _tone(native, Severity.WARNING)
    micro = table.micro.get(name)
    if micro is not None and micro.use:
        hint = micro.use[0].lower() + micro.use[1:].rstrip(".")
        return f"is a few lines of code: {hint}", _tone(micro, Severity.NOTE)
    return None


def _tone(item: Replacement, severity: Severity) -> Tone:
    return Tone(severity=severity, advice=f"see {item.url}" if item.url else "")


def engine(package: Package) -> tuple[int, int]:
    """The lowest Node.js that a package.json's `engines` admits."""
    wish = package.engines.get("node", "")
    found: list[tuple[int, int]] = []
    for option in wish.split("||"):
        match = _LOWEST.search(option)
        if match and not option.strip().startswith("<"):
            minor = match[2] if match[2] and match[2].isdigit() else "0"
            found.append((int(match[1]), int(minor)))
    return min(found, default=OLDEST_SUPPORTED)


def _version(text: str) -> tuple[int, int]:
    parts = [int(part) for part in text.split(".") if part.isdigit()]
    return (parts[0], parts[1] if len(parts) > 1 else 0) if parts else (10**6, 0)


def _go(
    program: Program, module: GoModule, denied: dict[str, Denied], own: dict[str, Denied]
) -> Iterator[Report]:
    replaced = {item.module for item in module.replaces}
    for item in module.requires:
        if item.indirect or item.module in replaced or allowed(program, item.module):
            continue
        if _is_about(module, item.module):
            continue
        key = f"go:{item.module}"
        verdict = _configured(denied.get(key), own.get(key)) or _go_known(
            program, module, item.module
        )
        if verdict:
            place = line_place(program, module.path, item.line)
            yield manifest_report(
                program, place, f"{item.module} {verdict[0]}", item.module, verdict[1]
            )


def _is_about(module: GoModule, name: str) -> bool:
    """Whether a module is there for another: ``otellogrus``, ``instrumentation/gorilla/mux``."""
    base = re.sub(r"/v\d+$", "", name).rpartition("/")[2]
    own = module.module.partition("/")[2].split("/")
    return base in own[:-1] or (own[-1] != base and own[-1].endswith(base))


def _go_known(program: Program, module: GoModule, name: str) -> tuple[str, Tone] | None:
    known = go_replacements().get(re.sub(r"/v\d+$", "", name)) or go_replacements().get(name)
    if known is None:
        return None
    since = tuple(int(part) for part in known.go.split("."))
    if go_version(module) < since:
        return None
    if name == "golang.org/x/exp" and not _std_in_exp(program, module):
        return None
    note = f" ({known.note})" if known.note else ""
    return f"has a successor: {known.use}{note}", Tone(severity=Severity.NOTE)


def _std_in_exp(program: Program, module: GoModule) -> bool:
    """Whether the packages of x/exp that moved to the standard library are imported."""
    moved = {f"go:golang.org/x/exp/{name}" for name in ("slices", "maps", "slog", "constraints")}
    prefix = f"{module.root}/" if module.root else ""
    return any(
        edge.target in moved and edge.source.startswith(prefix)
        for linked in program.linked
        for edge in linked.modules
    )
