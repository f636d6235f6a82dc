"""Production code imports a package that is declared for development only.

Why it matters: an image or host that installs with `--omit=dev` (or NODE_ENV=production) lacks it,
and the process dies at the first import.
What to do: move it to `dependencies`; if the import is only needed while developing, guard it.
Guide: a service ships with the installed packages of its dependency tree (L125).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.knowledge.dependencies import implicit
from archlint.model.finding import Confidence, Hop, Report, Severity
from archlint.model.location import line_of
from archlint.model.workspace import Component, Package
from archlint.program.dependencies import dependency_place
from archlint.program.dependencies.loading import loaded
from archlint.program.dependencies.mentions import is_run_script, mentioned
from archlint.program.dependencies.uses import Use, is_erased, uses
from archlint.program.program import Program
from archlint.rules.dependencies._manifests import (
    DEPLOYED,
    Tone,
    allowed,
    manifest_report,
    node_packages,
)
from archlint.rules.registry import rule

_BUNDLERS = frozenset(
    {
        "webpack", "esbuild", "rollup", "vite", "parcel", "tsup", "@vercel/ncc", "ncc", "tsdown",
        "rolldown", "@rspack/core", "microbundle", "pkgroll", "unbuild", "bunup", "next", "nuxt",
        "serverless-esbuild", "serverless-webpack", "serverless-bundle", "@angular/cli", "bun",
        "@rsbuild/core", "@remix-run/dev", "@react-router/dev", "@sveltejs/kit", "astro",
    }
)  # fmt: skip
"""What may put imported packages into the output, so that they need not be installed."""


_RUNNERS = ("ts-node", "tsx", "ts-node-dev", "nodemon", "@babel/node", "babel-node", "vite-node")
"""What starts sources as they are."""


@rule(
    "misplaced-dependency",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    languages=("javascript", "typescript"),
    needs="modules",
)
def misplaced_dependency(program: Program) -> Iterator[Report]:
    """One report a package, at its declaration, with the import as trace."""
    found = uses(program)
    for package, component in node_packages(program, DEPLOYED):
        production = {
            **package.peer_dependencies,
            **package.optional_dependencies,
            **package.dependencies,
        }
        elsewhere = _above(program, package)
        for name in sorted(package.dev_dependencies):
            placed = name in production or name in elsewhere or name in implicit().hosts
            if placed or allowed(program, name):
                continue
            items = found.imports.get(package.path, {}).get(name, [])
            needed = [use for use in items if _needed(program, component, use)]
            if needed:
                yield _report(program, package, name, needed)


def _needed(program: Program, component: Component, use: Use) -> bool:
    """A run-time import at a module's top level in code that the component's entries load."""
    if use.role != "production" or not use.at_run_time or use.edge.lazy:
        return False
    runs = (use.edge.path or use.edge.source) in _loaded(program, component)
    return runs and not is_erased(program, use.edge, metadata=False)


def _loaded(program: Program, component: Component) -> frozenset[str]:
    """The files that the component's entry files import, directly or through others."""
    memo: dict[str, frozenset[str]] = program.memo.setdefault("dependencies.loaded", {})
    if component.name not in memo:
        memo[component.name] = loaded(program, component.mains)
    return memo[component.name]


def _starts_with_tools(package: Package) -> bool:
    """Whether a start script runs by a devDependency: what develops is installed there, too."""
    lines = " ".join(line for name, line in package.scripts.items() if is_run_script(name))
    return any(mentioned(lines, name) for name in _RUNNERS if name in package.dev_dependencies)


def _above(program: Program, package: Package) -> set[str]:
    """What package.json files above this one install for production."""
    found: set[str] = set()
    for other in program.workspace.packages:
        if package.root != other.root and (
            not other.root or package.root.startswith(f"{other.root}/")
        ):
            found.update(other.dependencies, other.optional_dependencies)
    return found


def _report(program: Program, package: Package, name: str, needed: list[Use]) -> Report:
    edge = needed[0].edge
    path = edge.path or edge.source
    line = line_of(program.files[path], edge.at)
    bundled = bool(_BUNDLERS & {*package.dependencies, *package.dev_dependencies})
    tool = name in implicit().tools or name.startswith(implicit().tool_prefixes)
    unsure = bundled or tool or name.startswith("@types/") or _starts_with_tools(package)
    return manifest_report(
        program,
        dependency_place(program, package.path, name),
        f"{name} is a devDependency, but {path} imports it at run time",
        name,
        Tone(
            confidence=Confidence.LOW if unsure else None,
            evidence={"imports": len(needed), "hop": Hop(path, line, f"imports {name}").label},
        ),
    )
