"""What go.mod says about a file."""

from __future__ import annotations

from archlint.model.workspace import GoModule
from archlint.program.program import Program


def module_of(program: Program, path: str) -> GoModule | None:
    """The module that holds a file: the one with the deepest folder."""
    best: GoModule | None = None
    for module in program.workspace.go_modules:
        inside = not module.root or path.startswith(module.root + "/")
        if inside and (best is None or len(module.root) > len(best.root)):
            best = module
    return best


def go_version(program: Program, path: str) -> tuple[int, int] | None:
    """Major and minor of go.mod's go line; (1, 16) when it has none, None without a go.mod."""
    module = module_of(program, path)
    if module is None:
        return None
    parts = module.go_version.split(".")
    if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit():
        return int(parts[0]), int(parts[1])
    return 1, 16
