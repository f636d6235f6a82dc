"""Why a package is installed: the shortest chain to each of its versions."""

from __future__ import annotations

from collections import deque

import msgspec

from archlint.program.dependencies.tree import Tree


class Chain(msgspec.Struct, frozen=True, order=True):
    """A chain of ``name@version`` from a package.json down to the package asked for."""

    manifest: str
    steps: tuple[str, ...]


def why(tree: Tree, name: str) -> tuple[Chain, ...]:
    """For each installed version of ``name`` every direct dependency's shortest chain to it."""
    chains: dict[tuple[str, str], Chain] = {}
    for direct, key in sorted(tree.direct.items()):
        if key is None:
            continue
        for steps in _paths(tree, key, name):
            labels = tuple(tree.label(step) for step in steps)
            first = labels[0] if labels[0].startswith(direct) else f"{direct} ({labels[0]})"
            chain = Chain(tree.package.path, (first, *labels[1:]))
            known = chains.setdefault((direct, labels[-1]), chain)
            if len(chain.steps) < len(known.steps):
                chains[direct, labels[-1]] = chain
    return tuple(
        sorted(chains.values(), key=lambda chain: (chain.steps[-1], len(chain.steps), chain))
    )


def _paths(tree: Tree, start: str, name: str) -> list[list[str]]:
    """Breadth first from one direct dependency: the first way to each key of that name."""
    came: dict[str, str] = {start: ""}
    queue = deque([start])
    found: list[list[str]] = []
    packages = tree.lockfile.packages if tree.lockfile else {}
    while queue:
        key = queue.popleft()
        if key in packages and packages[key].name == name:
            steps = [key]
            while came[steps[-1]]:
                steps.append(came[steps[-1]])
            found.append(steps[::-1])
        for below in tree.below(key):
            if below not in came:
                came[below] = key
                queue.append(below)
    return found
