"""The major version of a package that a file's component uses, from its manifest."""

from __future__ import annotations

from archlint.model.pattern import lazy_regex
from archlint.model.workspace import Package
from archlint.program.program import Program

_NUMBER = lazy_regex(r"(\d+)")


def major(program: Program, path: str, name: str) -> int | None:
    """The lowest major version that the nearest manifest naming the package admits.

    None when no manifest above the file names it, or its range has no number.
    """
    for package in _above(program, path):
        for table in (
            package.dependencies,
            package.optional_dependencies,
            package.peer_dependencies,
            package.dev_dependencies,
        ):
            if name in table:
                match = _NUMBER.search(table[name].rpartition("@")[2])
                return int(match.group(1)) if match else None
    return None


def depends_on(program: Program, path: str, names: tuple[str, ...]) -> bool:
    """Whether a manifest above the file has one of the packages among its dependencies."""
    return any(name in package.dependencies for package in _above(program, path) for name in names)


def _above(program: Program, path: str) -> list[Package]:
    """The manifests in the folders above a file, the nearest first."""
    found = [
        package
        for package in program.workspace.packages
        if not package.root or path.startswith(package.root + "/")
    ]
    return sorted(found, key=lambda package: (-len(package.root), package.path))
