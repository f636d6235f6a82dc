"""A module that much of the code imports and that itself imports much of the code.

Why it matters: every change runs through it, every test loads it, and everything in the program
hangs together through it; merge conflicts gather there.
What to do: split it by reason to change: what others import of it mostly falls into a few groups.
Guide: structure is what keeps long-running services easy to reason about (L114, L141).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.finding import Confidence, Report, Severity
from archlint.model.location import Location
from archlint.program.architecture import ModuleMetrics, metrics
from archlint.program.program import Program
from archlint.rules.registry import rule
from archlint.rules.reporting import file_report

FAN_IN, FAN_OUT, LINES = 15, 15, 400
"""Smallest values that count; all three must be reached."""


@rule(
    "god-module",
    severity=Severity.NOTE,
    confidence=Confidence.MEDIUM,
    languages=("javascript", "typescript", "go"),
    needs="modules",
)
def god_module(program: Program) -> Iterator[Report]:
    """One report a module; barrels and wiring modules import much but hold little code."""
    for module, found in metrics(program).items():
        if found.fan_in < FAN_IN or found.fan_out < FAN_OUT:
            continue
        lines, path = _size(program, module)
        if lines >= LINES:
            yield file_report(program, Location(path), _message(found, lines), module)


def _message(found: ModuleMetrics, lines: int) -> str:
    return (
        f"{found.module}: {found.fan_in} modules import it, it imports {found.fan_out}, "
        f"and it has {lines} lines"
    )


def _size(program: Program, module: str) -> tuple[int, str]:
    """Lines of a file or of a package's production files, and the file to point to."""
    if module in program.files:
        return program.files[module].lines, module
    paths = sorted(
        path
        for path in program.files
        if (path.rpartition("/")[0] or ".") == module and program.roles.get(path) == "production"
    )
    lines = sum(program.files[path].lines for path in paths)
    largest = max(paths, key=lambda path: (program.files[path].lines, path), default=module)
    return lines, largest
